import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Program } from '../../support/programs/program.ts';
import { freePort } from '../../support/programs/free-port.ts';

/** Debian's Redis on a port of its own, which by default saves nothing. */
export class Redis implements AsyncDisposable {
  readonly url: string;
  readonly #args: readonly string[];
  readonly #folder: string;
  #program: Program;

  private constructor(url: string, args: readonly string[], folder: string) {
    this.url = url;
    this.#args = args;
    this.#folder = folder;
    this.#program = new Program('redis-server', args);
  }

  static async start(...more: readonly string[]): Promise<Redis> {
    const folder = await mkdtemp(join(tmpdir(), 'understudy-redis-'));
    const port = await freePort();
    const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', folder, ...more];
    const redis = new Redis(`redis://127.0.0.1:${port}`, args, folder);
    await redis.#program.said(/Ready to accept connections/);
    return redis;
  }

  signal(signal: NodeJS.Signals): void {
    this.#program.signal(signal);
  }

  /** The addresses at which the replicas of a group reach each other, in the order in which they started. */
  addresses(prefix = 'understudy'): readonly string[] {
    const lines = this.ask('HGETALL', `${prefix}:members`).split('\n');
    const members = lines.flatMap((name, at) =>
      at % 2 === 0 && name !== '' ? [[name, lines[at + 1] ?? ''] as const] : [],
    );
    return members.sort(([a], [b]) => a.localeCompare(b)).map(([, text]) => text.replace(/^\d+ /, ''));
  }

  /** The value of a field of what tests set; '' if there is none. */
  said(field: string, prefix = 'understudy'): string {
    return this.ask('HGET', `${prefix}:said`, field);
  }

  /** Runs a command in it, and returns the answer. */
  ask(...command: readonly string[]): string {
    return execFileSync('redis-cli', ['-u', this.url, ...command], { encoding: 'utf8' }).trim();
  }

  /** Ends it as a crash would. */
  async kill(): Promise<void> {
    await this.#program[Symbol.asyncDispose]();
  }

  /** Starts it again at the same address, with what it has saved, if anything. */
  async startAgain(...more: readonly string[]): Promise<void> {
    this.startLoading(...more);
    await this.#program.said(/Ready to accept connections/);
  }

  /** Does the same, without waiting until it has loaded what it has saved. */
  startLoading(...more: readonly string[]): void {
    this.#program = new Program('redis-server', [...this.#args, ...more]);
  }

  /** The folder to which it saves. */
  get folder(): string {
    return this.#folder;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
