import { audio, heard } from '../../../play.ts';
import { final, mic, of, partial, STARTED, type Case } from './case.ts';

type Fields = Readonly<Record<string, unknown>>;

const PARTIAL = { text: 'hi how are', is_final: false, offset_ms: 1234, stability: 0.8 };
const WORDS = [
  [' hi', 0, 200, 0.95],
  [' how', 200, 400, 0.92],
];
const FINAL = { text: 'hi how', is_final: true, offset_ms: 1234, words: WORDS };
/** With the partial before it that a first final needs. */
const result = (fields: Fields) => mic(partial('hi', 1234), heard(fields));
const words = (...given: readonly unknown[]) => result({ ...FINAL, words: given });
const without = (fields: Fields, key: string) =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => name !== key));

const onPartial = (id: string, wrong: readonly Fields[], also: readonly string[] = []): Case => ({
  id,
  held: mic(heard(PARTIAL)),
  broken: wrong.map((fields) => ({ play: mic(heard(fields)), evidence: [6], also })),
  silent: mic(),
});
const onFinal = (id: string, wrong: readonly Fields[], also: readonly string[] = []): Case => ({
  id,
  held: result(FINAL),
  broken: wrong.map((fields) => ({ play: result(fields), evidence: [7], also })),
  silent: mic(heard(PARTIAL)),
});

export const FORMS: readonly Case[] = [
  onPartial('SX-PART-001', [{ ...PARTIAL, text: 7 }, without(PARTIAL, 'text')]),
  onPartial('SX-PART-002', [{ ...PARTIAL, is_final: 'false' }, without(PARTIAL, 'is_final')]),
  onPartial('SX-PART-003', [
    { ...PARTIAL, offset_ms: 1.5 },
    { ...PARTIAL, offset_ms: '1234' },
  ]),
  onPartial('SX-PART-004', [{ ...PARTIAL, stability: 1.01 }, without(PARTIAL, 'stability')]),
  onPartial('SX-PART-005', [{ ...PARTIAL, offset_ms: -1 }]),
  onPartial('SX-PART-006', [{ ...PARTIAL, text: ' ' }]),
  onFinal('SX-FIN-001', [{ ...FINAL, text: ['hi'] }]),
  onFinal('SX-FIN-002', [{ ...FINAL, is_final: 1 }]),
  onFinal('SX-FIN-003', [{ ...FINAL, offset_ms: 1234.5 }, without(FINAL, 'offset_ms')]),
  onFinal('SX-FIN-004', [without(FINAL, 'words'), { ...FINAL, words: {} }]),
  {
    id: 'SX-FIN-005',
    held: result(FINAL),
    broken: [
      { play: words([' hi', 0, 200], [' how', 200, 400, 1]), evidence: [7] },
      { play: words([' hi', 0, 200, 1, 'x'], [' how', 200, 400, 1]), evidence: [7] },
      { play: words({ word: 'hi' }, [' how', 200, 400, 1]), evidence: [7] },
    ],
    silent: words(),
  },
  {
    id: 'SX-FIN-006',
    held: result(FINAL),
    broken: [
      { play: words([7, 0, 200, 1], [' how', 200, 400, 1]), evidence: [7] },
      { play: words([' hi', '0', 200, 1], [' how', 200, 400, 1]), evidence: [7] },
      { play: words([' hi', 0, 200, null], [' how', 200, 400, 1]), evidence: [7] },
      { play: words([' hi', 0, 199.5, 1], [' how', 200, 400, 1]), evidence: [7], outcome: 'doubtful' },
    ],
    silent: words([' hi', 0, 200]),
  },
  {
    id: 'SX-FIN-007',
    held: result(FINAL),
    broken: [
      { play: words([' hi', 0, 200, 1.01], [' how', 200, 400, 1]), evidence: [7] },
      { play: words([' hi', 0, 200, -0.1], [' how', 200, 400, 1]), evidence: [7] },
    ],
    silent: words([' hi', 0, 200, '1']),
  },
  {
    id: 'SX-FIN-008',
    held: result(FINAL),
    broken: [
      { play: words([' hi', -1, 200, 1], [' how', 200, 400, 1]), evidence: [7] },
      { play: words([' hi', 0, 200, 1], [' how', 400, 300, 1]), evidence: [7] },
    ],
    silent: words([' hi', null, 200, 1]),
  },
  {
    id: 'SX-FIN-009',
    held: result(FINAL),
    broken: [
      { play: words([' hi', 0, 200, 1], [' how', 140, 400, 1]), evidence: [7] },
      { play: words([' hi', 100, 200, 1], [' how', 90, 100, 1]), evidence: [7] },
    ],
    silent: words([' hi', 0, 200, 1]),
  },
  {
    id: 'SX-FIN-010',
    held: result(FINAL),
    broken: [{ play: words([' hi', 0, 200, 1], [' who', 200, 400, 1]), evidence: [7] }],
    silent: words([7, 0, 200, 1]),
  },
  {
    id: 'SX-FIN-019',
    held: result({ ...FINAL, speaker: 'Speaker 1' }),
    broken: [
      { play: result({ ...FINAL, speaker: 1 }), evidence: [7] },
      { play: result({ ...FINAL, speaker: null }), evidence: [7] },
    ],
    silent: result(FINAL),
  },
  {
    id: 'SX-FIN-022',
    held: result(FINAL),
    broken: [{ play: words(), evidence: [7] }],
    silent: result({ ...FINAL, text: '', words: [] }),
  },
];

const hi = (offsetMs: number) => [partial('hi', offsetMs), partial('hi how', offsetMs)];
const SIX = 'one two three four five six';
const LONG = Array.from({ length: 25 }, (_, i) => `w${i}`).join(' ');

export const SEGMENTS: readonly Case[] = [
  {
    id: 'SX-PART-009',
    held: mic(...hi(100)),
    broken: [{ play: mic(partial('hi', 100), partial('hi how', 90)), evidence: [6, 7] }],
    silent: mic(partial('hi', 100), final('hi', 100)),
  },
  {
    id: 'SX-PART-010',
    held: mic(...hi(100), final('hi how', 100), partial('are', 2500)),
    broken: [{ play: mic(...hi(2500), final('hi how', 2500), partial('are', 100)), evidence: [6, 9] }],
    silent: mic(...hi(100), final('hi how', 100)),
  },
  {
    id: 'SX-PART-013',
    held: mic(...hi(100), final('hi how', 100), partial('are', 2500)),
    broken: [
      { play: mic(...hi(100), final('hi how', 100), partial('hi how', 100)), evidence: [8, 9] },
      { play: mic(...hi(100), final('hi how', 100), partial('are', 100)), evidence: [8, 9] },
    ],
    silent: mic(...hi(100), final('hi how', 100)),
  },
  {
    id: 'SX-FIN-011',
    held: mic(partial('hi', 1000), final('hi', 1000), partial('how', 3000), final('how', 3000)),
    broken: [
      {
        play: of(
          ...[...STARTED, audio(1500), partial('hi', 1000), final('hi', 1000)],
          ...[audio(1900), partial('how', 3000), final('how', 3000, {}, 3000)],
        ),
        evidence: [7, 10],
        outcome: 'doubtful',
      },
      {
        play: mic(partial('hi', 9000), final('hi', 9000, {}, 3000)),
        evidence: [7],
        outcome: 'doubtful',
        also: ['SX-FIN-012'],
      },
    ],
    silent: mic(partial('hi', 400), final('hi', 400), partial('how', 3000), final('how', 3000)),
  },
  {
    id: 'SX-FIN-013',
    held: mic(...hi(100), final('hi how', 100)),
    broken: [
      { play: mic(...hi(100), final('hi how', 50)), evidence: [7, 8] },
      {
        play: mic(partial('hi', 100), partial('hi how', 300), final('hi how', 200)),
        evidence: [7, 8],
        outcome: 'doubtful',
      },
    ],
    silent: mic(...hi(100), partial('hi how are', 100)),
  },
  {
    id: 'SX-FIN-014',
    held: mic(partial('hi'), final('hi', 100), final('how', 900)),
    broken: [
      {
        play: mic(partial('hi'), final('hi', 100), final('how', 100)),
        evidence: [7, 8],
      },
    ],
    silent: mic(partial('hi'), final('hi')),
  },
  {
    id: 'SX-FIN-015',
    held: mic(partial('hi'), final('hi', 100), final('how', 900)),
    broken: [
      {
        play: mic(partial('hi', 900), final('hi', 900), final('how', 100)),
        evidence: [7, 8],
        also: ['SX-PART-010'],
      },
    ],
    silent: mic(partial('hi'), final('hi')),
  },
  {
    id: 'SX-FIN-016',
    held: mic(partial('hi'), final('yes', 100), final('yes', 900)),
    broken: [
      {
        play: mic(partial('hi'), final('hi', 100), final('hi', 100)),
        evidence: [7, 8],
      },
    ],
    silent: mic(partial('hi'), final('hi')),
  },
  {
    id: 'SX-FIN-017',
    held: mic(...[0, 1, 2, 3, 4].flatMap((i) => [partial(SIX, 100 + i * 1500), final(SIX, 100 + i * 1500)])),
    broken: [
      { play: mic(partial('w0'), partial(LONG), partial(`${LONG} more`)), evidence: [6, 8] },
      { play: mic(partial('w0'), final(LONG)), evidence: [6, 7] },
    ],
    silent: mic(...[0, 1, 2, 3].flatMap((i) => [partial(SIX, 100 + i * 1500), final(SIX, 100 + i * 1500)])),
  },
  {
    id: 'SX-FIN-023',
    held: mic(partial('hi how', 100), final('hi how', 100), partial('are', 460), final('are', 460)),
    broken: [
      {
        play: mic(partial('hi how', 600), final('hi how', 600), partial('are', 900), final('are', 900)),
        evidence: [7, 9],
      },
    ],
    silent: mic(partial('hi how', 100), final('hi how', 100)),
  },
];
