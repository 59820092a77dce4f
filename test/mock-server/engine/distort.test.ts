import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distort, UNDISTORTED } from '../../../src/mock-server/engine/distort.ts';
import type { Distortion, ServerSay, Word } from '../../../src/scenario/script.ts';
import { deepFreeze, describeSay } from '../../support/engine.ts';

/** Words of 100 ms each, in a segment that begins at 1000 ms. */
const words = (text: string): readonly Word[] =>
  text
    .split(' ')
    .filter((word) => word !== '')
    .map((word, i) => ({ text: word, startMs: 1000 + 100 * i, endMs: 1100 + 100 * i, confidence: 0.9 }));
const partial = (text: string): ServerSay => ({
  kind: 'partial',
  words: words(text),
  startMs: 1000,
  stability: 0.8,
});
const final = (text: string): ServerSay => ({ kind: 'final', words: words(text), startMs: 1000 });
const flushed = (id: string | null): ServerSay => ({ kind: 'flushed', id });

/** One segment: four partials and a final, each in a step of its own. */
const SEGMENT: readonly (readonly ServerSay[])[] = [
  [partial('a')],
  [partial('a b')],
  [partial('a b')],
  [partial('a b c')],
  [final('a b c')],
];

function run(how: Distortion, breaths = SEGMENT): readonly ServerSay[] {
  let distorting = UNDISTORTED;
  return breaths.flatMap((says) => {
    const result = distort(deepFreeze(how), deepFreeze(distorting), deepFreeze(says));
    distorting = result.distorting;
    return result.says;
  });
}

const texts = (how: Distortion, breaths = SEGMENT) => run(how, breaths).map(describeSay);

describe('without a distortion', () => {
  it('everything is sent unchanged', () => {
    expect(run({})).toEqual(SEGMENT.flat());
  });
});

describe('the distortion of partials', () => {
  const FINAL = 'final a b c';
  it.each<[Distortion['partials'], readonly string[]]>([
    ['none', [FINAL]],
    [
      'twice',
      [
        'partial a',
        'partial a',
        'partial a b',
        'partial a b',
        'partial a b',
        'partial a b',
        'partial a b c',
        'partial a b c',
        FINAL,
      ],
    ],
    ['distinct', ['partial a', 'partial a b', 'partial a b c', FINAL]],
    ['regress', ['partial a', 'partial', 'partial a b', 'partial a', FINAL]],
    ['rewrite', ['partial a', 'partial as b', 'partial a b', 'partial a bs c', FINAL]],
    ['reorder', ['partial a b', 'partial a', 'partial a b c', 'partial a b', FINAL]],
    ['empty', ['partial a', 'partial', 'partial a b', 'partial', FINAL]],
    ['late', ['partial a', 'partial a b', 'partial a b', 'partial a b c', FINAL, 'partial a b c']],
    ['append', ['partial a', 'partial b', 'partial', 'partial c', FINAL]],
  ])('%s', (partials, expected) => {
    expect(texts({ partials: partials ?? 'none' })).toEqual(expected);
  });

  it('reorder sends a partial that is still waiting before the final', () => {
    expect(texts({ partials: 'reorder' }, [[partial('a')], [final('a')]])).toEqual(['partial a', 'final a']);
  });

  it('append starts over with each segment', () => {
    expect(texts({ partials: 'append' }, [[partial('a b')], [final('a b')], [partial('c')]]).at(-1)).toBe(
      'partial c',
    );
  });
});

describe('the distortion of finals', () => {
  it.each<[Distortion['finals'], readonly string[]]>([
    ['none', []],
    ['twice', ['final a b c', 'final a b c']],
    ['change', ['final a b c', 'final a bs c']],
    ['empty', ['final']],
  ])('%s', (finals, expected) => {
    expect(texts({ finals: finals ?? 'none' }, SEGMENT.slice(-1))).toEqual(expected);
  });
});

describe('the distortion of flush confirmations', () => {
  const BREATH = [[final('a'), flushed('x')]];
  it.each<[Distortion['flush'], readonly string[], readonly string[]]>([
    ['none', ['final a'], []],
    ['twice', ['final a', 'flushed x', 'flushed x'], ['flushed x', 'flushed x']],
    ['without-id', ['final a', 'flushed undefined'], ['flushed undefined']],
    ['wrong-id', ['final a', 'flushed x-of-another'], ['flushed x-of-another']],
    ['before-final', ['flushed x', 'final a'], ['flushed x']],
    ['empty-final', ['final a', 'flushed x'], ['final', 'flushed x']],
  ])('%s', (flush, withFinal, alone) => {
    expect(texts({ flush: flush ?? 'none' }, BREATH)).toEqual(withFinal);
    expect(texts({ flush: flush ?? 'none' }, [[flushed('x')]])).toEqual(alone);
  });
});

describe('the distortion of times and confidences', () => {
  const timesOf = (how: Distortion) =>
    run(how, [[final('a b')]]).flatMap((say) =>
      say.kind === 'final' ? say.words.map((word) => [word.startMs, word.endMs]) : [],
    );

  it('makes times wrong in the given way', () => {
    expect(timesOf({ times: 'late' })).toEqual([
      [3_601_000, 3_601_100],
      [3_601_100, 3_601_200],
    ]);
    expect(timesOf({ times: 'negative' })).toEqual([
      [-60_000, -59_900],
      [-59_900, -59_800],
    ]);
    expect(timesOf({ times: 'overlap' })).toEqual([
      [1000, 1100],
      [1000, 1200],
    ]);
    expect(timesOf({ times: 'absolute' })).toEqual([
      [2000, 2100],
      [2100, 2200],
    ]);
  });

  it('replaces a confidence by the given number or by its logarithm', () => {
    const confidences = (how: Distortion) =>
      run(how, [[final('a')]]).flatMap((say) =>
        say.kind === 'final' ? say.words.map(({ confidence }) => confidence) : [],
      );

    expect(confidences({ confidence: 7 })).toEqual([7]);
    expect(confidences({ confidence: 'logprob' })).toEqual([-0.1054]);
  });

  it('has a finite logarithm even for a confidence of 0', () => {
    const unsure: ServerSay = {
      kind: 'final',
      words: words('a').map((word) => ({ ...word, confidence: 0 })),
      startMs: 0,
    };

    const [said] = run({ confidence: 'logprob' }, [[unsure]]);

    expect(said?.kind === 'final' && said.words[0]?.confidence).toBe(-13.8155);
  });
});

it('extra fields and a speaker are added to the results that they are for', () => {
  const says = run({ partialExtra: { p: 1 }, finalExtra: { f: 2 }, speaker: 'A' }, [
    [partial('a')],
    [final('a')],
  ]);

  expect(says).toMatchObject([
    { kind: 'partial', extra: { p: 1 } },
    { kind: 'final', extra: { f: 2 }, speaker: 'A' },
  ]);
  expect(says[0]).not.toHaveProperty('speaker');
});

it('no distortion invents words unless it is to change them, and none affects anything but results', () => {
  const orNot = <T>(...values: readonly [T, ...T[]]) =>
    fc.option(fc.constantFrom(...values), { nil: undefined });
  const how = fc.record({
    partials: orNot(
      'none',
      'twice',
      'distinct',
      'regress',
      'rewrite',
      'reorder',
      'empty',
      'late',
      'append' as const,
    ),
    finals: orNot('none', 'twice', 'change', 'empty' as const),
    times: orNot('late', 'negative', 'overlap', 'absolute' as const),
    flush: orNot('none', 'twice', 'without-id', 'wrong-id', 'before-final', 'empty-final' as const),
  });
  const text = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 6 }).map((all) => all.join(' '));
  const say = fc.oneof(
    text.map(partial),
    text.map(final),
    fc.constant(flushed('x')),
    fc.constant<ServerSay>({ kind: 'state', state: 'listening' }),
    fc.constant<ServerSay>({ kind: 'error', problem: 'internal', message: 'no' }),
  );

  fc.assert(
    fc.property(how, fc.array(fc.array(say, { maxLength: 4 }), { maxLength: 12 }), (given, breaths) => {
      const distortion = Object.fromEntries(
        Object.entries(given).filter(([, value]) => value !== undefined),
      ) as Distortion;
      const out = run(distortion, breaths);
      const heard = new Set(['a', 'b', 'c', 'd']);
      const mayChange = distortion.partials === 'rewrite' || distortion.finals === 'change';
      for (const one of out) {
        if (one.kind !== 'partial' && one.kind !== 'final') continue;
        for (const word of one.words) {
          expect(heard.has(mayChange ? word.text.replace(/s$/, '') : word.text), word.text).toBe(true);
        }
      }
      const others = (says: readonly ServerSay[]) =>
        says.filter(({ kind }) => kind === 'state' || kind === 'error');
      expect(others(out)).toEqual(others(breaths.flat()));
    }),
  );
});
