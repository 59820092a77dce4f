import type { TraceFact } from '../../../../../src/wire/trace.ts';
import { audio, events, heard, play, SILENCE } from '../../../play.ts';
import {
  ALL,
  FULL,
  INTERIM,
  session,
  SMALL,
  TIMES,
  transcript,
  upgrade,
  switched,
  withWords,
  WORDS,
  type Case,
} from './building.ts';

const AUDIO = audio(10_000);
const final = (
  text: string,
  start: number,
  duration: number,
  more: Record<string, unknown> = {},
): TraceFact => transcript(text, { start_ms: start, duration_ms: duration, ...more });
const finals = (...facts: readonly TraceFact[]) => session(TIMES, AUDIO, ...facts);
const full = (message: Record<string, unknown>) => session(ALL, AUDIO, heard(message));
const silence = (ms: number, ...facts: readonly TraceFact[]) =>
  play(events([upgrade(), switched(), SILENCE, audio(ms), ...facts]));
const SPOKEN = session('', AUDIO, heard(SMALL));
const shift = (byMs: number) => (word: Record<string, unknown>) => ({
  ...word,
  start_ms: Number(word['start_ms']) + byMs,
});

/** The times of what was spoken, and that results stay as they are. The audio is event 3. */
export const TIME_CASES: readonly Case[] = [
  {
    id: 'R8-TR-004',
    held: session('', AUDIO, transcript('yes'), transcript('yes please'), transcript('now then')),
    broken: session('', AUDIO, transcript('I want'), transcript('I want to'), transcript('I want to go')),
    evidence: [4, 5, 6],
    actual: 'one text that grows',
    silent: session(INTERIM, AUDIO, transcript('I', { is_final: false })),
  },
  {
    id: 'R8-TR-010',
    held: finals(final('one', 300, 700), final('two', 960, 500)),
    broken: finals(final('one', 300, 700), final('two', 900, 500)),
    evidence: [4, 5],
    actual: 'a final at 900-1400 ms after one at 300-1000 ms',
    silent: finals(final('one', 300, 700)),
  },
  {
    id: 'R8-TR-011',
    held: finals(final('yes', 300, 700), final('yes', 2100, 700)),
    broken: finals(final('yes', 300, 700), final('yes', 300, 700)),
    evidence: [4, 5],
    actual: 'a second time',
    silent: finals(final('yes', 300, 700)),
  },
  {
    id: 'R8-TR-013',
    held: silence(6000),
    broken: silence(6000, heard(SMALL)),
    evidence: [3, 4],
    actual: 'after 6000 ms of silence',
    silent: SPOKEN,
  },
  {
    id: 'R8-TR-014',
    held: finals(final('late', 9000, 1400)),
    broken: finals(final('late', 9000, 1600)),
    evidence: [4],
    actual: 'start_ms + duration_ms: 10600',
    silent: SPOKEN,
  },
  {
    id: 'R8-TR-015',
    held: session(
      `${INTERIM}&${TIMES}`,
      AUDIO,
      final('one two', 300, 700, { is_final: true }),
      final('three', 1000, 200, { is_final: false }),
    ),
    broken: session(
      `${INTERIM}&${TIMES}`,
      AUDIO,
      final('one two', 300, 700, { is_final: true }),
      final('one', 300, 200, { is_final: false }),
    ),
    evidence: [4, 5],
    actual: 'an interim at 300 ms after a final that ends at 1000 ms',
    silent: session(INTERIM, AUDIO, transcript('one', { is_final: false })),
  },
  {
    id: 'R8-W-007',
    held: full(FULL),
    broken: full(withWords((word, at) => (at === 2 ? shift(-200)(word) : word))),
    evidence: [4],
    actual: '"patient" at 1410-1860 ms, then "presented" at 1680-2180 ms',
    silent: session(WORDS, AUDIO, transcript('hello', { words: [{ text: 'hello' }] })),
  },
  {
    id: 'R8-W-008',
    held: full(FULL),
    broken: full(withWords((word, at) => (at === 5 ? shift(200)(word) : word))),
    evidence: [4],
    actual: '"pain" at 3200-3800 ms',
    silent: SPOKEN,
  },
  {
    id: 'R8-W-009',
    held: full({ ...FULL, text: 'The patient presented with chest-pain.' }),
    broken: full({ ...FULL, text: 'the patient presented without chest pain' }),
    evidence: [4],
    actual: 'words that make "the patient presented with chest pain"',
    silent: SPOKEN,
  },
  {
    id: 'R8-W-010',
    held: full(FULL),
    broken: full(withWords(shift(-1200))),
    evidence: [4],
    actual: 'the first is at 0-200 ms',
    silent: session(
      `${TIMES}&${WORDS}`,
      AUDIO,
      final('hello', 0, 500, { words: [{ text: 'hello', start_ms: 0, duration_ms: 500 }] }),
    ),
  },
];
