import type { SessionSummary } from './report.ts';

type Audio = Pick<SessionSummary, 'audioMs' | 'audioBytes'>;

/** How much audio it is, in words: seconds, and bytes of which no one can say how long they take (A24). */
export function audioAmount({ audioMs, audioBytes }: Audio): string {
  const seconds = `${(audioMs / 1000).toFixed(1)} s`;
  if (audioBytes === undefined) return seconds;
  const bytes = `${audioBytes} bytes`;
  return audioMs === 0 ? bytes : `${seconds} and ${bytes}`;
}

/** The audio of several sessions. */
export function audioOfAll(sessions: readonly Audio[]): Audio {
  const audioMs = sessions.reduce((sum, each) => sum + each.audioMs, 0);
  const audioBytes = sessions.reduce((sum, each) => sum + (each.audioBytes ?? 0), 0);
  return { audioMs, ...(audioBytes === 0 ? {} : { audioBytes }) };
}
