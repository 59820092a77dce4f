import { describe, expect, it } from 'vitest';
import { SCRIPTIX_INVARIANTS } from '../../../../src/conformance/invariants/scriptix/scriptix.ts';
import type { Play } from '../../../../src/conformance/judge/invariant.ts';
import type { TraceFact } from '../../../../src/wire/trace.ts';
import { at, audio, close, context, heard, request, response, said } from '../../play.ts';
import { end, of, partial, report } from './cases/case.ts';

/** How a service may read the documents where they are ambiguous. */
interface Reading {
  readonly name: string;
  /** A4. */
  readonly isAdvancing?: boolean;
  /** A7. */
  readonly isAbsolute?: boolean;
  /** A6. */
  readonly hasBareWords?: boolean;
}

const READINGS: readonly Reading[] = [
  { name: 'as in the example flow' },
  { name: 'with an offset that advances', isAdvancing: true },
  { name: 'with absolute word times', isAbsolute: true },
  { name: 'with bare words', hasBareWords: true },
  { name: 'with all of these', isAdvancing: true, isAbsolute: true, hasBareWords: true },
];

const SENTENCES = [
  'Good morning, this is the practice.',
  'I would like to move my appointment to the ninth of May, if you please.',
  'Yes.',
  'Yes.',
  "It's at half past ten – and the well-known Dr. Vos is there, isn't she?",
  'The line is rather bad today, so would you say the name once more for me now?',
  'Thank you.',
];
const WORD_MS = 300;
const PAUSE_MS = 700;

/** A message of a segment, and how much audio has been sent when it arrives. */
interface Arrival {
  readonly atMs: number;
  readonly message: TraceFact;
  readonly shows: string;
  readonly isFinal: boolean;
}

function arrivals({ isAdvancing, isAbsolute, hasBareWords }: Reading): readonly Arrival[] {
  const all: Arrival[] = [];
  let startMs = 600;
  for (const sentence of SENTENCES) {
    const words = sentence.split(' ');
    const endOf = (count: number) => startMs + count * WORD_MS;
    const offsetAt = (count: number) => (isAdvancing === true ? startMs + (count - 1) * WORD_MS : startMs);
    for (let count = 1; count <= words.length; count++) {
      const text = words.slice(0, count).join(' ');
      const message = partial(text, offsetAt(count), { stability: Math.min(0.6 + count / 20, 1) });
      all.push({ atMs: endOf(count), message, shows: text, isFinal: false });
    }
    const baseMs = isAbsolute === true ? startMs : 0;
    const timed = words.map((word, i) => [
      hasBareWords === true ? word : ` ${word}`,
      baseMs + i * WORD_MS,
      baseMs + (i + 1) * WORD_MS,
      0.95,
    ]);
    const message = heard({
      text: sentence,
      is_final: true,
      offset_ms: offsetAt(words.length),
      words: timed,
      ...(sentence === 'Yes.' ? {} : { speaker: 'Speaker 1' }),
    });
    all.push({ atMs: endOf(words.length), message, shows: sentence, isFinal: true });
    startMs = endOf(words.length) + PAUSE_MS;
  }
  return all;
}

/** 5 s of silence, sentences in real time with reports of the client, then stop. */
function microphone(reading: Reading): Play {
  const SILENT_MS = 5400;
  const facts: TraceFact[] = [
    request('/v2/realtime?token=redacted-1&language=en&type=quality'),
    context({ credential: 'valid', dialect: 'scriptix', audio: { bytesPerMs: 32, content: 'silence' } }),
    response(101),
    said({ action: 'start' }),
    heard({ state: 'loading' }),
    at(1500, heard({ state: 'listening' })),
    audio(SILENT_MS),
    context({ audio: { bytesPerMs: 32, content: 'speech' } }),
  ];
  let sentMs = 0;
  let finals = '';
  for (const { atMs, message, shows, isFinal } of arrivals(reading)) {
    if (atMs > sentMs) facts.push(at(atMs - sentMs, audio(atMs - sentMs)));
    sentMs = Math.max(sentMs, atMs);
    facts.push(message);
    if (isFinal) facts.push(report({ event: 'final', text: shows }));
    const text = `${finals} ${shows}`.trim();
    facts.push(report({ event: 'display', text }));
    if (isFinal) finals = text;
  }
  return of(
    ...facts,
    { kind: 'ping', from: 'server', base64: '' },
    { kind: 'pong', from: 'client', base64: '' },
    said({ action: 'stop' }),
    heard({ state: 'stopped' }),
    close('server', 1000),
    close('client', 1000),
    report({ event: 'closed', code: 1000 }),
    end('server'),
  );
}

function stream(reading: Reading): Play {
  const url = encodeURIComponent('https://example.test/a.mp3?sv=2020&sig=redacted-2');
  let lastMs = 0;
  return of(
    request(`/v2/client/redacted-1?url=${url}&language=en&type=fast`),
    context({ credential: 'valid', dialect: 'scriptix-stream', source: 'mp3' }),
    at(200, response(101)),
    heard({ state: 'loading' }),
    at(2000, heard({ state: 'listening' })),
    ...arrivals(reading).map(({ atMs, message }) => {
      const afterMs = atMs - lastMs;
      lastMs = atMs;
      return at(afterMs, message);
    }),
    close('server', 1000),
    close('client', 1000),
    end('server'),
  );
}

/** The ids with an occasion that is not held, and those with any occasion. */
function judged(play: Play) {
  const all = SCRIPTIX_INVARIANTS.map(({ id, judge }) => ({ id, occasions: [...judge(play)] }));
  return {
    wrong: all
      .filter(({ occasions }) => occasions.some(({ outcome }) => outcome !== 'held'))
      .map(({ id }) => id),
    held: all.filter(({ occasions }) => occasions.length > 0).map(({ id }) => id),
    mixed: all.flatMap(({ occasions }) => {
      const readings = new Set(occasions.flatMap(({ reading }) => reading ?? []));
      return readings.size > 1 ? [...readings] : [];
    }),
  };
}

const RESULTS = [
  ...['001', '002', '003', '004', '005', '006', '008', '009', '010', '011', '013'].map((n) => `SX-PART-${n}`),
  ...[
    '001',
    '002',
    '003',
    '004',
    '005',
    '006',
    '007',
    '008',
    '009',
    '010',
    '011',
    '013',
    '014',
    '015',
    '016',
  ].map((n) => `SX-FIN-${n}`),
  ...['SX-FIN-017', 'SX-FIN-019', 'SX-FIN-020', 'SX-FIN-022', 'SX-FIN-023'],
  ...['001', '002', '003', '004', '005', '006'].map((n) => `SX-STATE-${n}`),
  ...['SX-MSG-001', 'SX-MSG-002', 'SX-ERR-003', 'SX-CONN-004', 'SX-CONN-012', 'SX-CONN-014', 'SX-CONN-015'],
  'SX-CONN-019',
];

describe.each(READINGS)('a long conversation that conforms, $name', (reading) => {
  it('in microphone mode breaks nothing and leaves nothing unclear', () => {
    const { wrong, held, mixed } = judged(microphone(reading));

    expect(wrong).toEqual([]);
    expect(mixed).toEqual([]);
    expect(held).toEqual(
      expect.arrayContaining([
        ...RESULTS,
        ...['001', '002', '003', '004', '005', '006', '007'].map((n) => `SX-MIC-${n}`),
        ...[
          'SX-PART-007',
          'SX-PART-014',
          'SX-FIN-012',
          'SX-PART-012',
          'SX-FIN-021',
          'SX-CONN-002',
          'SX-CONN-005',
        ],
      ]),
    );
  });

  it('in stream mode breaks nothing and leaves nothing unclear', () => {
    const { wrong, held, mixed } = judged(stream(reading));

    expect(wrong).toEqual([]);
    expect(mixed).toEqual([]);
    expect(held).toEqual(
      expect.arrayContaining([
        ...RESULTS.filter((id) => id !== 'SX-FIN-020'),
        ...['001', '003', '004', '005', '006', '007', '013', '014'].map((n) => `SX-STR-${n}`),
        ...['SX-CONN-003', 'SX-CONN-020'],
      ]),
    );
  });
});
