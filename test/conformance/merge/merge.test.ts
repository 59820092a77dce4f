import { describe, expect, it } from 'vitest';
import { mergeRuns } from '../../../src/conformance/merge/merge.ts';
import { matrixOf, worstOutcome } from '../../../src/conformance/merge/matrix.ts';
import { MATRIX_FORMATS } from '../../../src/conformance/merge/formats/formats.ts';
import { readRun } from '../../../src/conformance/merge/read-run.ts';
import type { RequirementResult } from '../../../src/conformance/judge/result.ts';
import { outcomeOf, summaryOf } from '../../../src/conformance/report/outcome.ts';
import { partSentence } from '../../../src/conformance/report/part.ts';
import type { Outcome, Report } from '../../../src/conformance/report/report.ts';
import { jsonReport } from '../../../src/conformance/report/formats/json.ts';
import { AMBIGUITIES } from '../../../src/protocol/ambiguities.ts';
import { EVERY_VERDICT } from '../report/sample.ts';

const TERMS = { '--runs': '9', '--strict': 'false' };
const { report: sample } = EVERY_VERDICT;
const [row] = sample.requirements;
if (row === undefined) throw new Error('the sample has a row');

type Verdicts = Readonly<Record<string, RequirementResult['verdict']>>;

/** A part of a run against a server, as read from its file. */
function part(index: number, count: number, verdicts: Verdicts, changes: Partial<Report> = {}) {
  const requirements = Object.entries(verdicts).map(([id, verdict]): RequirementResult => {
    const { statement, source } = row as RequirementResult;
    return {
      id,
      level: 'MUST',
      side: 'server',
      verdict,
      exercised: 2,
      reading: null,
      statement,
      source,
      play: 'p',
    };
  });
  const alone = outcomeOf(requirements, { stale: [], isCutShort: false, strict: false });
  const report: Report = {
    ...sample,
    requirements,
    summary: summaryOf(requirements),
    outcome: alone === 'violations' ? alone : 'incomplete',
    causes: [partSentence({ index, count })],
    notes: [],
    shard: { index, count, alone, terms: TERMS },
    ...changes,
  };
  return { file: `${index}.json`, report: readRun(jsonReport(report), `${index}.json`) };
}

const PASSING: Verdicts = { 'SX-FIN-014': 'pass', 'SX-FIN-015': 'pass' };

function mergedOf(...filed: Parameters<typeof mergeRuns>[0]): Report {
  const [merged, ...others] = mergeRuns(filed);
  expect(others).toEqual([]);
  if (merged === undefined) throw new Error('nothing was merged');
  return merged.report;
}

const shard = (report: Report) => {
  if (report.shard === undefined) throw new Error('it is a part');
  return report.shard;
};

describe('the parts of a run against a server', () => {
  it('make a conforming run when all of them are conforming', () => {
    const report = mergedOf(part(2, 2, PASSING), part(1, 2, PASSING));

    expect(report).toMatchObject({ outcome: 'conforming', summary: { pass: 2 } });
    expect(report.causes).toBeUndefined();
    expect(report.shard).toBeUndefined();
    expect(report.requirements.map(({ exercised }) => exercised)).toEqual([4, 4]);
  });

  it('have a mixture of readings where one part shows one reading and another part another', () => {
    const id = 'SX-PART-009';
    const { start, advances } = AMBIGUITIES.A4.readings;
    const shows = (index: number, reading: string) =>
      part(
        index,
        3,
        { [id]: 'pass' },
        {
          shard: {
            ...{ index, count: 3, alone: 'conforming', terms: TERMS },
            readings: [{ id, reading, play: 'p', session: 's2', events: [6, 8] }],
          },
        },
      );
    const report = mergedOf(shows(1, start), shows(2, start), shows(3, advances));
    const same = mergedOf(shows(1, start), shows(2, start), shows(3, start));

    expect(report.requirements).toMatchObject([
      {
        ...{ id, verdict: 'warn', expected: 'one reading of the documents throughout', play: 'p' },
        actual: `${start} (p/s2, events 6, 8), and ${advances} (part 3: p/s2, events 6, 8)`,
        also: [{ play: 'part 3: p', evidence: [6, 8] }],
      },
    ]);
    expect(same.requirements.map(({ verdict }) => verdict)).toEqual(['pass']);
  });

  it('have no mixture where wrong times only look like one, and are already reported', () => {
    const { relative, absolute } = AMBIGUITIES.A7.readings;
    const shows = (index: number, reading: string, times: RequirementResult['verdict']) =>
      part(
        index,
        2,
        { 'SX-FIN-011': 'pass', 'SX-FIN-012': times },
        {
          shard: {
            ...{ index, count: 2, alone: 'conforming', terms: TERMS },
            readings: [{ id: 'SX-FIN-011', reading, play: 'p', events: [1] }],
          },
        },
      );
    const verdicts = (times: RequirementResult['verdict']) =>
      mergedOf(shows(1, relative, times), shows(2, absolute, times)).requirements.map(
        ({ verdict }) => verdict,
      );

    expect(verdicts('pass')).toEqual(['warn', 'pass']);
    expect(verdicts('fail')).toEqual(['pass', 'fail']);
  });

  const WORSE: readonly [
    RequirementResult['verdict'],
    RequirementResult['verdict'],
    RequirementResult['verdict'],
    Outcome,
  ][] = [
    ['pass', 'fail', 'fail', 'violations'],
    ['warn', 'pass', 'warn', 'conforming'],
    ['excused', 'pass', 'excused', 'conforming'],
    ['pass', 'not-applicable', 'pass', 'conforming'],
    ['not-exercised', 'not-exercised', 'not-exercised', 'incomplete'],
  ];
  it.each(WORSE)(
    'with the verdicts %s and %s have the verdict %s and the outcome %s',
    (a, b, both, outcome) => {
      const report = mergedOf(
        part(1, 2, { ...PASSING, 'SX-FIN-016': a }),
        part(2, 2, { ...PASSING, 'SX-FIN-016': b }),
      );

      expect(report.requirements[2]).toMatchObject({ verdict: both });
      expect(report.outcome).toBe(outcome);
    },
  );

  it('do not pass with a finding that was seen once and not repeated', () => {
    const second = part(2, 2, { 'SX-FIN-014': 'inconclusive', 'SX-FIN-015': 'pass' });
    const requirements = second.report.requirements.map((each) =>
      each.verdict === 'inconclusive' ? { ...each, determinism: '0/3 not reproduced' } : each,
    );
    const report = mergedOf(part(1, 2, PASSING), { ...second, report: { ...second.report, requirements } });

    expect(report.requirements[0]).toMatchObject({ verdict: 'inconclusive', play: 'part 2: p' });
    expect(report.outcome).toBe('incomplete');
  });

  it.each<[string, number[], number, string]>([
    ['one', [1, 3], 3, 'Of 3 parts of the run 1 is missing (part 2)'],
    ['several', [2], 4, 'Of 4 parts of the run 3 are missing (parts 1, 3, 4)'],
    ['all but one of very many', [1], 1000, 'parts 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 989 more'],
  ])('are incomplete without the rest, never a pass: %s', (_what, there, count, told) => {
    const report = mergedOf(...there.map((index) => part(index, count, PASSING)));

    expect(report.outcome).toBe('incomplete');
    expect(report.causes?.[0]).toContain(told);
  });

  it('are incomplete when one of them was cut short', () => {
    const cut = part(2, 2, PASSING);
    const report = mergedOf(part(1, 2, PASSING), {
      ...cut,
      report: {
        ...cut.report,
        causes: ['The time was used up.'],
        shard: { ...shard(cut.report), alone: 'incomplete' },
      },
    });

    expect(report).toMatchObject({ outcome: 'incomplete', causes: ['The time was used up.'] });
  });

  it('have a stale baseline only if no part needed the entry', () => {
    const unneeded = { 'SX-FIN-014': 'SX-FIN-014: it passes now, so the entry must go (known)' };
    const with_ = (each: ReturnType<typeof part>, more: object) => ({
      ...each,
      report: { ...each.report, shard: { ...shard(each.report), ...more } },
    });
    const one = with_(part(1, 2, PASSING), { unneeded });

    expect(mergedOf(one, with_(part(2, 2, PASSING), { unneeded }))).toMatchObject({
      outcome: 'stale-baseline',
      notes: [`Baseline: ${unneeded['SX-FIN-014']}`],
    });
    expect(mergedOf(one, part(2, 2, { ...PASSING, 'SX-FIN-014': 'excused' })).outcome).toBe('conforming');
  });

  const other = (changes: Partial<Report>) => part(2, 2, PASSING, changes);
  it.each<[string, ReturnType<typeof part>, string]>([
    ['seed', other({ seed: 77 }), `the seed is ${sample.seed} in one and 77 in the other`],
    ['profile', other({ profile: 'quick' }), 'the profile is full in one and quick in the other'],
    [
      'version',
      other({ tool: { name: 'asr-understudy', version: '9.9.9' } }),
      `the version of understudy is ${sample.tool.version} in one and 9.9.9 in the other`,
    ],
    ['number of parts', part(2, 3, PASSING), 'the number of parts is 2 in one and 3 in the other'],
    ['tolerances', other({ tolerances: { ...sample.tolerances, audioMs: 1 } }), 'their tolerances differ'],
    ['requirements', part(2, 2, { 'SX-FIN-014': 'pass' }), 'the requirements that they judge differ'],
    [
      'flags',
      other({ shard: { index: 2, count: 2, alone: 'conforming', terms: { ...TERMS, '--runs': '20' } } }),
      '--runs is 9 in one and 20 in the other',
    ],
    ['part', { ...part(1, 2, PASSING), file: '2.json' }, 'are both part 1/2 of a run'],
    ['run', { ...part(1, 2, PASSING), file: '2.json', report: { ...sample } }, 'are of two runs against'],
  ])('are refused if they are not of one run: another %s', (_what, second, told) => {
    const first = part(1, 2, PASSING);
    expect(() => mergeRuns([first, second])).toThrow(/1\.json/);
    expect(() => mergeRuns([first, second])).toThrow(told);
  });
});

describe('reports on different subjects', () => {
  const a = part(1, 1, { ...PASSING, 'SX-FIN-016': 'fail' });
  const whole = { ...a.report.subject, target: 'wss://other.example.com' };
  const b = part(1, 1, { ...PASSING, 'R8-TR-001': 'pass' }, { subject: whole });

  it('make a matrix of subjects and requirements, without the requirements that a subject was not judged by', () => {
    const merged = mergeRuns([a, b]).map(({ report }) => report);
    const { columns, sections } = matrixOf(merged);
    const rows = sections.flatMap((each) => each.rows);

    expect(columns.map(({ name }) => name)).toEqual(['A', 'B']);
    expect(rows.map(({ id, cells }) => [id, ...cells.map((each) => each?.verdict)])).toEqual([
      ['SX-FIN-014', 'pass', 'pass'],
      ['SX-FIN-015', 'pass', 'pass'],
      ['SX-FIN-016', 'fail', undefined],
      ['R8-TR-001', undefined, 'pass'],
    ]);
    expect(worstOutcome(merged)).toBe('violations');
  });

  it('link every finding, in HTML and in Markdown', () => {
    const matrix = matrixOf(mergeRuns([a, b]).map(({ report }) => report));
    const html = MATRIX_FORMATS.html?.(matrix) ?? '';

    expect(html).toContain('<a href="#a-sx-fin-016">');
    expect(html).toContain('id="a-sx-fin-016"');

    const markdown = MATRIX_FORMATS.markdown?.(matrix) ?? '';

    expect(markdown).toContain('| SX-FIN-016 | MUST | [**fail**](#a-sx-fin-016) |  |');
    expect(markdown).toContain('<a name="a-sx-fin-016"></a>');
    expect(MATRIX_FORMATS.text?.(matrix)).toMatch(/^SX-FIN-016 +fail$/m);
    expect(MATRIX_FORMATS.junit).toBeUndefined();
    expect(JSON.parse(MATRIX_FORMATS.badge?.(matrix) ?? '')).toEqual({
      ...{ schemaVersion: 1, label: 'conformance' },
      ...{ message: '1 of 2 conforming', color: 'red' },
    });
    expect(JSON.parse(MATRIX_FORMATS.json?.(matrix) ?? '')).toMatchObject({
      outcome: 'violations',
      subjects: [{ name: 'A' }, { name: 'B' }],
    });
  });

  it('show no text of a report as markup', () => {
    const hostile = '<script>alert(1)</script>|`[x](y)';
    const requirements = a.report.requirements.map((each) => ({
      ...each,
      actual: hostile,
      statement: hostile,
    }));
    const subject = { ...a.report.subject, target: hostile };
    const matrix = matrixOf([{ ...a.report, requirements, subject }, b.report]);
    for (const format of ['html', 'markdown'] as const) {
      expect(MATRIX_FORMATS[format]?.(matrix)).not.toContain('<script>');
    }
    expect(MATRIX_FORMATS.markdown?.(matrix)).not.toContain('[x](y)');
  });
});
