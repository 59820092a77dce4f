import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { visible } from '../../../../src/runtime/text/plain.ts';
import { sectionsOf } from '../../../../src/conformance/report/sections.ts';
import { tapReport } from '../../../../src/conformance/report/formats/tap.ts';
import { hostileSample } from '../hostile.ts';
import { ALL_GREEN, EVERY_VERDICT, RESULTS, withOutcome, type Sample } from '../sample.ts';
import { readTap } from './tap-read.ts';

const read = ({ report, plays }: Sample) => readTap(tapReport(report, plays));
const point = (sample: Sample, id: string) =>
  read(sample).find(({ description }) => description.startsWith(`${id} `));

describe('the TAP report', () => {
  it('has a point for each requirement and one for the run', () => {
    expect(read(EVERY_VERDICT)).toHaveLength(EVERY_VERDICT.report.requirements.length + 1);
    expect(read(ALL_GREEN).map(({ ok }) => ok)).toEqual([true, true, true, true, true]);
  });

  it.each([
    ['SX-FIN-011', true, undefined],
    ['SX-FIN-014', false, undefined],
    ['TR-005', true, undefined],
    ['SX-CONN-006', false, undefined],
    ['SX-MIC-001', true, { kind: 'SKIP', reason: 'not applicable: it is asked of clients' }],
    ['R8-FL-006', false, undefined],
    ['R8-W-006', false, { kind: 'TODO', reason: 'excused: accepted as reson8-confidence-logprob' }],
  ])('%s is ok: %s', (id, ok, directive) => {
    expect(point(EVERY_VERDICT, id)).toMatchObject({ ok });
    expect(point(EVERY_VERDICT, id)?.directive).toEqual(directive);
  });

  it('skips requirements that were not exercised when that does not make the run incomplete', () => {
    expect(point(withOutcome(EVERY_VERDICT, 'conforming'), 'SX-CONN-006')).toMatchObject({
      ok: true,
      directive: { kind: 'SKIP', reason: 'not exercised: no --token was given' },
    });
  });

  it('has everything that is known in diagnostics', () => {
    const { id, diagram = '' } = RESULTS.fail;
    const { verdict, level, side, exercised, reading, expected, actual, play, evidence } = RESULTS.fail;
    const { trace, scenario, determinism, repro } = RESULTS.fail;
    const diagnostics = point(EVERY_VERDICT, id)?.diagnostics as { excerpt: readonly string[] };

    expect(diagnostics).toMatchObject({
      ...{ verdict, level, side, exercised, reading, expected, actual, play, evidence },
      ...{ trace, scenario, determinism, repro },
      severity: 'fail',
      source: ['S0:72', 'S1:40'],
      diagram: diagram.split('\n'),
    });
    expect(diagnostics.excerpt.filter((line) => line.startsWith('>'))).toHaveLength(2);
    expect(point(EVERY_VERDICT, 'TR-005')?.diagnostics).toMatchObject({ verdict: 'warn', severity: 'warn' });
  });

  it('has the facts of the run: seed, profile, notes, sessions, tolerances, numbers', () => {
    const { report, plays } = EVERY_VERDICT;
    const tap = tapReport(report, plays);

    expect(tap).toContain('# asr-understudy 0.1.0, seed 7, profile full\n');
    expect(tap).toContain('# the server at ws://127.0.0.1:8080, scriptix\n');
    expect(tap).toContain('# SX-I02: listening came 800 ms after start\n');
    expect(tap).toContain('# 2 fail\n# 1 warn\n# 1 inconclusive\n# 1 excused\n# 1 not exercised\n');
    expect(read(EVERY_VERDICT).at(-1)?.diagnostics).toMatchObject({
      outcome: 'violations',
      notes: report.notes,
      sessions: report.sessions,
      tolerances: report.tolerances,
    });
  });

  it.each(['incomplete', 'stale-baseline', 'harness-error'] as const)(
    'is not ok when the run is %s',
    (outcome) => expect(read(withOutcome(ALL_GREEN, outcome)).at(-1)?.ok).toBe(false),
  );

  it('stays valid TAP and loses no text, whatever is in the record', () => {
    fc.assert(
      fc.property(hostileSample, (sample) => {
        const { report, plays } = sample;
        const tap = tapReport(report, plays);
        expect(tap).not.toMatch(/[^\P{Cc}\n]|(?![\u00ad\u200c\u200d])\p{Cf}|\p{Cs}|##\[/u);
        const results = sectionsOf(report.requirements).flatMap((section) => section.results);
        const points = readTap(tap);
        expect(points.slice(0, -1).map(({ description }) => description.trim())).toEqual(
          results.map(({ id, statement }) => visible(`${id} ${statement}`).trim()),
        );
        const texts = points
          .slice(0, -1)
          .map(({ diagnostics }) => (diagnostics as { actual?: string }).actual);
        expect(texts).toEqual(results.map(({ actual }) => actual?.replace(/\p{Cs}/gu, '\ufffd')));
      }),
      { numRuns: 40 },
    );
  });
});
