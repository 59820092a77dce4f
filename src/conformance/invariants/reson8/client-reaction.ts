import type { Heard } from '../../conversation.ts';
import type { Occasion, Play } from '../../invariant.ts';
import { aftermathOf, survived } from '../aftermath.ts';
import { strangeFields } from './strange-fields.ts';
import type { Realtime } from './realtime.ts';

const EXPECTED = 'a client that goes on';

/** What became of a client after a message with a type or fields that it does not know. */
export function* undisturbed(realtime: Realtime, play: Play, message: Heard): Iterable<Occasion> {
  const { kind } = message.message;
  const isPlain =
    kind === 'other'
      ? undefined
      : (each: Heard) =>
          each.message.kind === kind && strangeFields(kind, each.message.fields ?? {}).length === 0;
  const aftermath = aftermathOf(realtime, play, message);
  yield* survived(realtime, play, message, aftermath, {
    expected: EXPECTED,
    events: [message.index],
    ...(isPlain === undefined ? {} : { isPlain }),
  });
}
