import { describe, expect, test } from 'vitest';
import { BYTES_PER_MS } from '../audio.ts';
import type { Received } from '../clients/client.ts';
import { RULES, violations, type History } from './rules.ts';

type Fields = Record<string, unknown>;

const loading: Fields = { state: 'loading' };
const listening: Fields = { state: 'listening' };
const partial = (text: string, offset_ms: number, stability = 0.6): Fields => ({
  text,
  is_final: false,
  offset_ms,
  stability,
});
const final = (text: string, offset_ms: number, words: unknown): Fields => ({
  text,
  is_final: true,
  offset_ms,
  words,
});
const TWO = [
  [' hi', 0, 200, 0.9],
  [' there', 200, 500, 0.8],
];
const ONE = [[' bye', 0, 300, 1]];

/** Two segments as they should be, when 10 s of audio have been sent. */
const GOOD: readonly Fields[] = [
  loading,
  listening,
  partial('hi', 100),
  partial('hi there', 100, 0.7),
  final('hi there', 100, TWO),
  partial('bye', 2000),
  final('bye', 2000, ONE),
];

function received(text: string, kind: Received['kind'] = 'text'): Received {
  const bytes = Buffer.from(text);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  return { kind, bytes, text, json, audioBytes: 10_000 * BYTES_PER_MS };
}

const history = (messages: readonly (Fields | string)[]): History => ({
  messages: messages.map((message) =>
    received(typeof message === 'string' ? message : JSON.stringify(message)),
  ),
  audioMs: (audioBytes) => audioBytes / BYTES_PER_MS,
});

/** GOOD with some messages replaced, by their index. */
const but = (changes: Readonly<Record<number, Fields | string>>) =>
  history(GOOD.map((message, i) => changes[i] ?? message));
const plus = (...more: readonly (Fields | string)[]) => history([...GOOD, ...more]);

const BROKEN: Readonly<Record<string, readonly History[]>> = {
  'SX-MSG-001': [plus('hello'), plus('[]'), { messages: [received('{"state":"loading"}', 'binary')] }],
  'SX-MSG-002': [plus({}), but({ 0: { ...loading, error: 'x' } })],
  schema: [but({ 4: { is_final: true } })],
  'SX-STATE-001': [but({ 0: { state: 1 } })],
  'SX-STATE-002': [but({ 0: { state: 'connected' } })],
  'SX-STATE-003': [history([listening, loading])],
  'SX-STATE-004': [history([partial('hi', 0), loading])],
  'SX-STATE-005': [plus(listening)],
  'SX-STR-014': [history([partial('hi', 0), listening])],
  'SX-PART-001': [but({ 2: { ...partial('', 100), text: 1 } })],
  'SX-PART-002': [but({ 2: { ...partial('hi', 100), is_final: 'no' } })],
  'SX-PART-003': [but({ 2: partial('hi', 100.5) })],
  'SX-PART-004': [
    but({ 2: partial('hi', 100, 1.1) }),
    but({ 2: { text: 'hi', is_final: false, offset_ms: 100 } }),
  ],
  'SX-PART-005': [but({ 2: partial('hi', -1) })],
  'SX-PART-006': [but({ 2: partial(' ', 100) })],
  'SX-PART-008': [history([final('hi there', 100, TWO)])],
  'SX-PART-009 SX-FIN-013': [but({ 3: partial('hi there', 101) }), but({ 6: final('bye', 2001, ONE) })],
  'SX-PART-010': [but({ 5: partial('bye', 50), 6: final('bye', 50, ONE) })],
  'SX-PART-011 (the fake only grows)': [but({ 2: partial('ho', 100) })],
  'SX-PART-013': [plus(partial('hi', 100))],
  'SX-PART-014': [plus(partial('hi', 10_001))],
  'SX-FIN-001': [but({ 4: { ...final('', 100, TWO), text: null } })],
  'SX-FIN-003': [but({ 4: { ...final('hi there', 100, TWO), offset_ms: '100' } })],
  'SX-FIN-004': [but({ 4: { text: 'hi there', is_final: true, offset_ms: 100 } })],
  'SX-FIN-005': [but({ 6: final('bye', 2000, [[' bye', 0, 300]]) })],
  'SX-FIN-006': [but({ 6: final('bye', 2000, [[' bye', 0, 300.5, 1]]) })],
  'SX-FIN-007': [but({ 6: final('bye', 2000, [[' bye', 0, 300, 1.5]]) })],
  'SX-FIN-008': [but({ 6: final('bye', 2000, [[' bye', 0, -1, 1]]) })],
  'SX-FIN-009': [
    but({
      4: final('hi there', 100, [
        [' hi', 0, 300, 1],
        [' there', 200, 500, 1],
      ]),
    }),
  ],
  'SX-FIN-010': [but({ 4: final('hi you', 100, TWO) })],
  'SX-FIN-011 (relative to offset_ms, from its first word)': [
    but({ 6: final('bye', 2000, [[' bye', 1, 300, 1]]) }),
  ],
  'SX-FIN-012': [but({ 6: final('bye', 2000, [[' bye', 0, 8001, 1]]) })],
  'SX-FIN-014 SX-FIN-016': [plus(final('bye', 2000, ONE))],
  'SX-FIN-015': [plus(final('bye', 1000, ONE))],
  'SX-FIN-017 (the fake: at most 15 words)': [plus(partial('a b c d e f g h i j k l m n o p', 3000))],
  'SX-FIN-018 (the fake: at most 30 s)': [but({ 6: final('bye', 2000, [[' bye', 0, 30_001, 1]]) })],
  'SX-FIN-019': [but({ 6: { ...final('bye', 2000, ONE), speaker: 1 } })],
  'SX-FIN-022': [but({ 6: final('bye', 2000, []) })],
  'SX-FIN-023': [
    but({
      4: final('hi there', 100, [
        [' hi', 0, 200, 1],
        [' there', 200, 1901, 1],
      ]),
    }),
  ],
  'SX-ERR-001': [plus({ error: '' }), plus({ error: null })],
  'SX-ERR-002': [plus({ error: 'x' }, partial('x', 3000))],
  'compact JSON': [but({ 0: '{"state": "loading"}' })],
  'words are spelled as in S0:63': [but({ 6: final('bye', 2000, [['bye', 0, 300, 1]]) })],
  'every segment begins with a partial': [history([...GOOD.slice(0, 5), final('bye', 2000, ONE)])],
  'stability begins at 0.6 and never falls (S0:79-82)': [
    but({ 2: partial('hi', 100, 0.5) }),
    but({ 2: partial('hi', 100, 0.9) }),
  ],
};

describe('the rules for what comes over a Scriptix connection', () => {
  test('accept a correct history', () => {
    expect(violations(history(GOOD))).toEqual([]);
    expect(violations(plus({ error: 'x' }))).toEqual([]);
    expect(violations(plus({ state: 'stopped' }))).toEqual([]);
  });

  test('all have a sample here that breaks them', () => {
    expect(Object.keys(BROKEN)).toEqual(Object.keys(RULES));
  });

  test.each(Object.entries(BROKEN))('%s is broken by each of its samples', (id, histories) => {
    for (const broken of histories) expect(RULES[id]?.(broken)).not.toEqual([]);
  });
});
