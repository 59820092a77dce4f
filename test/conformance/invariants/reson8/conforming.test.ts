import { describe, expect, it } from 'vitest';
import { DEVIATIONS, deviationNamed } from '../../../../src/conformance/judge/deviations.ts';
import { RESON8_INVARIANTS } from '../../../../src/conformance/invariants/reson8/reson8.ts';
import type { Play } from '../../../../src/conformance/judge/invariant.ts';
import {
  at,
  audio,
  close,
  context,
  events,
  heard,
  judge,
  outcomes,
  play,
  SILENCE,
  SPEECH,
} from '../../play.ts';
import {
  ALL,
  confirmed,
  end,
  flush,
  FULL,
  session,
  switched,
  upgrade,
  withWords,
  type Facts,
} from './cases/building.ts';

/** How a server may read the document where it is ambiguous. */
interface Reading {
  readonly idOfNone: null | undefined;
  readonly emptyTranscripts: boolean;
  readonly bareInterims: boolean;
}
const DOCUMENTED: Reading = { idOfNone: null, emptyTranscripts: false, bareInterims: false };

/** The transcript of the document, this much later. */
const spoken = (laterMs: number): Record<string, unknown> => {
  const later = withWords((word) => ({ ...word, start_ms: Number(word['start_ms']) + laterMs }));
  return { ...later, start_ms: Number(FULL['start_ms']) + laterMs };
};

/** This many of its first words, as an interim. */
const interim = (laterMs: number, count: number, { bareInterims }: Reading): Record<string, unknown> => {
  const whole = spoken(laterMs);
  const words = (whole['words'] as readonly Record<string, unknown>[]).slice(0, count);
  const last = words.at(-1);
  const text = words.map((word) => String(word['text'])).join(' ');
  const start = Number(whole['start_ms']);
  const duration = Number(last?.['start_ms']) + Number(last?.['duration_ms']) - start;
  const detail = { start_ms: start, duration_ms: duration, words };
  return { type: 'transcript', text, is_final: false, ...(bareInterims ? {} : detail) };
};

/** Six seconds of silence, then sentences of 4 s: with a final without a flush, and with flushes of every kind. */
function longConversation(reading: Reading): Play {
  const { idOfNone, emptyTranscripts } = reading;
  const empty = emptyTranscripts
    ? [heard({ type: 'transcript', text: '', is_final: true, start_ms: 0, duration_ms: 0, words: [] })]
    : [];
  const sentence = (laterMs: number): Facts => [
    audio(2000),
    heard(interim(laterMs, 2, reading)),
    audio(1000),
    heard(interim(laterMs, 4, reading)),
    audio(1000),
  ];
  const facts: Facts = [
    context({ dialect: 'reson8', credential: 'valid' }),
    upgrade(ALL),
    switched(),
    SILENCE,
    audio(6000),
    flush('while-silent'),
    ...empty,
    confirmed('while-silent'),
    SPEECH,
    ...sentence(6000),
    heard(spoken(6000)),
    ...sentence(10_000),
    flush('first'),
    heard(spoken(10_000)),
    confirmed('first'),
    ...sentence(14_000),
    flush(),
    heard(spoken(14_000)),
    confirmed(idOfNone),
    flush(),
    ...empty,
    confirmed(idOfNone),
    ...sentence(18_000),
    flush('one'),
    flush('two'),
    flush(),
    heard(spoken(18_000)),
    confirmed('one'),
    ...empty,
    confirmed('two'),
    ...empty,
    confirmed(idOfNone),
    ...sentence(22_000),
    // An id may come again when it has been confirmed.
    flush('one'),
    heard(spoken(22_000)),
    confirmed('one'),
    at(1000, close('client')),
    close('server'),
    end('client'),
  ];
  return play(events(facts));
}

const seenIn = (given: Play, ...wanted: readonly string[]) =>
  RESON8_INVARIANTS.map(({ id }) => id).filter((id) =>
    outcomes(id, given).some((each) => wanted.includes(each)),
  );

describe('a long conversation that conforms to the document', () => {
  const given = longConversation(DOCUMENTED);

  it('keeps every requirement that it exercises', () => {
    expect(seenIn(given, 'broken', 'doubtful', 'unclear')).toEqual([]);
  });

  it('exercises all requirements that a single conversation can exercise', () => {
    const one = ['R8-CONN-001', 'R8-AUTH-001', 'R8-AUTH-002', 'R8-QRY-004', 'R8-MSG-001', 'R8-MSG-002'];
    const transcripts = [
      'R8-TR-001',
      'R8-TR-002',
      'R8-TR-005',
      'R8-TR-007',
      'R8-TR-009',
      'R8-TR-010',
      'R8-TR-011',
    ];
    const more = ['R8-TR-012', 'R8-TR-013', 'R8-TR-014', 'R8-TR-015'];
    const words = ['001', '002', '004', '006', '007', '008', '009', '010'].map((number) => `R8-W-${number}`);
    const flushes = Array.from({ length: 13 }, (_, i) => `R8-FL-${String(i + 1).padStart(3, '0')}`);
    const client = ['R8-MSG-003', 'R8-MSG-004'];

    expect(seenIn(given, 'held').sort()).toEqual(
      [...one, ...transcripts, ...more, ...words, ...flushes, ...client].sort(),
    );
  });

  it('is judged flush by flush', () => {
    expect(outcomes('R8-FL-002', given)).toHaveLength(8);
    expect(outcomes('R8-FL-006', given)).toHaveLength(4);
    expect(outcomes('R8-FL-010', given)).toHaveLength(7);
  });
});

describe('the same conversation in every reading', () => {
  const readings = [null, undefined].flatMap((idOfNone) =>
    [false, true].flatMap((emptyTranscripts) =>
      [false, true].map((bareInterims): readonly [string, Reading] => [
        `with ${idOfNone === null ? 'an id that is null' : 'no id'}, ${emptyTranscripts ? 'empty' : 'no empty'} transcripts and ${bareInterims ? 'bare' : 'full'} interims`,
        { idOfNone, emptyTranscripts, bareInterims },
      ]),
    ),
  );

  it.each(readings)(
    '%s breaks nothing, and only requirements on that reading are doubtful',
    (_what, reading) => {
      const given = longConversation(reading);

      expect(seenIn(given, 'broken', 'unclear')).toEqual([]);
      expect(seenIn(given, 'doubtful')).toEqual([
        ...(reading.bareInterims ? ['R8-TR-005', 'R8-TR-007'] : []),
        ...(reading.idOfNone === undefined ? ['R8-FL-004'] : []),
      ]);
    },
  );

  it.each(readings)('%s follows one reading of each ambiguity', (_what, reading) => {
    for (const { id } of RESON8_INVARIANTS) {
      const found = new Set(
        judge(id, longConversation(reading)).flatMap((occasion) => occasion.reading ?? []),
      );
      expect(found.size, id).toBeLessThan(2);
    }
  });
});

describe('deviations', () => {
  it.each([
    ['R8-W-006', session(ALL, audio(4000), heard(withWords((word) => ({ ...word, confidence: -0.1 }))))],
    ['R8-QRY-001', play(events([upgrade('encoding=alaw')]))],
  ])('named by %s are known', (id, given) => {
    const [name = ''] = judge(id, given).flatMap(({ deviation }) => deviation ?? []);
    expect(deviationNamed(name)?.ids).toEqual([id]);
  });

  it('are found under both of their spellings', () => {
    expect(deviationNamed('r8-confidence-logprob')).toBe(deviationNamed('reson8-confidence-logprob'));
    expect(deviationNamed('r8-confidence-logprob')).toBeDefined();
    expect(deviationNamed('unheard-of')).toBeUndefined();

    const names = DEVIATIONS.flatMap(({ name, alias }) => [name, ...(alias === undefined ? [] : [alias])]);
    expect(new Set(names).size).toBe(names.length);
  });
});
