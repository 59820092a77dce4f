import { audio, heard } from '../../../play.ts';
import {
  ALL,
  CONFIDENCE,
  FULL,
  INTERIM,
  session,
  SMALL,
  TIMES,
  transcript,
  without,
  WORDS,
  withWords,
  type Case,
} from './building.ts';

const AUDIO = audio(4000);
const small = (query: string, more: Record<string, unknown> = {}) =>
  session(query, AUDIO, heard({ ...SMALL, ...more }));
const full = (change: Record<string, unknown> = {}) => session(ALL, AUDIO, heard({ ...FULL, ...change }));
const NOTHING = session(ALL, AUDIO);
const WORD = { text: 'hello' };
const wordOf = (query: string, word: unknown) =>
  session(`${WORDS}&${query}`, AUDIO, transcript('hello', { words: [word] }));

/** The fields of a transcript and of its words. The transcript is event 4. */
export const FIELD_CASES: readonly Case[] = [
  {
    id: 'R8-MSG-001',
    held: full(),
    broken: session('', AUDIO, heard({ text: 'hello' })),
    actual: 'type: nothing',
    silent: NOTHING,
  },
  {
    id: 'R8-MSG-002',
    held: full(),
    broken: session('', AUDIO, heard({ type: 'final', text: 'hello' })),
    actual: 'type: "final"',
    silent: session('', AUDIO, heard({ text: 'hello' })),
  },
  { id: 'R8-TR-001', held: full(), broken: small('', { text: 7 }), actual: 'text: 7', silent: NOTHING },
  {
    id: 'R8-TR-002',
    held: full(),
    broken: small(INTERIM, { is_final: 'true' }),
    actual: 'is_final: "true"',
    silent: small(''),
  },
  {
    id: 'R8-TR-003',
    held: small(''),
    broken: small('', { is_final: true }),
    actual: 'is_final: true, which was not asked for',
    silent: full(),
  },
  {
    id: 'R8-TR-005',
    held: full(),
    broken: small(TIMES, { start_ms: 0, duration_ms: '1200' }),
    actual: 'duration_ms: "1200"',
    silent: small(''),
  },
  {
    id: 'R8-TR-006',
    held: small(''),
    broken: small('', { start_ms: 0 }),
    actual: 'start_ms: 0',
    silent: full(),
  },
  {
    id: 'R8-TR-007',
    held: full(),
    broken: small(WORDS, { words: {} }),
    actual: 'words: {}',
    silent: small(''),
  },
  { id: 'R8-TR-008', held: small(''), broken: small('', { words: [] }), actual: 'words: []', silent: full() },
  {
    id: 'R8-TR-009',
    held: full(),
    broken: small(TIMES, { start_ms: -100, duration_ms: 200 }),
    actual: 'start_ms: -100',
    silent: small(''),
  },
  { id: 'R8-TR-012', held: full(), broken: small('', { text: ' ' }), actual: 'text: " "', silent: NOTHING },
  {
    id: 'R8-W-001',
    held: full(),
    broken: wordOf('', { text: null }),
    actual: 'text: null',
    silent: small(''),
  },
  {
    id: 'R8-W-002',
    held: full(),
    broken: session(ALL, AUDIO, heard(withWords((word) => without(word, 'duration_ms')))),
    actual: 'duration_ms: nothing',
    silent: wordOf('', WORD),
  },
  {
    id: 'R8-W-003',
    held: wordOf('', WORD),
    broken: wordOf('', { ...WORD, start_ms: 1 }),
    actual: 'start_ms: 1, which was not asked for',
    silent: full(),
  },
  {
    id: 'R8-W-004',
    held: full(),
    broken: wordOf(CONFIDENCE, WORD),
    actual: 'confidence: nothing',
    silent: wordOf('', WORD),
  },
  {
    id: 'R8-W-005',
    held: wordOf('', WORD),
    broken: wordOf('', { ...WORD, confidence: 0.5 }),
    actual: 'confidence: 0.5, which was not asked for',
    silent: full(),
  },
  {
    id: 'R8-W-006',
    held: full(),
    broken: wordOf(CONFIDENCE, { ...WORD, confidence: 1.2 }),
    actual: 'confidence: 1.2',
    silent: wordOf('', WORD),
  },
].map((each) => ({ evidence: [4], ...each }));
