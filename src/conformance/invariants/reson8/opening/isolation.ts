import type { Invariant } from '../../../judge/invariant.ts';
import { foreignWords } from '../../shared/foreign-words.ts';
import { perPlay, realtimesOf } from '../realtime.ts';

/** Connections at the same time, or one after the other: each gets results of its own audio and of no other's. */
export const isolation: readonly Invariant[] = [
  perPlay('R8-ISO-001', (play) =>
    foreignWords(
      play,
      realtimesOf(play).map((realtime) => ({ conversation: realtime, results: realtime.transcripts })),
    ),
  ),
];
