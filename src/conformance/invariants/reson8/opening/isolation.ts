import type { Invariant } from '../../../judge/invariant.ts';
import { foreignWords } from '../../shared/foreign-words.ts';
import { perPlay, realtimesOf } from '../realtime.ts';

/** Whether connections at the same time or in sequence each get results for their own audio only. */
export const isolation: readonly Invariant[] = [
  perPlay('R8-ISO-001', (play) =>
    foreignWords(
      play,
      realtimesOf(play).map((realtime) => ({ conversation: realtime, results: realtime.transcripts })),
    ),
  ),
];
