import { describe, expect, it } from 'vitest';
import { reportDiffText } from '../../../../src/conformance/report/diff/diff-text.ts';
import { diffReports, isSameReport } from '../../../../src/conformance/report/diff/diff.ts';
import { jsonReport } from '../../../../src/conformance/report/formats/json.ts';
import { readReport } from '../../../../src/conformance/report/diff/read-report.ts';
import type { Report } from '../../../../src/conformance/report/report.ts';
import { ALL_GREEN, EVERY_VERDICT, RESULTS } from '../sample.ts';

const read = (report: Report) => readReport(jsonReport(report), 'a.json');
const { report } = EVERY_VERDICT;
const changed = (id: string, change: object): Report => ({
  ...report,
  requirements: report.requirements.map((each) => (each.id === id ? { ...each, ...change } : each)),
});
const diff = (other: Report) => diffReports(read(report), read(other));

describe('the difference between two reports', () => {
  it('is empty when the verdicts are the same, whatever the times of the runs and the numbers of occasions', () => {
    const later = {
      ...changed('TR-005', { exercised: 99, actual: 'it came after 7000 ms' }),
      startedAt: '',
      seed: 9,
    };

    expect(isSameReport(diff(later))).toBe(true);
    expect(isSameReport(diff({ ...report, subject: { ...report.subject, target: 'ws://other' } }))).toBe(
      true,
    );
  });

  it.each([
    ['SX-FIN-014', 'pass', 'fail', 'better'],
    ['SX-FIN-014', 'excused', 'fail', 'better'],
    ['SX-FIN-011', 'warn', 'pass', 'worse'],
    ['TR-005', 'fail', 'warn', 'worse'],
  ] as const)('%s is now %s and was %s: %s', (id, verdict, before, trend) => {
    const found = diff(changed(id, { verdict }));
    expect(found.verdicts).toEqual([{ id, from: before, to: verdict, trend }]);
    expect(isSameReport(found)).toBe(false);
  });

  it.each(['not-exercised', 'inconclusive', 'not-applicable'] as const)(
    // One and the same fake was called different when one run was shorter than the other.
    'lists what only one report has decided, which does not count as a difference: %s',
    (verdict) => {
      const found = diff({ ...changed('SX-FIN-011', { verdict }), outcome: 'incomplete' });
      expect(found).toMatchObject({ verdicts: [], onlyA: ['SX-FIN-011'], onlyB: [], outcome: undefined });
      expect(isSameReport(found)).toBe(true);

      const text = reportDiffText(found, { a: 'full.json', b: 'quick.json' });
      expect(text).toContain('Decided only in A (1)\n  SX-FIN-011\n');
      expect(text).toMatch(/Both agree on everything that both have decided\.\n$/);
    },
  );

  it('includes readings and the outcome', () => {
    const other = diff(changed('SX-FIN-011', { reading: 'A7: absolute' }));
    expect(other.readings).toEqual([{ id: 'SX-FIN-011', from: RESULTS.pass.reading, to: 'A7: absolute' }]);
    expect(isSameReport(other)).toBe(false);
    expect(isSameReport(diff(changed('SX-FIN-011', { reading: null })))).toBe(true);

    const found = diff({ ...report, outcome: 'incomplete' });
    expect(found.outcome).toEqual({ id: 'outcome', from: 'violations', to: 'incomplete' });
    expect(isSameReport(found)).toBe(false);
  });

  it('is refused for two protocols or two sides, but not for a recording of either side', () => {
    const of = (subject: object): Report => ({ ...report, subject: { ...report.subject, ...subject } });
    const other = report.subject.dialect === 'reson8' ? 'scriptix' : 'reson8';
    expect(() => diff(of({ dialect: other }))).toThrow(/of dialect \w+, the second of \w+; expected two of/);
    expect(() => diffReports(read(of({ kind: 'server' })), read(of({ kind: 'client' })))).toThrow(/of kind/);

    const found = diffReports(read(of({ kind: 'server' })), read(of({ kind: 'trace' })));
    expect(found.subject).toEqual([{ id: 'kind', from: 'server', to: 'trace' }]);
    expect(isSameReport(found)).toBe(true);
  });

  it('lists what is in only one of them, which does not count as a difference', () => {
    const less = {
      ...report,
      requirements: report.requirements.slice(1),
      observations: [{ id: 'SX-I99', text: '' }],
    };

    expect(diff(less)).toMatchObject({ onlyA: ['SX-FIN-011', 'SX-I02'], onlyB: ['SX-I99'], verdicts: [] });
    expect(isSameReport(diff(less))).toBe(true);
  });

  it('is described in words', () => {
    const other = {
      ...changed('SX-FIN-014', { verdict: 'pass' }),
      outcome: 'conforming' as const,
    };
    const sides = { a: 'before.json', b: 'after\u001b.json' };
    expect(reportDiffText(diff({ ...other, observations: [] }), sides).split('\n')).toEqual([
      'A  before.json',
      'B  after\\u001b.json',
      '',
      'outcome: violations -> conforming',
      '',
      'Verdicts (1)',
      '  SX-FIN-014: fail -> pass (better)',
      '',
      'Decided only in A (1)',
      '  SX-I02',
      '',
      'They differ.',
      '',
    ]);

    const same = diffReports(read(ALL_GREEN.report), read(ALL_GREEN.report));
    expect(reportDiffText(same, sides)).toMatch(/\n\nBoth say the same\.\n$/);
  });
});
