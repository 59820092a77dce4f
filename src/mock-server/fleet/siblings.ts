import { request as askHttp } from 'node:http';
import type { Clock } from '../../runtime/clock.ts';
import { codeOf } from '../../runtime/errors.ts';
import { sleep } from '../../runtime/wait.ts';
import { CannotTell } from '../control/cannot-tell.ts';
import { SECRET_HEADER, type Answers, type ReplicaQuestion } from './questions.ts';
import type { SeenReplica } from './terms.ts';

/** Another replica. */
export interface Sibling {
  readonly name: string;
  readonly address: URL;
  /** Aborted while it does not answer; the reason is the CannotTell of calls that wait for it. */
  readonly silence: AbortSignal;
}

/** Without a heartbeat for this long, a replica counts as not answering. */
const SILENT_MS = 3000;
/** Without one for this long, it counts as gone. */
export const GONE_MS = 30_000;
/** How long one answer may take, in real time. */
const ANSWER_MS = 10_000;
/** How long a replica may take for a question whose answer means that something was done, such as moving its clock. */
const DO_MS = 60_000;
/** A connection that was reset is tried again after this time, for as long as a heartbeat may be late. */
const AGAIN_MS = 100;
const LONGEST_ANSWER_BYTES = 256 * 2 ** 20;

/** What a replica needs to reach the others. */
export interface SiblingsOptions {
  readonly wall: Clock;
  readonly name: string;
  readonly secret: string;
  /** A replica is gone. */
  readonly onGone: (name: string, reason: string) => Promise<void>;
}

interface Known extends Sibling {
  readonly controller: AbortController;
  ageMs: number;
  isLookedAt: boolean;
}

/** A replica was found to be gone, and is no longer asked. */
export class Gone extends CannotTell {
  constructor(name: string) {
    super(504, `The replica ${name} has just ended`, 'the same call again');
  }
}

/** The other replicas, and what can be asked of them. */
export class Siblings {
  readonly #options: SiblingsOptions;
  #known = new Map<string, Known>();
  /** When heartbeats began to be heard again; earlier ones show nothing. */
  #sinceMs: number;
  #isHearing = false;

  constructor(options: SiblingsOptions) {
    this.#options = options;
    this.#sinceMs = options.wall.now();
  }

  get all(): readonly Sibling[] {
    return [...this.#known.values()];
  }

  find(name: string): Sibling | undefined {
    return this.#known.get(name);
  }

  /** Whether one of them does not answer. */
  get isAnySilent(): boolean {
    return this.all.some(({ silence }) => silence.aborted);
  }

  /** From now on no heartbeats are heard. */
  deafen(): void {
    this.#isHearing = false;
  }

  /** Takes note of the heartbeats. */
  hear(seen: readonly SeenReplica[]): void {
    const { wall, name: own } = this.#options;
    if (!this.#isHearing) this.#sinceMs = wall.now();
    this.#isHearing = true;
    const next = new Map<string, Known>();
    for (const { name, address, ageMs } of seen) {
      if (name === own) continue;
      const heardMs = Math.min(ageMs, wall.now() - this.#sinceMs);
      const before = this.#known.get(name);
      const isSilent = heardMs > SILENT_MS;
      // A replica that answers again is treated as before.
      const isSame = before !== undefined && (isSilent || !before.silence.aborted);
      const sibling = isSame ? before : newSibling(name, address);
      sibling.ageMs = heardMs;
      if (isSilent) {
        sibling.controller.abort(noAnswerOf(name));
        void this.#look(sibling);
      }
      if (heardMs > GONE_MS) void this.#gone(name, 'no heartbeat');
      next.set(name, sibling);
    }
    for (const [name, sibling] of this.#known)
      if (!next.has(name)) sibling.controller.abort(noAnswerOf(name));
    this.#known = next;
  }

  /** Asks all of them. Rejects with CannotTell if one does not answer: a part of the answer would be a wrong one. */
  askAll<Q extends ReplicaQuestion>(question: Q, given: Answers[Q][0]): Promise<readonly Answers[Q][1][]> {
    return Promise.all([...this.#known.values()].map((sibling) => this.ask(sibling, question, given)));
  }

  /** @throws Gone if it is found to be gone, and another CannotTell if it does not answer */
  async ask<Q extends ReplicaQuestion>(
    sibling: Sibling,
    question: Q,
    given: Answers[Q][0],
  ): Promise<Answers[Q][1]> {
    const { wall } = this.#options;
    const limitMs = question === 'reached' ? DO_MS : ANSWER_MS;
    const endMs = wall.now() + SILENT_MS;
    for (;;) {
      if (sibling.silence.aborted) throw sibling.silence.reason;
      try {
        // Its answer has the type of its question.
        return await this.#asked(sibling, question, given, limitMs);
      } catch (error) {
        if (error instanceof CannotTell) throw error;
        const code = codeOf(error);
        if (code === 'ECONNREFUSED' && (await this.#gone(sibling.name, 'it no longer listens')))
          throw new Gone(sibling.name);
        // The end of a process resets its connections before its address refuses others.
        if (code !== 'ECONNRESET' || wall.now() >= endMs) throw noAnswerOf(sibling.name);
        await sleep(wall, AGAIN_MS);
      }
    }
  }

  /** What has happened to a replica whose connection broke off: this one asks it whether it is there. */
  async broken(sibling: Sibling): Promise<CannotTell> {
    try {
      await this.ask(sibling, 'ping', undefined);
    } catch (error) {
      if (error instanceof CannotTell) return error;
      throw error;
    }
    return noAnswerOf(sibling.name);
  }

  #asked(sibling: Sibling, question: ReplicaQuestion, given: unknown, limitMs: number): Promise<unknown> {
    const { secret, wall } = this.#options;
    const headers = { [SECRET_HEADER]: secret, 'content-type': 'application/json' };
    return new Promise((resolve, reject) => {
      const { silence: signal, address } = sibling;
      const url = new URL(`/ask/${question}`, address);
      const asked = askHttp(url, { method: 'POST', headers, agent: false, signal }, (answer) => {
        const parts: Buffer[] = [];
        let byteCount = 0;
        answer.on('data', (part: Buffer) => {
          parts.push(part);
          byteCount += part.length;
          if (byteCount > LONGEST_ANSWER_BYTES) asked.destroy(new Error('the answer is too long'));
        });
        answer.on('error', failed);
        answer.on('end', () => {
          cancel();
          const text = Buffer.concat(parts).toString();
          if (answer.statusCode !== 200) return reject(new Error(`${sibling.name}: ${text.slice(0, 200)}`));
          resolve(text === '' ? undefined : JSON.parse(text));
        });
      });
      const failed = (error: Error) => {
        cancel();
        reject(signal.aborted ? (signal.reason as Error) : error);
      };
      const cancel = wall.at(wall.now() + limitMs, () => asked.destroy(noAnswerOf(sibling.name)));
      asked.on('error', failed);
      asked.end(JSON.stringify(given ?? null));
    });
  }

  /** A replica that has been silent for a while is gone if its address no longer accepts connections. */
  async #look(sibling: Known): Promise<void> {
    if (sibling.isLookedAt) return;
    sibling.isLookedAt = true;
    const { wall } = this.#options;
    const looked = newSibling(sibling.name, sibling.address.href);
    const cancel = wall.at(wall.now() + SILENT_MS, () => looked.controller.abort(noAnswerOf(sibling.name)));
    await this.ask(looked, 'ping', undefined).catch(() => undefined);
    cancel();
    sibling.isLookedAt = false;
  }

  /** Returns whether it could be noted. */
  #gone(name: string, reason: string): Promise<boolean> {
    return this.#options.onGone(name, reason).then(
      () => true,
      () => false,
    );
  }
}

function newSibling(name: string, address: string): Known {
  const controller = new AbortController();
  return {
    name,
    address: new URL(address),
    controller,
    silence: controller.signal,
    ageMs: 0,
    isLookedAt: false,
  };
}

/** The answer to calls that need a replica that does not answer. */
export function noAnswerOf(name: string): CannotTell {
  return new CannotTell(504, `The replica ${name} does not answer`, 'the same call later, or POST reset');
}
