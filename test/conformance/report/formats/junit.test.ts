import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { junitReport } from '../../../../src/conformance/report/formats/junit.ts';
import { visible } from '../../../../src/runtime/text/plain.ts';
import { sectionsOf } from '../../../../src/conformance/report/sections.ts';
import { parseXml, type XmlElement } from '../../../support/formats/xml.ts';
import { hostileSample } from '../hostile.ts';
import { junitFaults } from './junit-schema.ts';
import { ALL_GREEN, EVERY_VERDICT, RESULTS, withOutcome, type Sample } from '../sample.ts';

const read = ({ report, plays }: Sample): XmlElement => parseXml(junitReport(report, plays));
const casesOf = (root: XmlElement) =>
  root.children.flatMap((suite) => suite.children.filter(({ name }) => name === 'testcase'));
const outcomeOf = (root: XmlElement, id: string) =>
  casesOf(root).find(({ attributes }) => attributes['name']?.startsWith(`${id} `))?.children[0];
const outputOf = (root: XmlElement, suite: string) =>
  root.children
    .find(({ attributes }) => attributes['name'] === suite)
    ?.children.find(({ name }) => name === 'system-out')?.text;

describe('JUnit XML', () => {
  it.each([ALL_GREEN, EVERY_VERDICT, withOutcome(EVERY_VERDICT, 'harness-error')])(
    'is valid by the usual schemas, and its counts are right',
    (sample) => expect(junitFaults(read(sample))).toEqual([]),
  );

  it('has a suite for each section and a case for each requirement, and one for the run', () => {
    const root = read(EVERY_VERDICT);

    expect(
      root.children.map(({ attributes }) => `${attributes['name'] ?? ''} ${attributes['tests'] ?? ''}`),
    ).toEqual([
      'Scriptix: connecting 1',
      'Scriptix: microphone mode 1',
      'Scriptix: finals 2',
      'Scriptix: errors and closing 1',
      'Reson8: words 1',
      'Reson8: flush 1',
      'Transport 1',
      'Other 1',
      'The run 1',
    ]);
    expect(casesOf(root)).toHaveLength(EVERY_VERDICT.report.requirements.length + 1);
  });

  it.each([
    ['SX-FIN-011', 'passed'],
    ['SX-FIN-014', 'failure'],
    ['TR-005', 'skipped'],
    ['SX-CONN-006', 'error'],
    ['SX-MIC-001', 'skipped'],
    ['R8-FL-006', 'error'],
    ['R8-W-006', 'skipped'],
  ])('%s is %s', (id, expected) => {
    expect(outcomeOf(read(EVERY_VERDICT), id)?.name ?? 'passed').toBe(expected);
  });

  it('does not show a conforming run as incomplete because of a requirement', () => {
    const root = read(withOutcome(EVERY_VERDICT, 'conforming'));
    expect(outcomeOf(root, 'SX-CONN-006')?.name).toBe('skipped');
  });

  it('shows everything that is known about a failure', () => {
    const failure = outcomeOf(read(EVERY_VERDICT), 'SX-FIN-014');
    const {
      statement,
      expected = '',
      actual = '',
      reading,
      trace,
      scenario,
      determinism,
      repro,
    } = RESULTS.fail;
    expect(failure?.attributes).toEqual({ type: 'MUST', message: `expected ${expected}, got ${actual}` });

    for (const part of [statement, expected, actual, reading, trace, scenario, determinism, repro]) {
      expect(failure?.text).toContain(part);
    }
    expect(failure?.text).toMatch(/^> 71 .*passport/m);
    expect(failure?.text).toMatch(/<-- here\n.*another text/);
    expect(failure?.text).toContain('S0:72, S1:40');
  });

  it('shows a warning where people see it: as a skipped case with what was expected and seen', () => {
    const warned = casesOf(read(EVERY_VERDICT)).find(({ attributes }) =>
      attributes['name']?.startsWith('TR-005 '),
    );
    const [skipped] = warned?.children ?? [];

    expect(skipped?.name).toBe('skipped');
    expect(skipped?.attributes['message']).toMatch(/^warning: expected .*, got .*it came after 6200 ms/);
  });

  it('has the time of the plays in which a requirement was exercised, and of the run', () => {
    const { report } = EVERY_VERDICT;
    const [first, ...others] = report.requirements;
    if (first === undefined) throw new Error('the sample has requirements');
    const timed = {
      ...EVERY_VERDICT,
      report: { ...report, requirements: [{ ...first, durationMs: 1234 }, ...others] },
    };
    const times = casesOf(read(timed)).flatMap(({ attributes }) =>
      attributes['time'] === '0.000' ? [] : [attributes['time']],
    );

    expect(times).toEqual(['1.234', '83.512']);
  });

  it('has the readings in the output of the suite', () => {
    const root = read(EVERY_VERDICT);

    expect(outputOf(root, 'Scriptix: finals')).toContain('A7: word times are relative to offset_ms');
    expect(outputOf(root, 'The run')).toMatch(
      /budget[^]*SX-I02: listening[^]*happy-path\/s1, closed with 1000/,
    );
  });

  it('has the seed, the profile and the rest of the run as properties of every suite', () => {
    for (const suite of read(EVERY_VERDICT).children) {
      const properties = suite.children[0]?.children.map(({ attributes }) => [
        attributes['name'],
        attributes['value'],
      ]);
      expect(Object.fromEntries(properties ?? [])).toMatchObject({
        tool: 'asr-understudy 0.1.0',
        subject: 'server',
        dialect: 'scriptix',
        target: 'ws://127.0.0.1:8080',
        seed: '7',
        profile: 'full',
        outcome: 'violations',
        startedAt: '2025-01-31T12:00:00.000Z',
        tolerances: JSON.stringify(EVERY_VERDICT.report.tolerances),
      });
    }
  });

  it.each(['incomplete', 'stale-baseline', 'harness-error'] as const)(
    'does not pass when the run is %s, although no requirement is broken',
    (outcome) => {
      const [run] = casesOf(read(withOutcome(ALL_GREEN, outcome))).slice(-1);
      expect(run?.children[0]).toMatchObject({ name: 'error', attributes: { type: outcome } });
    },
  );

  it('stays well-formed and loses no text, whatever is in the record', () => {
    fc.assert(
      fc.property(hostileSample, (sample) => {
        const root = read(sample);
        expect(junitFaults(root)).toEqual([]);
        const names = sectionsOf(sample.report.requirements).flatMap(({ results }) =>
          results.map(({ id, statement }) => visible(`${id} ${statement}`)),
        );
        expect(casesOf(root).map(({ attributes }) => attributes['name'])).toEqual([
          ...names,
          'the run is complete and its baseline is current',
        ]);
      }),
      { numRuns: 40 },
    );
  });
});

describe('the check of the structure', () => {
  const right = junitReport(ALL_GREEN.report, ALL_GREEN.plays);
  it.each([
    ['tests="2"', 'tests="4"', 'but there are 2'],
    [' hostname="localhost"', '', 'has the attributes'],
    ['<system-err></system-err>', '', 'has properties'],
    ['timestamp="2025-01-31T12:00:00"', 'timestamp="2025-01-31"', 'timestamp='],
    ['<testcase ', '<testcas ', 'unknown element'],
  ])('notices that %s has become "%s"', (from, to, expected) => {
    expect(right).toContain(from);

    let wrong = right.replaceAll(from, to);
    if (from.startsWith('<testcas')) wrong = wrong.replaceAll('</testcase>', '</testcas>');
    expect(junitFaults(parseXml(wrong)).join('\n')).toContain(expected);
  });
});
