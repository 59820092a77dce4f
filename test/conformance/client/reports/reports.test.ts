import { describe, expect, it } from 'vitest';
import {
  clientReport,
  readReportLine,
  readReports,
} from '../../../../src/conformance/client/reports/reports.ts';
import { newRedactor } from '../../../../src/wire/redact/redact.ts';
import { titled } from '../../../support/titled.ts';

describe('a line', () => {
  it.each([
    ['a state', { event: 'state', state: 'listening' }],
    ['an empty display', { event: 'display', text: '' }],
    ['a final with another field', { event: 'final', text: 'hi', more: { deep: [1] } }],
    ['an error with a message', { event: 'error', kind: 'timeout', message: 'too long' }],
    ['an error without a message', { event: 'error', kind: 'other' }],
    ['a closed connection', { event: 'closed', code: 1006 }],
    ['an unknown event', { event: 'exited', code: 0 }],
    ['an event without a name', { event: '' }],
  ])('is read as a report: %s', (_what, report) => {
    expect(readReportLine(` ${JSON.stringify(report)}\r`)).toEqual({ kind: 'report', report });
  });

  const WRONG: readonly (readonly [text: string | undefined, why: string])[] = [
    [undefined, 'the line is longer than 65536 bytes'],
    ['{"event":"fin', 'expected JSON'],
    ['hello', 'expected JSON'],
    ['[{"event":"final"}]', 'expected a JSON object'],
    ['null', 'expected a JSON object'],
    ['"state"', 'expected a JSON object'],
    ['{"text":"hi"}', 'expected an object with an "event"'],
    ['{"event":7}', 'expected an object with an "event"'],
    ['{"event":"state"}', 'state: Invalid input: expected string, received undefined'],
    ['{"event":"display","text":7}', 'text: Invalid input: expected string, received number'],
    ['{"event":"final","text":null}', 'text: Invalid input: expected string, received null'],
    [
      '{"event":"error","kind":"bad"}',
      'kind: Invalid option: expected one of "timeout"|"auth"|"closed"|"server"|"other"',
    ],
    ['{"event":"closed","code":"1006"}', 'code: Invalid input: expected number, received string'],
    ['{"event":"closed","code":1.5}', 'code: Invalid input: expected int, received number'],
    [`{"event":"x","a":${'['.repeat(30_000)}${']'.repeat(30_000)}}`, 'expected at most 16 levels of objects'],
  ];
  it.each(titled(WRONG, ([, why]) => why))('is refused: %s (case %$)', (_title, [text, why]) => {
    expect(readReportLine(text)).toEqual({ kind: 'wrong', why });
  });
});

it('a report in a trace is read again, without unknown fields', () => {
  expect(clientReport({ event: 'final', text: 'hi', more: 1 })).toEqual({ event: 'final', text: 'hi' });
  expect(clientReport({ event: 'exited', code: 0 })).toBeUndefined();
  expect(clientReport({ event: 'closed' })).toBeUndefined();
});

describe('lines', () => {
  it('are listed in order, with the mistakes of some of them, and without secrets', async () => {
    const redactor = newRedactor();
    redactor.learn('some-token');
    const lines = [
      { atMs: 1, text: '{"event":"display","text":"some-token","key":12345678}' },
      { atMs: 2, text: `${'x'.repeat(75)}some-token` },
      { atMs: 3, text: undefined },
    ];
    const wrong = [`expected JSON, got "${'x'.repeat(75)}redac"`, 'the line is longer than 65536 bytes'];

    expect(await readReports(lines, redactor)).toEqual({
      told: [
        {
          atMs: 1,
          fact: { kind: 'report', report: { event: 'display', text: 'redacted-1', key: 'redacted-2' } },
        },
        ...wrong.map((why, i) => {
          return { atMs: i + 2, fact: { kind: 'note', message: `A report of the client is wrong: ${why}` } };
        }),
      ],
      faults: wrong.map((why, i) => `Report ${i + 2}: ${why}`),
      faultCount: 2,
    });
  });

  it('that are wrong are listed up to a limit, and counted', async () => {
    const lines = Array.from({ length: 1000 }, (_, atMs) => ({ atMs, text: 'x' }));
    const { told, faults, faultCount } = await readReports(lines, newRedactor());
    expect([told.length, faults.length, faultCount]).toEqual([20, 20, 1000]);
  });
});
