import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { CLI } from './cli.ts';
import { PLAIN } from './program.ts';

/** What a command wrote, and its exit code. */
export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const HOST = fileURLToPath(new URL('./host.mjs', import.meta.url));

/** Processes that have run a command. The next command runs in one of them, because everything is loaded there. */
const idle: ChildProcess[] = [];

/**
 * Runs the built command to its end in a process that other commands have run in, since a short command spends most of
 * its time loading modules. For tests of the process itself (signals, its standard streams, when it ends, and
 * `--max-time`, which counts from its start) there is `understudy`.
 */
export async function hosted(args: readonly string[], env: NodeJS.ProcessEnv = PLAIN): Promise<Ran> {
  const host = idle.pop() ?? fork(HOST, { execArgv: [], stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  keepTests(host, true);
  const ended = new AbortController();
  const { signal } = ended;
  try {
    const answer = once(host, 'message', { signal });
    const gone = once(host, 'exit', { signal }).then(() => {
      throw new Error(`the process ended while it ran: understudy ${args.join(' ')}`);
    });
    host.send({ path: CLI, args, env: given(env) });
    const [ran] = (await Promise.race([answer, gone])) as [Ran];
    keepTests(host, false);
    idle.push(host);
    return ran;
  } finally {
    ended.abort();
  }
}

/** Without variables that have no value, which would become the word "undefined". */
function given(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined));
}

/** Processes that wait for a command do not keep the tests from ending, and end with them. */
function keepTests(host: ChildProcess, isKeeping: boolean): void {
  for (const each of [host, host.channel, host.stdout as Pick<ChildProcess, 'ref' | 'unref'> | null])
    if (isKeeping) each?.ref();
    else each?.unref();
}
