import { fork, type ChildProcess } from 'node:child_process';
import { setMaxListeners } from 'node:events';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Clock } from '../../runtime/clock.ts';
import { UserError } from '../../runtime/errors.ts';
import { CannotTell } from '../control/cannot-tell.ts';
import type { FromWorker, WorkerQuestion, Questions, Start, ToWorker } from './messages.ts';

/** How a worker ended without being told to. */
export interface Loss {
  readonly worker: string;
  /** ISO 8601. */
  readonly at: string;
  readonly reason: string;
}

/** A process that has connections, seen from the one that listens. */
export interface Member {
  readonly name: string;
  readonly socketPath: string;
  /** Whether it takes connections: it has begun, and answers. */
  readonly isThere: boolean;
  /** Set when it has ended. */
  readonly loss: Loss | undefined;
  /**
   * Aborted while it does not answer, and for good when it has ended; the reason is what waiting calls are rejected
   * with.
   */
  readonly silence: AbortSignal;
  send(message: ToWorker, socket?: Socket): void;
  ask<Q extends WorkerQuestion>(question: Q, given: Questions[Q][0]): Promise<Questions[Q][1]>;
}

/** How workers are started, and what is called when something happens to them. */
export interface CrewOptions {
  readonly count: number;
  /** Real time. */
  readonly wall: Clock;
  readonly startOf: (name: string) => Start;
  /** The time of day, ISO 8601. */
  readonly timeOfDay: () => string;
  readonly onMessage: (message: FromWorker, member: Member) => void;
  readonly onBegun: (member: Member) => void;
  readonly onLost: (member: Member, loss: Loss) => void;
}

const PROGRAM = fileURLToPath(new URL('./worker.js', import.meta.url));
/** How long a worker may take to begin, in real time: it may have many recordings to read. */
const BEGIN_MS = 120_000;
const HEARTBEAT_MS = 1000;
/** A worker that has not answered this many heartbeats counts as one that does not respond. */
const MOST_MISSED = 5;
/** A worker that ends sooner than this after it has begun is replaced after a pause that doubles each time. */
const SHORT_LIFE_MS = 10_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
/** How long a worker has to end when it has nothing left to do, in real time. */
const LEAVE_MS = 2000;

/** The processes that have the connections. One that ends is replaced by another with another name. */
export class Crew {
  readonly #options: CrewOptions;
  #members: readonly OneMember[] = [];
  #named = 0;
  #pauseMs = 0;
  #isStopped = false;
  #cancelBeat: (() => void) | undefined;
  readonly #cancelBegin = new Set<() => void>();

  constructor(options: CrewOptions) {
    this.#options = options;
  }

  /** Those that are running, the oldest first. */
  get members(): readonly Member[] {
    return this.#members;
  }

  /** Whether fewer answer than there should be. */
  get isDegraded(): boolean {
    return this.#members.filter(({ isThere }) => isThere).length < this.#options.count;
  }

  /** Starts all of them, and resolves when they take connections. Rejects, with none left, if one cannot. */
  async start(): Promise<void> {
    try {
      await Promise.all(Array.from({ length: this.#options.count }, () => this.#add()));
    } catch (error) {
      await this.stop();
      throw error;
    }
    this.#beat();
  }

  /** Asks all of them. Rejects with CannotTell if one does not answer: a partial answer would be wrong. */
  askAll<Q extends WorkerQuestion>(question: Q, given: Questions[Q][0]): Promise<readonly Questions[Q][1][]> {
    // A worker that has not begun has no sessions.
    const begun = this.#members.filter(({ begunMs }) => begunMs !== undefined);
    return Promise.all(begun.map((member) => member.ask(question, given)));
  }

  /** Ends all of them. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancelBeat?.();
    for (const cancel of this.#cancelBegin) cancel();
    const { wall } = this.#options;
    await Promise.all(
      this.#members.map(async (member) => {
        const cancel = wall.at(wall.now() + LEAVE_MS, () => member.kill());
        member.leave();
        await member.ended;
        cancel();
      }),
    );
  }

  #add(): Promise<void> {
    this.#named += 1;
    const start = this.#options.startOf(`w${this.#named}`);
    const member = new OneMember(start, this.#options);
    this.#members = [...this.#members, member];
    const { wall } = this.#options;
    const cancel = wall.at(wall.now() + BEGIN_MS, () => member.kill());
    this.#cancelBegin.add(cancel);
    void member.ended.then((reason) => this.#ended(member, reason));
    return member.begun.finally(() => {
      cancel();
      this.#cancelBegin.delete(cancel);
    });
  }

  #ended(member: OneMember, reason: string): void {
    this.#members = this.#members.filter((other) => other !== member);
    if (this.#isStopped) return;
    const { wall, timeOfDay, onLost } = this.#options;
    const loss = { worker: member.name, at: timeOfDay(), reason };
    member.lose(loss);
    // The caller that waits for a worker to begin handles its failure to do so.
    if (member.begunMs === undefined && this.#cancelBeat === undefined) return;
    onLost(member, loss);
    const isShort = member.begunMs === undefined || wall.now() - member.begunMs < SHORT_LIFE_MS;
    this.#pauseMs = isShort ? Math.min(LONGEST_PAUSE_MS, Math.max(FIRST_PAUSE_MS, this.#pauseMs * 2)) : 0;
    const cancel = wall.at(wall.now() + this.#pauseMs, () => {
      this.#cancelBegin.delete(cancel);
      this.#add().catch(() => undefined);
    });
    this.#cancelBegin.add(cancel);
  }

  #beat(): void {
    const { wall } = this.#options;
    this.#cancelBeat = wall.at(wall.now() + HEARTBEAT_MS, () => {
      for (const member of this.#members) member.beat();
      this.#beat();
    });
  }
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

class OneMember implements Member {
  readonly name: string;
  readonly socketPath: string;
  /** Resolves when it takes connections; rejects when it cannot. */
  readonly begun: Promise<void>;
  /** Resolves with the reason. */
  readonly ended: Promise<string>;
  begunMs: number | undefined;
  loss: Loss | undefined;
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, Waiting>();
  #calls = 0;
  #missed = 0;
  #silence = newSilence();

  constructor(start: Start, { wall, onMessage, onBegun }: CrewOptions) {
    this.name = start.name;
    this.socketPath = start.socketPath;
    // Its messages to users go to the standard error of the process that listens.
    const stdio = ['ignore', 'ignore', 'inherit', 'ipc'] as const;
    const child = fork(PROGRAM, [], { serialization: 'advanced', stdio: [...stdio] });
    this.#process = child;
    this.ended = new Promise((resolve) => {
      child.once('error', (error) => resolve(error.message));
      child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code ?? 0}`));
    });
    this.begun = new Promise((resolve, reject) => {
      const failed = (why: string) => reject(new UserError(`The worker ${this.name} did not begin: ${why}`));
      void this.ended.then(failed);
      child.on('message', (message: FromWorker) => {
        this.#heard();
        switch (message.kind) {
          case 'ready':
            this.begunMs = wall.now();
            onBegun(this);
            return resolve();
          case 'failed':
            return failed(message.message);
          case 'answer':
            return this.#answered(message);
          default:
            onMessage(message, this);
        }
      });
    });
    this.begun.catch(() => undefined);
    this.send(start);
  }

  get isThere(): boolean {
    return this.begunMs !== undefined && this.loss === undefined && !this.#silence.signal.aborted;
  }

  get silence(): AbortSignal {
    return this.#silence.signal;
  }

  send(message: ToWorker, socket?: Socket): void {
    // It may be gone; what is lost with it is reported when its end is seen.
    if (this.#process.connected) this.#process.send(message, socket, { keepOpen: false }, () => undefined);
    else socket?.destroy();
  }

  ask<Q extends WorkerQuestion>(question: Q, given: Questions[Q][0]): Promise<Questions[Q][1]> {
    const { signal } = this.#silence;
    if (signal.aborted) return Promise.reject(signal.reason as Error);
    const call = (this.#calls += 1);
    return new Promise((resolve, reject) => {
      // The answer has the type that goes with the question.
      this.#waiting.set(call, { resolve: resolve as (value: unknown) => void, reject });
      this.send({ kind: 'ask', call, question, given });
    });
  }

  beat(): void {
    this.#missed += 1;
    if (this.#missed > MOST_MISSED) this.#fallSilent(noAnswerOf(this.name));
    if (this.begunMs !== undefined) {
      this.#calls += 1;
      this.send({ kind: 'ask', call: this.#calls, question: 'ping', given: undefined });
    }
  }

  /** Takes note that it has ended. */
  lose(loss: Loss): void {
    this.loss = loss;
    this.#fallSilent(noAnswerOf(this.name));
  }

  leave(): void {
    if (this.#process.connected) this.#process.disconnect();
  }

  kill(): void {
    this.#process.kill('SIGKILL');
  }

  #heard(): void {
    this.#missed = 0;
    if (this.#silence.signal.aborted && this.loss === undefined) this.#silence = newSilence();
  }

  #fallSilent(error: CannotTell): void {
    if (!this.#silence.signal.aborted) this.#silence.abort(error);
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }

  #answered(message: Extract<FromWorker, { kind: 'answer' }>): void {
    const waiting = this.#waiting.get(message.call);
    this.#waiting.delete(message.call);
    if ('error' in message) waiting?.reject(new Error(`${this.name}: ${message.error}`));
    else waiting?.resolve(message.value);
  }
}

/** Any number of calls may wait for one worker. */
function newSilence(): AbortController {
  const silence = new AbortController();
  setMaxListeners(0, silence.signal);
  return silence;
}

function noAnswerOf(name: string): CannotTell {
  return new CannotTell(504, `The worker ${name} does not answer`, 'the same call later, or POST reset');
}
