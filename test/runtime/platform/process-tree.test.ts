import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { processesOn } from '../../../src/runtime/platform/processes.ts';
import { processTree, RUN_VARIABLE } from '../../../src/runtime/platform/process-tree.ts';
import { isAlive } from '../../conformance/client/program/program.ts';

const RUN = `process-tree-${process.pid}`;

/** Starts another process that leaves its group, prints the ids of both, and stays alive. */
const WITH_STRAY = `
  const { spawn } = require('node:child_process');
  const stray = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)'], { detached: true, stdio: 'ignore' });
  console.log(process.pid + ' ' + stray.pid);
  setTimeout(() => {}, 60000);`;

const hasGroups = process.platform !== 'win32';

interface Family {
  readonly parent: number;
  readonly stray: number;
  readonly hasEnded: () => boolean;
}

async function family(): Promise<Family> {
  const child = spawn(process.execPath, ['-e', WITH_STRAY], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, [RUN_VARIABLE]: RUN },
    detached: hasGroups,
  });
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  const [parent = 0, stray = 0] = line.split(' ').map(Number);
  return { parent, stray, hasEnded: () => child.exitCode !== null || child.signalCode !== null };
}

describe('the process tree of a program', () => {
  it('is killed as a whole on this platform', async () => {
    const { parent, stray, hasEnded } = await family();
    const others = processTree(parent, RUN, hasEnded).kill();

    await expect.poll(() => [isAlive(parent), isAlive(stray)]).toEqual([false, false]);
    expect(others).toBe(hasGroups);
  });

  // As on macOS, which has only ps(1).
  it.runIf(hasGroups)('is also found by ps, and ends when it is asked to', async () => {
    const { parent, stray, hasEnded } = await family();
    const tree = processTree(parent, RUN, hasEnded, processesOn('darwin'));
    const found = tree.find().map(({ pid }) => pid);
    const killAsked = tree.ask();

    expect(found.sort()).toEqual([parent, stray].sort());
    await expect.poll(() => [isAlive(parent), isAlive(stray)]).toEqual([false, false]);
    killAsked();
    expect(tree.kill()).toBe(false);
  });
});

it('a process with a reused id is not taken for the one before', () => {
  const signals: unknown[] = [];
  const lists = ['7 1 7 S Mon\n8 7 8 S Mon\n', '8 1 8 S Tue\n', '8 1 8 S Tue\n'];
  const processes = processesOn('darwin', {
    run: () => lists.shift() ?? '',
    kill: (pid, signal) => signals.push([pid, signal]),
  });

  processTree(7, RUN, () => false, processes).ask();
  expect(signals).toEqual([[-7, 'SIGTERM']]);
});

it('zombies do not count', () => {
  const run = () => '7 1 7 Z Mon\n  8 1 7 S+ Mon Nov  2 10:00:00 2026\n';
  const processes = processesOn('darwin', { run, kill: () => undefined });

  expect(processes.living()).toEqual([{ pid: 8, parent: 1, group: 7, began: 'Mon Nov 2 10:00:00 2026' }]);
});

describe('on Windows', () => {
  const calls = (status: 'knows /T' | 'does not') => {
    const made: unknown[] = [];
    const processes = processesOn('win32', {
      run(command, args) {
        made.push([command, ...args].join(' '));
        return status === 'knows /T' ? '' : undefined;
      },
      kill: (pid, signal) => made.push([pid, signal]),
    });
    return { made, processes };
  };

  it('a program is ended with its children by taskkill', () => {
    const { made, processes } = calls('knows /T');
    processTree(7, RUN, () => false, processes).ask();

    expect(made).toEqual(['taskkill /PID 7 /T /F']);
  });

  it('at least the program itself is ended if taskkill fails', () => {
    const { made, processes } = calls('does not');
    expect(processTree(7, RUN, () => false, processes).kill()).toBe(false);

    expect(made).toEqual(['taskkill /PID 7 /T /F', [7, 'SIGKILL']]);
  });

  it('nothing is done with the id of a program that has ended', () => {
    const { made, processes } = calls('knows /T');
    const tree = processTree(7, RUN, () => true, processes);
    tree.ask()();
    tree.kill();

    expect(made).toEqual([]);
  });
});

it.runIf(hasGroups)('group 1 and group 0 are never signalled', () => {
  const signals: number[] = [];
  const processes = processesOn('linux', { run: () => undefined, kill: (pid) => signals.push(pid) });
  for (const group of [0, 1]) processes.signalGroup(group, 'SIGKILL');

  expect(signals).toEqual([]);
});
