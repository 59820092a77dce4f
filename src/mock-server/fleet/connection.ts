import type { Clock } from '../../runtime/clock.ts';
import { codeOf, messageOf } from '../../runtime/errors.ts';
import { within } from '../../runtime/wait.ts';
import { CannotTell } from '../control/cannot-tell.ts';
import type { Script } from './scripts.ts';

/** What is needed of the client library. */
export interface RedisClient {
  connect(): Promise<unknown>;
  sendCommand(args: readonly string[]): Promise<unknown>;
  destroy(): void;
  on(event: 'error' | 'end', listener: (error: unknown) => void): unknown;
}

/** How long Redis may take for one answer, in real time. */
export const ANSWER_MS = 2000;
const CONNECT_MS = 2000;

/** One connection to Redis. What is not answered in time is an error, and so is everything until it answers again. */
export class Connection {
  readonly #newClient: () => RedisClient;
  readonly #wall: Clock;
  readonly #keys: readonly string[];
  #client: RedisClient | undefined;
  #opening: Promise<void> | undefined;
  #isOver = false;

  constructor(newClient: () => RedisClient, keys: readonly string[], wall: Clock) {
    this.#newClient = newClient;
    this.#keys = keys;
    this.#wall = wall;
  }

  /** Whether there is one that has answered so far. */
  get isOpen(): boolean {
    return this.#client !== undefined;
  }

  /** Makes a new connection, one for all who ask for it meanwhile. @throws CannotTell */
  open(): Promise<void> {
    return (this.#opening ??= this.#open().finally(() => (this.#opening = undefined)));
  }

  /** Closes it for good. */
  end(): void {
    this.#isOver = true;
    this.close();
  }

  async #open(): Promise<void> {
    this.close();
    const client = this.#newClient();
    const lost = () => {
      if (this.#client === client) this.#client = undefined;
    };
    client.on('error', lost);
    client.on('end', lost);
    try {
      const isOpen = await within(
        this.#wall,
        CONNECT_MS,
        client.connect().then(() => true),
      );
      // It may have been closed for good meanwhile.
      if (isOpen !== true || this.#isOver) throw new Error('no answer');
      this.#client = client;
    } catch (error) {
      destroy(client);
      throw away(error);
    }
  }

  /** Runs a script. @throws CannotTell with 503 while Redis does not answer */
  async run(script: Script, args: readonly (string | number)[]): Promise<readonly unknown[]> {
    const client = this.#client;
    if (client === undefined) throw away();
    const rest = [String(this.#keys.length), ...this.#keys, ...args.map(String)];
    try {
      const answer = await this.#answered(client, ['EVALSHA', script.sha, ...rest]);
      return answer as readonly unknown[];
    } catch (error) {
      if (!messageOf(error).startsWith('NOSCRIPT')) throw this.#failed(client, error);
    }
    try {
      return (await this.#answered(client, ['EVAL', script.text, ...rest])) as readonly unknown[];
    } catch (error) {
      throw this.#failed(client, error);
    }
  }

  close(): void {
    const client = this.#client;
    this.#client = undefined;
    if (client !== undefined) destroy(client);
  }

  async #answered(client: RedisClient, command: readonly string[]): Promise<unknown> {
    const answer = await within(this.#wall, ANSWER_MS, client.sendCommand(command));
    if (answer === undefined) throw new Error('no answer');
    return answer;
  }

  #failed(client: RedisClient, error: unknown): Error {
    // A mistake in a script is one of ours.
    if (error instanceof Error && /^(ERR|WRONGTYPE)\b/.test(error.message)) return error;
    if (this.#client === client) this.close();
    return away(error);
  }
}

/** What is said while Redis cannot be asked. The address is not, as it may hold a password. */
export function away(error?: unknown): CannotTell {
  const why = error === undefined ? '' : ` (${codeOf(error) ?? firstWords(messageOf(error))})`;
  return new CannotTell(503, `The state in Redis cannot be reached${why}`, 'another call when it is back');
}

/** Of an answer of Redis only the word that says what kind of error it is. */
function firstWords(message: string): string {
  return /^[A-Z]{2,}\b/.exec(message)?.[0] ?? (message === 'no answer' ? message : 'the connection ended');
}

function destroy(client: RedisClient): void {
  try {
    client.destroy();
  } catch {
    // It was closed already.
  }
}
