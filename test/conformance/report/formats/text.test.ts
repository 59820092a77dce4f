import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { ansiPaint } from '../../../../src/runtime/text/screen.ts';
import { textReport } from '../../../../src/conformance/report/formats/text.ts';
import { ALL_GREEN, EVERY_VERDICT, RESULTS, withOutcome } from '../sample.ts';

const { report, plays } = EVERY_VERDICT;
const text = textReport(report, plays);
const lines = text.split('\n');

/** The lines of one entry. */
function entry(id: string): readonly string[] {
  const from = lines.findIndex((line) => line.includes(`  ${id}  `) && !line.startsWith(' '));
  const rest = lines.slice(from);
  return rest.slice(
    0,
    rest.findIndex((line, i) => i > 0 && /^\S/.test(line)),
  );
}

describe('the report for a terminal', () => {
  it('shows everything that is known about a failure', () => {
    const told = entry('SX-FIN-014');
    expect(told[0]).toBe('FAIL  SX-FIN-014  MUST, server');

    const { statement, expected, actual, reading, trace, scenario, determinism, repro } = RESULTS.fail;
    for (const part of [statement, expected, actual, reading, trace, scenario, determinism, repro]) {
      expect(told.join('\n')).toContain(part);
    }
    expect(told).toContain('      source     S0:72, S1:40');
    expect(told).toContain('      exercised  2 times');
    expect(told).toContain('      seen in    happy-path, events 71, 76');
  });

  it('shows the events that are evidence with those around them, and the diagram', () => {
    const told = entry('SX-FIN-014');
    const marked = told.filter((line) => line.startsWith('      >'));

    expect(marked).toHaveLength(2);
    expect(marked[0]).toMatch(/^ +> 71 +4030\.0 ms {2}server {2}\{"text":"please bring your passport"/);
    expect(marked[1]).toMatch(/^ +> 76 +4350\.0 ms {2}server {2}\{"text":"please bring your pass"/);
    expect(told).toContain('        … 49 events');
    expect(told.filter((line) => line.includes('<-- here'))).toHaveLength(2);
  });

  it('needs no fields of a failure but its statement', () => {
    expect(entry('SX-ERR-003')).toEqual([
      'FAIL  SX-ERR-003  MUST, server',
      '      a normal end has the close code 1000',
      '      source     S2:105',
      '      exercised  once',
      '',
    ]);
  });

  it('has headings in the order in which a reader needs them, each with its number', () => {
    expect(lines.filter((line) => / \(\d+\)$/.test(line) && /^[A-Z]/.test(line))).toEqual([
      'Failures (2)',
      'Warnings (1)',
      'Could not be decided (1)',
      'Excused: known and accepted (1)',
      'Not exercised (1)',
      'Not applicable (1)',
      'Readings of the documents (2)',
      'Observations (1)',
      'Notes (2)',
    ]);
  });

  it('gives the reason why a requirement was not judged', () => {
    expect(lines).toContain(
      '  SX-CONN-006  MUST    the server accepts the header x-zoom-s2t-key (no --token was given)',
    );
    expect(lines).toContain('  it is asked of clients');
    expect(lines).toContain('      SX-MIC-001');
  });

  it('ends with the numbers, one per line, and the outcome in words', () => {
    const summary = lines.slice(lines.indexOf('Summary'));

    expect(summary.slice(1, 10)).toEqual([
      '     2  fail',
      '     1  warn',
      '     1  inconclusive',
      '     1  excused',
      '     1  not exercised',
      '     1  not applicable',
      '     2  pass',
      '     9  requirements',
      '     4  connections and calls, 6.2 s of audio',
    ]);
    expect(text).toContain('profile full, seed 7, started 2025-01-31T12:00:00.000Z, took 83.5 s');
    expect(text).toContain('segmentWords 24');
    expect(text.endsWith('\nViolations: 2 requirements are broken, with 1 warning in addition.\n')).toBe(
      true,
    );
  });

  it('gives the number of broken occasions', () => {
    const requirements = report.requirements.map((result) =>
      result.id === RESULTS.fail.id ? { ...result, exercised: 32, broken: 3 } : result,
    );
    const told = textReport({ ...report, requirements }, plays);

    expect(told).toContain('exercised  32 times, broken on 3 of them\n');
  });

  it.each([
    ['conforming', /^Conforming, with 1 warning: no MUST /],
    ['violations', /^Violations: 2 requirements are broken, with 1 warning in addition\.$/],
    [
      'incomplete',
      /^Incomplete: 2 MUSTs were never exercised or could not be decided, so this is not a pass\.$/,
    ],
    ['stale-baseline', /^Stale baseline: .*Remove it\.$/],
    ['harness-error', /^Fault of the harness: /],
  ] as const)('has a sentence for the outcome %s', (outcome, sentence) => {
    const sample = withOutcome(EVERY_VERDICT, outcome);
    const last = textReport(sample.report, sample.plays).trimEnd().split('\n').at(-1);
    expect(last).toMatch(sentence);
  });

  it('on a run that passes is only the summary', () => {
    const green = textReport(ALL_GREEN.report, ALL_GREEN.plays);

    expect(green.split('\n').slice(0, 3)).toEqual([
      'Conformance of the server at wss://api.example.com (reson8)',
      '',
      'Summary',
    ]);
    expect(green).toMatch(/\nConforming: nothing [^\n]*\n$/);
    expect(green).toContain('     4  pass\n');
    expect(green).toContain('     0  fail\n');
  });

  it('wraps at the given width, except for commands, traces and diagrams', () => {
    const narrow = textReport(report, [], { columns: 60 }).split('\n');
    const wide = narrow.filter((line) => line.length > 60);

    expect(wide.filter((line) => !/ again |\|/.test(line))).toEqual([]);
    expect(wide.some((line) => line.includes(RESULTS.fail.repro ?? 'none'))).toBe(true);
  });
});

describe('colours', () => {
  it('appear only when they are requested, and change nothing else', () => {
    expect(text).not.toContain('\u001b');

    const painted = textReport(report, plays, { paint: ansiPaint });
    expect(painted).toContain('\u001b[31mFAIL  SX-FIN-014\u001b[39m');
    expect(stripVTControlCharacters(painted)).toBe(text);
  });
});
