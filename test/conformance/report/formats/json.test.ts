import fc from 'fast-check';
import { expect, it } from 'vitest';
import { jsonReport } from '../../../../src/conformance/report/formats/json.ts';
import { hostileSample } from '../hostile.ts';
import { ALL_GREEN, EVERY_VERDICT } from '../sample.ts';

it.each([ALL_GREEN, EVERY_VERDICT])('the JSON report is the record, field for field', ({ report }) => {
  expect(JSON.parse(jsonReport(report))).toEqual(report);
});

it('the JSON report has the fields of the contract in its order', () => {
  const found = JSON.parse(jsonReport(EVERY_VERDICT.report)) as Record<string, unknown>;
  const contract = [
    'schemaVersion',
    'tool',
    'subject',
    'seed',
    'profile',
    'startedAt',
    'durationMs',
    'outcome',
    'summary',
    'requirements',
    'observations',
    'sessions',
  ];
  expect(Object.keys(found).filter((name) => contract.includes(name))).toEqual(contract);

  const [, failed] = found['requirements'] as readonly Record<string, unknown>[];
  expect(Object.keys(failed ?? {})).toEqual(
    expect.arrayContaining([
      ...[
        'id',
        'level',
        'side',
        'verdict',
        'exercised',
        'reading',
        'source',
        'statement',
        'expected',
        'actual',
      ],
      ...['evidence', 'trace', 'scenario', 'determinism', 'repro'],
    ]),
  );
});

it('the JSON report is the record whatever is in it, with one requirement per line', () => {
  fc.assert(
    fc.property(hostileSample, ({ report }) => {
      const json = jsonReport(report);
      expect(JSON.parse(json)).toEqual(report);
      expect(json).not.toMatch(/[^\P{Cc}\n]|\p{Cf}|\p{Cs}|##\[/u);
      expect(json.split('\n').filter((line) => line.startsWith('{"id"'))).toHaveLength(
        report.requirements.length + report.observations.length,
      );
    }),
    { numRuns: 50 },
  );
});
