import { isSocket } from '../../protocol/dialects.ts';
import type { Conversation } from '../conversation/conversation.ts';
import { conversationsIn, type RecordedPlay } from '../conversation/recorded-play.ts';
import { headerOf } from '../invariants/shared/header-of.ts';
import type { SessionSummary } from './report.ts';

/** The connections and calls of a play, for the report; not what was only told before a client made any. */
export function sessionsOf(play: RecordedPlay): readonly SessionSummary[] {
  const { name } = play;
  return conversationsIn(play)
    .filter(hasCrossed)
    .map((conversation): SessionSummary => {
      const { session, serverClose, clientClose, moments } = conversation;
      const code = (serverClose ?? clientClose)?.event.code;
      const sent = moments.at(-1)?.audio;
      const audioMs = recordingMs(conversation) ?? sent?.ms;
      const audioBytes = audioMs === undefined ? sent?.byteCount : undefined;
      return {
        name: `${name}/${session}`,
        play: name,
        session,
        ...(code === undefined ? {} : { closeCode: code }),
        audioMs: Math.round(audioMs ?? 0),
        ...(audioBytes === undefined ? {} : { audioBytes }),
      };
    });
}

/** What an observer adds to a trace, without anything on the wire. */
const TOLD: ReadonlySet<string> = new Set(['context', 'report', 'note']);

function hasCrossed({ moments }: Conversation): boolean {
  return moments.some(({ event }) => !TOLD.has(event.kind));
}

/** The length of a recording that is the body of a call; undefined where there is none, or nothing is known of it. */
function recordingMs({ dialect, request, context }: Conversation): number | undefined {
  const { audio } = context;
  if (dialect === undefined || isSocket(dialect) || audio === undefined) return undefined;
  const byteCount = Number(headerOf(request?.event.headers, 'content-length'));
  return byteCount > 0 ? byteCount / audio.bytesPerMs : undefined;
}
