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
/** A play in which the server sends a, b and c after the five events of its beginning. */
const [a, b, c] = [5, 6, 7];
const given = play(events([...MICROPHONE, heard('a'), heard('b'), heard('c'), said('d')]));

/** A requirement with the given findings, for as long as the messages that it looks at are present. */
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

describe('the table of which requirements depend on which', () => {
  it('has no cycles and no unknown ids', () => {
    const known = new Set(REQUIREMENTS.map(({ id }) => id));
    for (const id of allInTable()) {
      expect(known).toContain(id);
      expect(basesOf(id)).not.toContain(id);
    }
  });

  it('has each requirement after those that it depends on', () => {
    for (const id of allInTable()) {
      const bases = basesOf(id);
      for (const [i, each] of bases.entries()) {
        for (const deeper of basesOf(each)) expect(bases.indexOf(deeper)).toBeLessThan(i);
      }
    }
  });
});

describe('a finding', () => {
  it('about a message that a more basic requirement blames is unclear, and names it', () => {
    const found = outcomesOf(
      above,
      finding(base, broken([b], 'x', 'y')),
      finding(above, broken([a, b], 'x', 'y')),
    );
    expect(found).toEqual([['unclear', base]]);
  });

  it('stands if it remains without the blamed message', () => {
    const found = outcomesOf(
      above,
      finding(base, broken([a], 'x', 'y')),
      finding(above, broken([b], 'x', 'y')),
    );
    expect(found).toEqual([['broken', undefined]]);
  });

  it('that follows from a blamed message elsewhere is unclear, too', () => {
    const following = finding(above, broken([a, c], 'x', 'y'));
    expect(outcomesOf(above, finding(base, broken([a], 'x', 'y')), following)).toEqual([['unclear', base]]);
  });

  it('about the more basic requirement stands, whatever depends on it', () => {
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

  it('may blame a message other than the last', () => {
    const first = finding(base, blaming(broken([a, b], 'x', 'y'), a));
    expect(outcomesOf(above, first, finding(above, broken([a], 'x', 'y')))).toEqual([['unclear', base]]);
    expect(outcomesOf(above, first, finding(above, broken([b], 'x', 'y')))).toEqual([['broken', undefined]]);
  });

  it('is not explained by a reading, by a requirement that was kept, nor by what the client did', () => {
    const own = finding(above, broken([b], 'x', 'y'));
    const reading = withReading(doubtful([b], 'x', 'y'), A4.start);
    const clients: Occasion = { ...broken([b], 'x', 'y'), by: 'client' };
    for (const other of [reading, clients, held(b)]) {
      expect(outcomesOf(above, finding(base, other), own)).toEqual([['broken', undefined]]);
    }
  });

  it('is not explained by an accepted deviation', () => {
    const accepted = finding(base, { ...broken([b], 'x', 'y'), deviation: 'some' });
    const settled = settledIn(given, [accepted, finding(above, broken([b], 'x', 'y'))], ({ deviation }) => {
      return deviation === 'some';
    });

    expect(settled(above).map(({ outcome }) => outcome)).toEqual(['broken']);
  });
});

describe('a reading', () => {
  it('that is seen only in a blamed message is not attributed to the server', () => {
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
