import type { Conversation, Heard } from '../../../conversation/conversation.ts';
import type { ServerMessage } from '../../../conversation/read-message.ts';
import type { Occasion, Play } from '../../../judge/invariant.ts';
import { aftermathOf, survived } from '../../shared/aftermath.ts';
import { fieldsAskedFor, strangeFields } from '../messages/strange-fields.ts';
import type { Realtime } from '../realtime.ts';

const EXPECTED = 'a client that goes on';

/** How a client reacted to a message with an unknown type or unknown fields. */
export function* undisturbed(realtime: Realtime, play: Play, message: Heard): Iterable<Occasion> {
  const isPlain = IS_PLAIN.get(message.message.kind);
  const aftermath = aftermathOf(realtime, play, message);
  yield* survived(realtime, play, message, aftermath, {
    expected: EXPECTED,
    events: [message.index],
    ...(isPlain === undefined ? {} : { isPlain }),
  });
}

/** Messages of a kind that a client should know, without anything unknown in them. */
const IS_PLAIN: ReadonlyMap<ServerMessage['kind'], (message: Heard, conversation: Conversation) => boolean> =
  new Map(
    (['partial', 'final', 'confirmation', 'error', 'unreadable'] as const).map((kind) => [
      kind,
      ({ message }: Heard, { query }: Conversation) =>
        message.kind === kind &&
        strangeFields(kind, message.fields ?? {}, fieldsAskedFor(query)).length === 0,
    ]),
  );
