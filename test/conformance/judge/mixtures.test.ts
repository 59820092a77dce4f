import { describe, expect, it } from 'vitest';
import { playOf, judgePlays, requirementsOf } from '../../../src/conformance/judging/plays.ts';
import type { Terms } from '../../../src/conformance/judge/terms.ts';
import { TOLERANCES } from '../../../src/conformance/judge/tolerances.ts';
import { AMBIGUITIES, QUESTIONS } from '../../../src/protocol/ambiguities.ts';
import { REQUIREMENTS } from '../../../src/protocol/requirements.ts';
import type { TraceFact } from '../../../src/wire/trace.ts';
import { audio, close, context, events, heard, MICROPHONE, request, response } from '../play.ts';
import { titled } from '../../support/titled.ts';

const { start, advances } = AMBIGUITIES.A4.readings;
const TERMS: Terms = { side: 'server', strict: false, deviations: new Set() };

type Session = readonly TraceFact[];

/** A segment: the offsets of its partials, each of which has one more word, and that of its final. */
function segment(offsets: readonly number[], finalMs: number): readonly TraceFact[] {
  const text = (count: number) => Array.from({ length: count }, (_, i) => `w${i}`).join(' ');
  const words = offsets.map((_, i) => [` w${i}`, i * 100, i * 100 + 50, 0.9]);
  return [
    audio(2000),
    ...offsets.map((offset, i) =>
      heard({ text: text(i + 1), is_final: false, offset_ms: offset, stability: 0.5 }),
    ),
    heard({ text: text(offsets.length), is_final: true, offset_ms: finalMs, words }),
  ];
}
const session = (...segments: readonly (readonly TraceFact[])[]): Session => [
  ...MICROPHONE,
  ...segments.flat(),
];
const STEADY = segment([300, 300, 300], 300);
const MOVING = segment([300, 600, 900], 900);
const LATE_FINAL = segment([300, 300, 300], 900);

/** The results that mention a mixture, for plays with some sessions each. */
function warned(plays: readonly (readonly Session[])[], only: readonly string[] = []) {
  const recorded = plays.map((sessions, i) =>
    playOf({ name: `p${i + 1}`, events: events(...sessions) }, TOLERANCES),
  );
  return judgePlays(recorded, requirementsOf('server', ['scriptix', 'reson8'], { only }), TERMS).filter(
    ({ expected }) => expected === 'one reading of the documents throughout',
  );
}

describe('a mixture of readings', () => {
  // For one and the same server, one requirement found that offset_ms is the start of a segment, and another that it
  // advances, and both passed: readings were compared only within a requirement.
  it('is noticed between two requirements, in the result of the one that asks the question', () => {
    expect(warned([[session(LATE_FINAL)]])).toMatchObject([
      {
        id: 'SX-PART-009',
        verdict: 'warn',
        play: 'p1',
        actual: `${start} (p1/s1, events 6, 8), and ${advances} (p1/s1, events 6, 9)`,
        evidence: [6, 8, 9],
      },
    ]);
  });

  it('is noticed within a session', () => {
    expect(warned([[session(STEADY, segment([2300, 2600, 2900], 2900))]])).toMatchObject([
      { id: 'SX-PART-009', verdict: 'warn', play: 'p1' },
    ]);
  });

  it('is noticed between two sessions of a play', () => {
    const [row, ...more] = warned([[session(STEADY), session(MOVING)]]);

    expect(more).toEqual([]);
    expect(row?.actual).toMatch(/p1\/s1.*p1\/s2/);
    expect(row?.also).toBeUndefined();
  });

  it('is noticed between two plays, with the events of both', () => {
    expect(warned([[session(STEADY)], [session(MOVING)]])).toMatchObject([
      { id: 'SX-PART-009', play: 'p1', evidence: [6, 8], also: [{ play: 'p2', evidence: [6, 8] }] },
    ]);
  });

  it('is reported by another requirement if the one that asks the question is not selected', () => {
    expect(
      warned([[session(segment([300, 300, 300], 300), segment([2300, 2300, 2300], 2900))]], ['SX-FIN-013']),
    ).toMatchObject([{ id: 'SX-FIN-013', verdict: 'warn' }]);
  });

  // `--only` with the requirement that asks the question did not look at the one that shows the other reading, and passed.
  it('is noticed if only the requirement that asks the question is selected', () => {
    expect(warned([[session(LATE_FINAL)]], ['SX-PART-009'])).toMatchObject([
      { id: 'SX-PART-009', verdict: 'warn', evidence: [6, 8, 9] },
    ]);
  });

  it('has the nearest events of both readings as evidence', () => {
    const plays = [[session(STEADY)], [session(MOVING)], [session(LATE_FINAL)]];
    expect(warned(plays)).toMatchObject([{ play: 'p3' }]);
  });

  it.each<[what: string, sessions: readonly Session[]]>([
    ['one reading in all sessions', [session(STEADY), session(STEADY)]],
    ['the other reading in all sessions', [session(MOVING), session(MOVING)]],
    // Two partials can belong to one moment of the audio.
    ['an offset that had no time to advance', [session(MOVING), session(segment([300, 300], 900))]],
  ])('is not seen in %s', (_what, sessions) => {
    expect(warned([sessions])).toEqual([]);
  });

  it('is not made of readings of two services, nor of the two modes of one', () => {
    const refused = (path: string, ...answer: readonly TraceFact[]): Session => [
      context({ credential: 'invalid' }),
      request(path),
      ...answer,
    ];
    const [http, message] = [[response(401)], [response(101), heard({ error: 'No' }), close('server')]];
    const stream = '/v2/client/redacted-1?url=x';

    expect(warned([[refused('/v2/realtime', ...http), refused(stream, ...message)]])).toEqual([]);

    const both = [refused('/v2/realtime', ...http), refused('/v2/realtime', ...message)];
    // A server that starts no session at all refuses nothing in particular.
    expect(warned([both])).toEqual([]);
    expect(warned([[...both, session(STEADY)]])).toMatchObject([{ id: 'SX-CONN-011' }]);
  });
});

describe('the table of ambiguities', () => {
  const ids = new Map(REQUIREMENTS.map((each) => [each.id, each]));

  it('has A1 to A26', () => {
    const known = new Set(QUESTIONS.map(({ id }) => id));
    expect([...known].sort()).toEqual(Array.from({ length: 26 }, (_, i) => `A${i + 1}`).sort());
  });

  it('has no reading twice', () => {
    const all = QUESTIONS.flatMap(({ readings }) => Object.values(readings));
    expect(new Set(all).size).toBe(all.length);
  });

  it.each(titled(QUESTIONS, ({ id, aspect }) => (aspect === undefined ? id : `${id} (${aspect})`)))(
    'names existing requirements, or says why there are none: %s',
    (_title, question) => {
      expect(question.rows.filter((id) => !ids.has(id))).toEqual([]);

      const count = Object.keys(question.readings).length;
      expect(count === 0).toBe(question.rows.length === 0);

      if (count < 2) expect(question).toHaveProperty('note');
    },
  );
});
