import type { SessionSummary } from './report.ts';
import { conversationsIn, type RecordedPlay } from '../conversation/recorded-play.ts';

/** The connections and calls of a play, for the report. */
export function sessionsOf(play: RecordedPlay): readonly SessionSummary[] {
  const { name } = play;
  return conversationsIn(play).map((conversation): SessionSummary => {
    const { session, serverClose, clientClose, moments } = conversation;
    const code = (serverClose ?? clientClose)?.event.code;
    return {
      name: `${name}/${session}`,
      play: name,
      session,
      ...(code === undefined ? {} : { closeCode: code }),
      audioMs: Math.round(moments.at(-1)?.audio.ms ?? 0),
    };
  });
}
