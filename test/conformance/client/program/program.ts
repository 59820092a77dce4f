import { readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import {
  runCommand,
  type CommandOptions,
  type CommandRun,
} from '../../../../src/conformance/client/program/run-command.ts';
import { realClock } from '../../../../src/runtime/clock.ts';
import { newRedactor } from '../../../../src/wire/redact/redact.ts';
import { folder } from '../../../support/programs/folder.ts';

/** Longer than anything here takes on a busy machine; only a failing test waits this long. */
const PATIENCE_MS = 60_000;

let runs = 0;

/** Runs a program as the runner does. */
export function run(
  command: string,
  args: readonly string[],
  options: Partial<CommandOptions> = {},
): Promise<CommandRun> {
  const clock = realClock();
  return runCommand({
    command,
    args,
    env: { PATH: process.env['PATH'] ?? '' },
    reportsOn: 'fd3',
    timeoutMs: PATIENCE_MS,
    graceMs: 300,
    run: `test-${process.pid}-${(runs += 1)}`,
    clock,
    now: () => clock.now(),
    redactor: newRedactor(),
    ...options,
  });
}

/** Runs a script for /bin/sh. */
export function sh(script: string, options: Partial<CommandOptions> = {}): Promise<CommandRun> {
  return run('/bin/sh', ['-c', script], options);
}

/** Runs a script for Node.js, from a file of its own. */
export async function node(script: string, options: Partial<CommandOptions> = {}): Promise<CommandRun> {
  await using files = await folder();
  const path = files.path('client.mjs');
  await writeFile(path, script);
  return await run(process.execPath, [path], options);
}

/** The reports of a run, as they were written. */
export function reported(given: CommandRun): readonly unknown[] {
  return given.reports.told.map(({ fact }) => (fact.kind === 'report' ? fact.report : fact));
}

/** Whether a process is still running: one that has ended but was not yet waited for is not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2));
  } catch {
    return process.platform !== 'linux';
  }
}

/** Descriptors of this process that are open. */
export function descriptorCount(): number {
  return process.platform === 'linux' ? readdirSync('/proc/self/fd').length : 0;
}
