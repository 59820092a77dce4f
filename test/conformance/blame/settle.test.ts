import { describe, expect, it } from 'vitest';
import { allInTable, basesOf } from '../../../src/conformance/blame/rests-on.ts';
import { settledIn } from '../../../src/conformance/blame/settle.ts';
import {
  awaiting,
  blaming,
  broken,
  doubtful,
  held,
  withReading,
  type Invariant,
  type Occasion,
} from '../../../src/conformance/judge/invariant.ts';
import { AMBIGUITIES } from '../../../src/protocol/ambiguities.ts';
import { REQUIREMENTS, type RequirementId } from '../../../src/protocol/requirements.ts';
import { events, heard, MICROPHONE, play, said } from '../play.ts';

const { readings: A4 } = AMBIGUITIES.A4;
const base = 'SX-MSG-001';
const above = 'SX-FIN-016';
/** Of a play with the server's messages a, b and c after the five events of a beginning. */
const [a, b, c] = [5, 6, 7];
const given = play(events([...MICROPHONE, heard('a'), heard('b'), heard('c'), said('d')]));

/** A requirement with the given findings, as long as the messages that it looks at are present. */
function finding(id: RequirementId, ...occasions: readonly Occasion[]): Invariant {
  return {
    id,
    *judge({ conversations }) {
      const there = conversations.flatMap(({ heard: all }) => all.map(({ index }) => index));
      yield* occasions.filter(({ events: own }) =>
        own.every((each) => each < a || each > c || there.includes(each)),
      );
    },
  };
}

function outcomesOf(id: string, ...invariants: readonly Invariant[]) {
  return settledIn(given, invariants)(id).map(({ outcome, cause }) => [outcome, cause]);
}

describe('The table of what rests on what', () => {
  it('has no circle, and no id that is not a requirement', () => {
    const known = new Set(REQUIREMENTS.map(({ id }) => id));
    for (const id of allInTable()) {
      expect(known).toContain(id);
      expect(basesOf(id)).not.toContain(id);
    }
  });

  it('puts what others rest on before them', () => {
    for (const id of allInTable()) {
      const bases = basesOf(id);
      for (const [i, each] of bases.entries()) {
        for (const deeper of basesOf(each)) expect(bases.indexOf(deeper)).toBeLessThan(i);
      }
    }
  });
});

describe('A finding', () => {
  it('about a message that a more basic requirement blames is unclear, and names it', () => {
    const found = outcomesOf(
      above,
      finding(base, broken([b], 'x', 'y')),
      finding(above, broken([a, b], 'x', 'y')),
    );
    expect(found).toEqual([['unclear', base]]);
  });

  it('stands when it does without what is blamed', () => {
    const found = outcomesOf(
      above,
      finding(base, broken([a], 'x', 'y')),
      finding(above, broken([b], 'x', 'y')),
    );
    expect(found).toEqual([['broken', undefined]]);
  });

  it('that follows from a blamed message elsewhere is unclear as well', () => {
    const following = finding(above, broken([a, c], 'x', 'y'));
    expect(outcomesOf(above, finding(base, broken([a], 'x', 'y')), following)).toEqual([['unclear', base]]);
  });

  it('of the more basic requirement stands, whatever rests on it', () => {
    const found = outcomesOf(
      base,
      finding(base, broken([b], 'x', 'y')),
      finding(above, broken([b], 'x', 'y')),
    );
    expect(found).toEqual([['broken', undefined]]);
  });

  it('that something is missing is unclear only where a blamed message came instead', () => {
    const missing = (after: number, before: number) =>
      finding(above, awaiting(broken([4], 'x', 'none'), [after, before]));
    const wrong = finding(base, broken([b], 'x', 'y'));

    expect(outcomesOf(above, wrong, missing(a, c))).toEqual([['unclear', base]]);
    expect(outcomesOf(above, wrong, missing(b, b))).toEqual([['unclear', base]]);
    expect(outcomesOf(above, wrong, missing(c, c))).toEqual([['broken', undefined]]);
    expect(outcomesOf(above, wrong, missing(1, a))).toEqual([['broken', undefined]]);
  });

  it('may blame another message than the last', () => {
    const first = finding(base, blaming(broken([a, b], 'x', 'y'), a));
    expect(outcomesOf(above, first, finding(above, broken([a], 'x', 'y')))).toEqual([['unclear', base]]);
    expect(outcomesOf(above, first, finding(above, broken([b], 'x', 'y')))).toEqual([['broken', undefined]]);
  });

  it('is not explained by a reading, by what was kept, nor by what the client did', () => {
    const own = finding(above, broken([b], 'x', 'y'));
    const reading = withReading(doubtful([b], 'x', 'y'), A4.start);
    const clients: Occasion = { ...broken([b], 'x', 'y'), by: 'client' };
    for (const other of [reading, clients, held(b)]) {
      expect(outcomesOf(above, finding(base, other), own)).toEqual([['broken', undefined]]);
    }
  });

  it('is not explained by a deviation that is accepted', () => {
    const accepted = finding(base, { ...broken([b], 'x', 'y'), deviation: 'some' });
    const settled = settledIn(given, [accepted, finding(above, broken([b], 'x', 'y'))], ({ deviation }) => {
      return deviation === 'some';
    });

    expect(settled(above).map(({ outcome }) => outcome)).toEqual(['broken']);
  });
});

describe('A reading', () => {
  it('that comes from a blamed message only is not one of the subject', () => {
    const read = (index: number): Occasion => withReading(held(index), index === a ? A4.start : A4.advances);
    const settled = settledIn(given, [
      finding(base, broken([b], 'x', 'y')),
      finding(above, read(a), read(b)),
    ]);

    expect(settled(above).map(({ outcome, reading }) => [outcome, reading])).toEqual([
      ['held', A4.start],
      ['held', undefined],
    ]);
  });
});
