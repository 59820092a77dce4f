import { expect } from 'vitest';
import type { Dialect } from '../../src/protocol/dialects.ts';
import type { EditionNames } from '../../src/protocol/editions.ts';
import { startClientFake } from '../../src/cli/conformance/client-fake.ts';
import type { ClientRunOptions } from '../../src/conformance/client-run-options.ts';
import { SUITES } from '../../src/conformance/client/suites/suites.ts';
import { runClient, type ClientRun } from '../../src/conformance/run-client.ts';
import { withoutDelays, type Judged } from '../support/clients/again.ts';

/** Programs of one run at the same time; they spend nearly all of it waiting. */
const AT_ONCE = 8;

/** Characters of an event that are shown. */
const LONGEST_LINE = 300;

/** The time limit of a test in which plays may be made again: only one that hangs takes so long. */
export const AGAIN_MS = 900_000;

/** Where a program writes its reports. */
export type ReportsOn = 'fd3' | 'stdout';

/** A program that was judged, and how it is played again. */
export interface JudgedProgram extends Judged {
  readonly run: ClientRun;
}

/** Judges a program with the whole suite of a dialect, as `understudy conformance client` does. */
export async function judged(
  dialect: Dialect,
  [command, ...args]: readonly [string, ...string[]],
  editions: Partial<EditionNames> = {},
  reportsOn: ReportsOn = 'fd3',
  atOnce = AT_ONCE,
): Promise<JudgedProgram> {
  const options: ClientRunOptions = {
    dialect,
    editions,
    startFake: startClientFake,
    client: { kind: 'command', command, args, reportsOn },
    environment: { PATH: process.env['PATH'] },
    concurrency: atOnce,
    // A client may be slow while many others run.
    timeoutMs: 60_000,
  };
  const play = (scenarios: readonly string[]) => runClient({ ...options, scenarios, concurrency: 1 });
  return { dialect, editions, run: await runClient(options), play };
}

/**
 * Expects a client to break nothing, not even a SHOULD, and to exercise everything that it can in the suite. What a busy
 * machine has spoilt is played again. Returns the run that was judged last.
 */
export async function expectConforming(
  program: JudgedProgram,
  never: readonly string[] = [],
): Promise<ClientRun> {
  const run = await withoutDelays(program.run, { ...program, never });
  const { report, plays } = run;
  const beyond: readonly string[] = SUITES[program.dialect].beyond.map(({ id }) => id);
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
  return run;
}
