import type { Clock } from '../../runtime/clock.ts';
import { codeOf, messageOf } from '../../runtime/errors.ts';
import { within } from '../../runtime/wait.ts';
import { CannotTell } from '../control/cannot-tell.ts';
import type { Script } from './scripts.ts';

/** The part of the client library that is used. */
export interface RedisClient {
  connect(): Promise<unknown>;
  sendCommand(args: readonly string[]): Promise<unknown>;
  destroy(): void;
  on(event: 'error' | 'end', listener: (error: unknown) => void): unknown;
}

/** How long Redis may take for one answer, in real time. */
const ANSWER_MS = 2000;
/** How long it may take to connect; with the wait for other replicas of an emptied Redis, less than 5 s. */
export const CONNECT_MS = 1500;

/**
 * One connection to Redis. A command that is not answered in time fails, and so do all others until Redis answers
 * again.
 */
export class RedisConnection {
  readonly #newClient: () => RedisClient;
  readonly #wall: Clock;
  /** In the form of a command: the number of keys, then each key. */
  readonly #keys: readonly string[];
  #client: RedisClient | undefined;
  #opening: Promise<void> | undefined;
  #isOver = false;

  constructor(newClient: () => RedisClient, keys: readonly string[], wall: Clock) {
    this.#newClient = newClient;
    this.#keys = [String(keys.length), ...keys];
    this.#wall = wall;
  }

  /** Whether there is a connection that has answered until now. */
  get isOpen(): boolean {
    return this.#client !== undefined;
  }

  /** Opens a new connection; all callers in the meantime get the same one. @throws CannotTell */
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
      // It may have been closed for good in the meantime.
      if (isOpen !== true || this.#isOver) throw new Error('no answer');
      this.#client = client;
    } catch (error) {
      destroy(client);
      throw away(reasonOf(error), error);
    }
  }

  /** Runs a script. @throws CannotTell with 503 while Redis does not answer */
  async run(script: Script, args: readonly (string | number)[]): Promise<readonly unknown[]> {
    const client = this.#client;
    if (client === undefined) throw away('there is no connection');
    const command = ['EVALSHA', script.sha, ...this.#keys, ...args.map(String)];
    try {
      return heard(await this.#asked(client, command));
    } catch (error) {
      if (!messageOf(error).startsWith('NOSCRIPT')) throw this.#failed(client, error);
    }
    try {
      return heard(await this.#asked(client, ['EVAL', script.text, ...command.slice(2)]));
    } catch (error) {
      throw this.#failed(client, error);
    }
  }

  close(): void {
    const client = this.#client;
    this.#client = undefined;
    if (client !== undefined) destroy(client);
  }

  #asked(client: RedisClient, command: readonly string[]): Promise<unknown> {
    return within(this.#wall, ANSWER_MS, client.sendCommand(command));
  }

  #failed(client: RedisClient, error: unknown): Error {
    // An error inside a script is a fault of this program.
    if (error instanceof Error && /^(ERR|WRONGTYPE)$/.test(kindIn(error.message) ?? '')) return error;
    if (this.#client === client) this.close();
    return away(reasonOf(error));
  }
}

function heard(answer: unknown): readonly unknown[] {
  if (answer === undefined) throw new Error('no answer');
  return answer as readonly unknown[];
}

/** The error while Redis cannot be asked; the cause may hold a password. */
export function away(why: string, cause?: unknown): CannotTell {
  return new CannotTell(
    503,
    `The state in Redis cannot be reached (${why})`,
    'the same call when it is back',
    { cause },
  );
}

/** It leaves out the address, which may contain a password. */
function reasonOf(error: unknown): string {
  return codeOf(error) ?? firstWords(messageOf(error));
}

/** The error where Redis has the state of others. */
export function outcast(): CannotTell {
  return new CannotTell(
    503,
    'Other replicas have started over while this one was away',
    'this replica, restarted',
  );
}

/**
 * The word in an error of Redis that names its kind. Before Redis 7, an error inside a script comes after words that
 * say so. A long command without the password is answered as a protocol error.
 */
function kindIn(message: string): string | undefined {
  if (message.startsWith('ERR Protocol error: unauthenticated')) return 'NOAUTH';
  return (/^ERR Error running script .*?-([A-Z]{2,})\b/.exec(message) ?? /^([A-Z]{2,})\b/.exec(message))?.[1];
}

const CLUSTER = 'it is a cluster, where the keys are in several places';
const WHY: Readonly<Record<string, string>> = {
  OOM: 'it has no memory left',
  READONLY: 'it is a replica that takes no changes',
  NOREPLICAS: 'it has too few replicas to take changes',
  MISCONF: 'it cannot save to its disk',
  LOADING: 'it is still loading',
  BUSY: 'it is busy with a script',
  NOPERM: 'its user may not do this',
  ...{ CROSSSLOT: CLUSTER, MOVED: CLUSTER },
};

/** Keeps only the kind of an error of Redis. */
function firstWords(message: string): string {
  const kind = kindIn(message);
  if (kind === undefined) return message === 'no answer' ? message : 'the connection ended';
  return WHY[kind] === undefined ? kind : `${kind}: ${WHY[kind]}`;
}

function destroy(client: RedisClient): void {
  try {
    client.destroy();
  } catch {
    // It was closed already.
  }
}
