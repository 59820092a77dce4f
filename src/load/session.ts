import type { SocketDialect } from '../protocol/dialects.ts';
import { DIALECTS } from '../protocol/dialects.ts';
import type { Clock } from '../runtime/clock.ts';
import { sleep } from '../runtime/wait.ts';
import { addressOf } from '../conformance/player/address.ts';
import type { Target } from '../conformance/player/target.ts';
import { WireClient } from '../conformance/wire-client/wire-client.ts';
import type { TraceFact } from '../wire/trace.ts';
import { LOAD_DIALECTS } from './dialects.ts';
import { meaningOf } from './heard.ts';
import type { Material } from './material.ts';
import type { Meter } from './meter.ts';
import type { Paced, Pacer } from './pacer.ts';

/** What all sessions of a load share. */
export interface LoadContext {
  readonly dialect: SocketDialect;
  readonly target: Target;
  readonly material: Material;
  readonly meter: Meter;
  readonly pacer: Pacer;
  readonly clock: Clock;
  /** Aborted when the run is stopped: sessions then end properly, and no more begin. */
  readonly stopping: AbortSignal;
}

/** How long a session waits for what is still to come once it has said that it ends. */
export const DRAIN_MS = 5000;
/** How long the answer to a flush may take that has no confirmation. */
const UNCONFIRMED_MS = 500;
/** How long a server has to answer a Close frame. */
const CLOSE_MS = 2000;
/** A client whose connection is lost tries again after this time, this often. */
const RECONNECT_MS = 1000;
const MOST_RECONNECTS = 3;
/** A server that reads nothing gets no more audio once this many bytes are unsent: as much as 16 s. */
const MOST_UNSENT_BYTES = 2 ** 19;
/** Why a connection fails on this machine, and not at the server. */
const OWN_FAILURES = ['EMFILE', 'ENFILE', 'EADDRNOTAVAIL', 'ENOBUFS', 'ENOMEM'];

/**
 * One session of a load, from when it is due until it is closed. A connection that the server ends before its time is
 * made again, as a client would do, for the rest of the session.
 */
export async function runSession(context: LoadContext, dueMs: number): Promise<void> {
  const { clock, meter, material, stopping } = context;
  const nowMs = clock.now();
  meter.began(nowMs);
  meter.time('lateness', nowMs - dueMs, nowMs);
  let doneMs = 0;
  for (let attempt = 0; attempt <= MOST_RECONNECTS; attempt++) {
    if (attempt > 0) {
      await sleep(clock, RECONNECT_MS * attempt, stopping);
      if (stopping.aborted) return;
      meter.count('reconnects');
    }
    const ended = await new Connection(context, attempt === 0 ? dueMs : clock.now(), doneMs).run();
    if (ended.kind !== 'lost') return;
    ({ doneMs } = ended);
    if (doneMs >= material.holdMs - RECONNECT_MS) return;
  }
}

type Ended = { readonly kind: 'over' } | { readonly kind: 'lost'; readonly doneMs: number };

/** One connection of a session. */
class Connection implements Paced {
  readonly #context: LoadContext;
  readonly #dueMs: number;
  /** Where in the material it begins. */
  readonly #fromMs: number;
  #client: WireClient | undefined;
  /** When the upgrade was answered. */
  #openMs = 0;
  #next = 0;
  #hasResult = false;
  #isPending = false;
  #isFlushed = false;
  #isDrained = false;
  #isTurnOpen = false;
  #flushedMs: number | undefined;
  #lastStartMs = -1;
  #candidateEndMs: number | undefined;
  #isSpoken: () => void = () => undefined;

  constructor(context: LoadContext, dueMs: number, fromMs: number) {
    this.#context = context;
    this.#dueMs = dueMs;
    this.#fromMs = fromMs;
  }

  async run(): Promise<Ended> {
    const { dialect, target, material, meter, clock, stopping } = this.#context;
    const { url, headers } = addressOf(material.session, dialect, target);
    const { establishMs } = target;
    const record = (fact: TraceFact) => this.#see(fact);
    const client = new WireClient({ url, headers, clock, establishMs, record, isForgetful: true });
    this.#client = client;
    const dialled = await client.dialled;
    const nowMs = clock.now();
    if (dialled.kind === 'failed') {
      meter.count(OWN_FAILURES.includes(dialled.code) ? 'own-failures' : 'failed');
      meter.tally(meter.failures, dialled.code);
      return { kind: 'over' };
    }
    if (dialled.kind === 'answered') {
      meter.count('refused');
      meter.tally(meter.refusals, String(dialled.status));
      return { kind: 'over' };
    }
    meter.time('handshake', nowMs - this.#dueMs, nowMs);
    meter.count('opened');
    meter.opened(1, nowMs);
    this.#openMs = nowMs;
    await this.#speak(client);
    const isLost = client.hasEnded && !stopping.aborted && !this.#isDrained;
    const doneMs = this.#fromMs + clock.now() - this.#openMs;
    if (!isLost) await this.#finish(client);
    meter.opened(-1, clock.now());
    if (isLost && doneMs < material.holdMs) {
      meter.count('closed-early');
      return { kind: 'lost', doneMs };
    }
    return { kind: 'over' };
  }

  /** Sends everything at its time, and waits until the session has lasted long enough, or has ended. */
  #speak(client: WireClient): Promise<void> {
    const { pacer, material, stopping } = this.#context;
    const { sends, holdMs } = material;
    while ((sends[this.#next]?.atMs ?? Infinity) < this.#fromMs) this.#next += 1;
    if (this.#fromMs > 0)
      for (const { atMs, what } of sends) if (atMs === 0 && typeof what === 'string') client.text(what);
    return new Promise((resolve) => {
      const done = () => {
        stopping.removeEventListener('abort', done);
        this.#isSpoken = () => undefined;
        resolve();
      };
      this.#isSpoken = done;
      stopping.addEventListener('abort', done);
      if (stopping.aborted || client.hasEnded) return done();
      const first = sends[this.#next]?.atMs ?? holdMs;
      pacer.add(this, this.#realMs(Math.min(first, holdMs)));
    });
  }

  step(nowMs: number): number | undefined {
    const { material, meter, stopping } = this.#context;
    const { sends, holdMs } = material;
    const client = this.#client;
    if (client === undefined || client.hasEnded || stopping.aborted) {
      this.#isSpoken();
      return undefined;
    }
    for (;;) {
      const send = sends[this.#next];
      if (send === undefined) break;
      const dueMs = this.#realMs(send.atMs);
      if (dueMs > nowMs) return dueMs;
      this.#next += 1;
      meter.time('lateness', this.#context.clock.now() - dueMs, nowMs);
      if (typeof send.what === 'string') client.text(send.what);
      else if (client.unsentByteCount < MOST_UNSENT_BYTES) client.binary(send.what);
    }
    const endMs = this.#realMs(holdMs);
    if (endMs > nowMs) return endMs;
    this.#isSpoken();
    return undefined;
  }

  /** Says that the session ends, waits for what is still to come, and closes it. */
  async #finish(client: WireClient): Promise<void> {
    const { dialect, meter, material, clock, stopping } = this.#context;
    const wasStopped = stopping.aborted;
    if (!client.hasEnded && DIALECTS[dialect].audio === 'sent') {
      this.#isFlushed = true;
      this.#flushedMs = clock.now();
      client.text(LOAD_DIALECTS[dialect].end);
      // A flush that is not confirmed: without an open turn nothing need come.
      if (!LOAD_DIALECTS[dialect].isConfirmed) await client.until(() => client.hasEnded, UNCONFIRMED_MS);
      await client.until(() => client.hasEnded || this.#isComplete(dialect), DRAIN_MS);
      const isSilent = !this.#hasResult && material.hasSpeech && this.#fromMs === 0;
      if (!wasStopped && (this.#isPending || isSilent)) meter.count('lost-finals');
    }
    this.#isDrained = true;
    client.close(1000);
    await client.until(() => client.isOver, CLOSE_MS);
    client.abort('fin');
  }

  #isComplete(dialect: SocketDialect): boolean {
    return LOAD_DIALECTS[dialect].isConfirmed ? this.#isDrained : !this.#isTurnOpen;
  }

  #see(fact: TraceFact): void {
    const { meter, clock, dialect } = this.#context;
    if (fact.kind === 'end') {
      if (this.#openMs > 0) meter.tally(meter.closes, String(fact.code));
      this.#isSpoken();
      return;
    }
    if (fact.kind === 'text' && fact.from === 'server') this.#hear(fact.text, clock.now(), dialect);
  }

  #hear(text: string, nowMs: number, dialect: SocketDialect): void {
    const { meter, target } = this.#context;
    const meaning = meaningOf(text, dialect, target.editions);
    switch (meaning.kind) {
      case 'partial': {
        const { startMs, endMs, hasText } = meaning;
        this.#result(nowMs, hasText);
        this.#isPending ||= hasText;
        this.#candidateEndMs = endMs;
        this.#isTurnOpen = true;
        const isNew = startMs !== undefined && startMs !== this.#lastStartMs;
        if (endMs !== undefined) this.#lag('partial-lag', endMs, nowMs);
        else if (isNew) this.#lag('partial-lag', startMs, nowMs);
        if (startMs !== undefined) this.#lastStartMs = startMs;
        break;
      }
      case 'final':
        meter.count('finals');
        this.#result(nowMs, meaning.hasText);
        this.#isPending = false;
        if (meaning.endMs !== undefined && meaning.hasText) this.#lag('final-lag', meaning.endMs, nowMs);
        break;
      case 'turn-end':
        meter.count('finals');
        if (this.#candidateEndMs !== undefined) this.#lag('final-lag', this.#candidateEndMs, nowMs);
        this.#isPending = false;
        this.#isTurnOpen = false;
        this.#candidateEndMs = undefined;
        break;
      case 'confirmation':
        if (this.#flushedMs !== undefined) meter.time('confirmation', nowMs - this.#flushedMs, nowMs);
        this.#isDrained ||= this.#isFlushed;
        break;
      case 'stopped':
        this.#isDrained ||= this.#isFlushed;
        break;
      case 'error':
        meter.count('errors');
        break;
      case 'other':
        break;
    }
  }

  #result(nowMs: number, hasText: boolean): void {
    const { meter } = this.#context;
    meter.count('results');
    if (!hasText || this.#hasResult) return;
    this.#hasResult = true;
    if (this.#fromMs === 0) meter.time('first-result', nowMs - this.#openMs, nowMs);
  }

  /** How long after a place in the audio of this connection it is. */
  #lag(name: 'partial-lag' | 'final-lag', audioMs: number, nowMs: number): void {
    // Audio that is fetched by the server has no times that are known here.
    if (DIALECTS[this.#context.dialect].audio !== 'sent') return;
    this.#context.meter.time(name, nowMs - (this.#openMs + audioMs), nowMs);
  }

  #realMs(atMs: number): number {
    return this.#openMs + atMs - this.#fromMs;
  }
}
