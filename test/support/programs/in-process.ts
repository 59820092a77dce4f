import { vi } from 'vitest';
import { runCommand } from '../../../src/cli/commands.ts';

/** What a command wrote, and its exit code. */
export interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

let last: Promise<unknown> = Promise.resolve();

/**
 * Runs a command in this process, without its start, which takes longer than most commands: for commands that end by
 * themselves. They run one at a time, since they share the standard streams.
 */
export function command(...args: readonly string[]): Promise<Said> {
  const turn = last.then(() => run(args));
  last = turn.catch(() => undefined);
  return turn;
}

async function run(args: readonly string[]): Promise<Said> {
  const said = { stdout: '', stderr: '' };
  const into = (stream: 'stdout' | 'stderr') => (text: string | Uint8Array) => {
    said[stream] += typeof text === 'string' ? text : Buffer.from(text).toString();
    return true;
  };
  const line = (stream: 'stdout' | 'stderr') => (text: string) => void into(stream)(`${text}\n`);
  // yargs writes to the console, which is not the standard streams here: vitest has its own.
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation(into('stdout')),
    vi.spyOn(process.stderr, 'write').mockImplementation(into('stderr')),
    vi.spyOn(console, 'log').mockImplementation(line('stdout')),
    vi.spyOn(console, 'error').mockImplementation(line('stderr')),
  ];
  // The test runner's variables about its own terminal are not for the command.
  vi.stubEnv('FORCE_COLOR', undefined);
  vi.stubEnv('COLUMNS', undefined);
  const before = process.exitCode;
  process.exitCode = undefined;
  try {
    await runCommand(args);
    return { code: exitCode(), ...said };
  } finally {
    process.exitCode = before;
    vi.unstubAllEnvs();
    for (const spy of spies) spy.mockRestore();
  }
}

/** If not set, everything went well. The command sets it in a way that the compiler cannot see. */
function exitCode(): number {
  const { exitCode: code } = process as { readonly exitCode?: string | number | undefined };
  return Number(code ?? 0);
}
