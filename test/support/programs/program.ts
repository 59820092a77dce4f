import { spawn, type ChildProcess } from 'node:child_process';
import type { ServerUrls } from '../../../src/mock-server/addresses.ts';
import { processesOn } from '../../../src/runtime/platform/processes.ts';
import { CLI } from './cli.ts';

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/**
 * A little less than a test may take, so that a failing test reports what it waited for; nothing else takes this long.
 */
const PATIENCE_MS = 100_000;

/** The test runner's variables about its own terminal are not for the programs that it starts. */
export const PLAIN: NodeJS.ProcessEnv = { ...process.env, FORCE_COLOR: undefined, COLUMNS: undefined };

/** A program that a test started. Its output is kept from the beginning, and it does not outlive its test. */
export class Program implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #watchers = new Set<() => void>();
  #exit: Exit | undefined;
  #taken = 0;
  stdout = '';
  stderr = '';
  /** The time limit of each wait; a slow program may be given more. */
  patienceMs = PATIENCE_MS;

  constructor(command: string, args: readonly string[], env: NodeJS.ProcessEnv = PLAIN) {
    // A process group of its own, so that everything it starts ends with it.
    const detached = processesOn().hasGroups;
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env, detached });
    this.#child = child;
    child.stdout.setEncoding('utf8').on('data', (text: string) => this.#changed(() => (this.stdout += text)));
    child.stderr.setEncoding('utf8').on('data', (text: string) => this.#changed(() => (this.stderr += text)));
    child.on('error', (error) => this.#changed(() => (this.stderr += error.message)));
    child.on('close', (code, signal) => this.#changed(() => (this.#exit = { code, signal })));
  }

  /** The next line of standard output. Rejects when there are no more. */
  line(): Promise<string> {
    return this.#wait('a line on standard output', () => {
      const end = this.stdout.indexOf('\n', this.#taken);
      if (end < 0) {
        if (this.#exit !== undefined) throw this.#failure('ended before it wrote a line');
        return undefined;
      }
      const line = this.stdout.slice(this.#taken, end);
      this.#taken = end + 1;
      return line;
    });
  }

  /** Resolves when both outputs together contain a match of `pattern`. */
  said(pattern: RegExp): Promise<void> {
    return this.#wait(String(pattern), () => {
      if (pattern.test(this.stdout + this.stderr)) return true;
      if (this.#exit !== undefined) throw this.#failure(`ended before it said ${String(pattern)}`);
      return undefined;
    }).then(() => undefined);
  }

  /** How it ended, once it has ended and all its output has arrived. */
  get exit(): Promise<Exit> {
    return this.#wait('its end', () => this.#exit);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Closes standard output, as a reader such as `head` does. */
  leave(): void {
    this.#child.stdout?.destroy();
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { pid } = this.#child;
    if (this.#exit === undefined && pid !== undefined) processesOn().signalGroup(pid, 'SIGKILL');
    await this.exit;
  }

  #changed(change: () => unknown): void {
    change();
    for (const watcher of [...this.#watchers]) watcher();
  }

  /** Waits until `look` finds something. The wait fails if it throws, and after the time-out. */
  #wait<T>(what: string, look: () => T | undefined): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const done = () => {
        clearTimeout(timer);
        this.#watchers.delete(watch);
      };
      const watch = () => {
        try {
          const found = look();
          if (found === undefined) return;
          resolve(found);
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
        done();
      };
      const timer = setTimeout(() => {
        done();
        reject(this.#failure(`waited ${this.patienceMs} ms for ${what}`));
      }, this.patienceMs);
      this.#watchers.add(watch);
      watch();
    });
  }

  #failure(why: string): Error {
    return new Error(`${why}\n--- stdout\n${this.stdout}\n--- stderr\n${this.stderr}`);
  }
}

/** Runs the built command. */
export function understudy(args: readonly string[], env?: NodeJS.ProcessEnv): Program {
  return new Program(process.execPath, [CLI, ...args], env);
}

/** The fake as a separate program. */
export interface ServedFake extends AsyncDisposable {
  readonly urls: ServerUrls;
  readonly program: Program;
}

/** Starts the fake on a free port and waits until it can be connected to. */
export async function serve(...flags: readonly string[]): Promise<ServedFake> {
  const program = understudy(['serve', '--port', '0', '--json', ...flags]);
  const dispose = () => program[Symbol.asyncDispose]();
  try {
    const { event, ...urls } = JSON.parse(await program.line()) as ServerUrls & { event: unknown };
    if (event !== 'listening') throw new Error(`the first event was ${String(event)}`);
    return { urls, program, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}
