import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonReport } from '../../../../src/conformance/report/formats/json.ts';
import { LONGEST_REPORT, readReport } from '../../../../src/conformance/report/diff/read-report.ts';
import { UserError } from '../../../../src/runtime/errors.ts';
import { ALL_GREEN, EVERY_VERDICT } from '../sample.ts';

const whole = JSON.parse(jsonReport(EVERY_VERDICT.report)) as Record<string, unknown> & {
  requirements: object[];
};
const withRow = (row: object) => ({ ...whole, requirements: [...whole.requirements, row] });

describe('reading a report', () => {
  it.each([ALL_GREEN, EVERY_VERDICT])('accepts what we write', ({ report }) => {
    const read = readReport(jsonReport(report), 'a.json');

    expect(read.requirements.map(({ id, verdict, reading }) => ({ id, verdict, reading }))).toEqual(
      report.requirements.map(({ id, verdict, reading }) => ({ id, verdict, reading })),
    );
    expect(read.outcome).toBe(report.outcome);
  });

  it('accepts unknown fields, and does without fields that it does not need', () => {
    const text = JSON.stringify({
      schemaVersion: 1,
      tool: { name: 'x', version: '9', more: 1 },
      subject: { kind: 'server', dialect: 'scriptix', target: 'ws://x' },
      outcome: 'conforming',
      requirements: [{ id: 'SX-A-1', verdict: 'pass', colour: 'green' }],
      later: {},
    });
    expect(readReport(text, 'a.json').requirements).toEqual([{ id: 'SX-A-1', verdict: 'pass' }]);
  });

  it.each([
    ['', /^a\.json:1:1: not JSON: expected a value$/],
    ['{"schemaVersion":1,\n "tool": }', /^a\.json:2:10: not JSON: expected a value$/],
    ['[]', /^a\.json: the report: expected object, received array$/],
    ['null', /^a\.json: the report: expected object/],
    [JSON.stringify({ ...whole, schemaVersion: 2 }), /^a\.json: schemaVersion: expected 1$/],
    [JSON.stringify({ ...whole, outcome: 'fine' }), /^a\.json: outcome: expected one of "conforming"\|/],
    [
      JSON.stringify({ ...whole, requirements: {} }),
      /^a\.json: requirements: expected array, received object$/,
    ],
    [JSON.stringify(withRow({ verdict: 'pass' })), /^a\.json: requirements\[9\]\.id: expected string/],
    [
      JSON.stringify(withRow({ id: 'X', verdict: 'passed' })),
      /^a\.json: requirements\[9\]\.verdict: expected one of "pass"\|/,
    ],
    [
      JSON.stringify(withRow({ id: 'X', verdict: 'pass', reading: 7 })),
      /requirements\[9\]\.reading: expected string/,
    ],
    [
      JSON.stringify(withRow({ id: 'ZZ-001', verdict: 'pass' })),
      /^a\.json: requirements\[9\]\.id: ZZ-001 appears twice$/,
    ],
    [JSON.stringify({ ...whole, observations: [{ id: 1 }] }), /observations\[0\]\.id: expected string/],
  ])('refuses %.30s and names the place', (text, expected) => {
    expect(() => readReport(text, 'a.json')).toThrow(UserError);
    expect(() => readReport(text, 'a.json')).toThrow(expected);
  });

  it('reports many mistakes at once, up to a limit', () => {
    const rows = Array.from({ length: 30 }, () => ({}));
    expect(() => readReport(JSON.stringify({ ...whole, requirements: rows }), 'a.json')).toThrow(
      /^(a\.json: requirements\[\d\]\.(id|verdict): .*\n){10}a\.json: and 50 more$/,
    );
  });

  it('refuses what is too long without reading it', () => {
    expect(() => readReport(' '.repeat(LONGEST_REPORT + 1), 'a.json')).toThrow(/at most 67108864 are read$/);
  });

  it('of anything ends with a report or a mistake of the user', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
        try {
          readReport(text, 'a.json');
        } catch (error) {
          expect(error).toBeInstanceOf(UserError);
        }
      }),
    );
  });
});
