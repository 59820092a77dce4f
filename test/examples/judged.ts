import type { Dialect } from '../../src/protocol/dialects.ts';
import type { EditionNames } from '../../src/protocol/editions.ts';
import { expect } from 'vitest';
import { startClientFake } from '../../src/cli/conformance/client-fake.ts';
import { SUITES } from '../../src/conformance/client/suites/suites.ts';
import { runClient, type ClientRun } from '../../src/conformance/run-client.ts';

/** Programs of one run at the same time; they spend nearly all of it waiting. */
const AT_ONCE = 8;

/** Characters of an event that are shown. */
const LONGEST_LINE = 300;

/** Where a program writes its reports. */
export type ReportsOn = 'fd3' | 'stdout';

/** Judges a program with the whole suite of a dialect, as `understudy conformance client` does. */
export function judged(
  dialect: Dialect,
  [command, ...args]: readonly [string, ...string[]],
  editions: Partial<EditionNames> = {},
  reportsOn: ReportsOn = 'fd3',
  atOnce = AT_ONCE,
): Promise<ClientRun> {
  return runClient({
    dialect,
    editions,
    startFake: startClientFake,
    client: { kind: 'command', command, args, reportsOn },
    environment: { PATH: process.env['PATH'] },
    concurrency: atOnce,
    // A client may be slow while many others run.
    timeoutMs: 60_000,
  });
}

/** Expects a client to break nothing, not even a SHOULD, and to exercise everything that it can in the suite. */
export function expectConforming({ report, plays }: ClientRun, never: readonly string[] = []): void {
  const beyond: readonly string[] = SUITES[report.subject.dialect as Dialect].beyond.map(({ id }) => id);
  const rest = report.requirements.filter(({ verdict }) => verdict !== 'pass');
  // The traces are shown, because only they tell whether a finding is the fault of a busy machine.
  const traces = plays.filter(({ name }) => rest.some((each) => 'play' in each && each.play === name));
  const lines = traces.flatMap(({ events }) =>
    events.map((event) => JSON.stringify(event).slice(0, LONGEST_LINE)),
  );
  const shown = [JSON.stringify([report.notes, rest], null, 1), ...lines].join('\n');
  expect({ outcome: report.outcome, notes: report.notes }, shown).toEqual({
    outcome: 'conforming',
    notes: [],
  });
  const open = rest.map(({ id }) => id).filter((id) => !beyond.includes(id));
  expect(open.sort(), shown).toEqual([...never].sort());
}
