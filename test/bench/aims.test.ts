import { expect, it } from 'vitest';
import type { RealtimeResult } from '../../bench/load/plan.ts';
import { aimed, AIMS, aimsTable, type AimName } from '../../bench/report/aims.ts';
import { doubtsOf, tableOf } from '../../bench/report/report.ts';
import { compared } from '../../bench/report/row.ts';
import { pageText } from '../support/programs/page.ts';

it('BENCHMARKS.md has the list of aims', () => {
  expect(pageText('BENCHMARKS.md')).toContain(`\n${aimsTable()}\n`);
});

it.each([
  ['server CPU', 100, 130, 'ratio ≤ 1.3', true],
  ['server CPU', 100, 131, 'ratio ≤ 1.3', false],
  ['unpaced results', 100, 90, 'ratio ≥ 0.9', true],
  ['unpaced results', 100, 89, 'ratio ≥ 0.9', false],
  ['lateness p99', 5, 7, '≤ bare + 2 ms', true],
  ['lateness p99', 5, 7.5, '≤ bare + 2 ms', false],
  ['memory, idle', 40, 75, '≤ 75 MiB', true],
  ['memory, idle', 80, 76, '≤ 75 MiB', false],
] as const)('holds %s of %s and %s against its aim, %s: %s', (name, bare, fake, aim, met) => {
  expect(aimed(compared(name, '', bare, fake), name)).toMatchObject({ aim, met });
  // If the machine cannot measure something, the aim is not decided.
  expect(aimed(compared(name, '', bare, fake), name, false)).toMatchObject({ aim, met: undefined });
});

it('no aim is met if its number is missing', () => {
  for (const name of Object.keys(AIMS) as AimName[])
    expect([name, aimed(compared(name, '', NaN, NaN), name).met]).toEqual([name, false]);
});

it('numbers of sessions at which frames were not sent at their pace are not compared', () => {
  const both = (cpuUs: number, lateMs: number) => {
    const times = { p50: 0, p99: lateMs, max: lateMs };
    const result: RealtimeResult = {
      kind: 'realtime',
      ...{ serverCpuUs: cpuUs, loadCpuUs: 0, serverCores: 0, loadCores: 0, otherCores: 0 },
      ...{ latenessMs: times, answerMs: times, loadLatenessMs: times },
      ...{ early: 0, partialsPerSecond: 5, finalsPerSecond: 0.3, bytesPerSecond: 600 },
    };
    return { bare: [result], fake: [result] };
  };
  const scale = [
    { sessions: 100, both: both(110, 5) },
    { sessions: 1000, both: both(100, 20) },
    { sessions: 3000, both: both(50, 1800) },
  ];
  const flat = tableOf({ scale }).at(-1);

  expect(flat).toMatchObject({ measure: 'server CPU, most by least', fake: 1.1, met: true });
  expect(doubtsOf({ scale })).toEqual([expect.stringContaining('with 3000 sessions')]);
  expect(tableOf({ scale: scale.slice(2) }).at(-1)).toMatchObject({ fake: NaN, met: undefined });
});

it('each aim of a file has a line of its own', () => {
  const result = (events: number, seconds: number) => ({ events, seconds, peakBytes: 400 * 2 ** 20 });
  const rows = tableOf({
    file: {
      'one frame': result(9, 0.5),
      'many sessions': result(1_000_000, 8.5),
      'one session of an hour': result(50_000, 1),
    },
  });
  const met = Object.fromEntries(rows.map((row) => [row.measure, row.met]));

  expect(met).toMatchObject({
    'many sessions, judged in': true,
    'many sessions, memory': true,
    // 100,000 per second without the start, and 125,000 in many sessions.
    'one session of an hour, events judged': false,
  });
});
