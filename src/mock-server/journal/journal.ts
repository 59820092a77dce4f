import type { Peer } from '../../wire/trace.ts';
import type { RedactorOptions } from '../../wire/redact/redact.ts';
import { StandIns } from '../../wire/redact/stand-ins.ts';
import { SessionLog, type LogKeeper } from './session-log.ts';
import { SharedTexts } from './shared-texts.ts';

/** How much is remembered of connections and requests, for `sessions`, traces and the control API. */
export interface JournalOptions {
  /** The number of connections that are kept, and of plain HTTP requests; 0 keeps none. */
  readonly sessions: number;
  /** The approximate size of all events together, in bytes. */
  readonly bytes: number;
  /** Whether the bytes of audio are kept, with a hash. It costs memory and a tenth of the processor time. */
  readonly audio: boolean;
}

/** The messages between clients and the server. */
export interface MessageCounts {
  readonly client: number;
  readonly server: number;
}

/** When the journal is full and no session has ended, open sessions keep this share of it. */
const KEPT_WHEN_CUT = 0.5;
/** The share of the journal that one event may take. */
const MOST_OF_ONE_EVENT = 0.25;

/**
 * What each connection and each plain HTTP request did. Its size is bounded: the session that ended first is forgotten
 * first; when nothing has ended, the longest of the open ones lose their oldest events.
 */
export class Journal implements LogKeeper {
  readonly keepsAudio: boolean;
  readonly mostEventBytes: number;
  readonly secrets: readonly string[];
  readonly redaction: RedactorOptions;
  /** Shared by everything in the journal. */
  readonly standIns: StandIns;
  readonly #options: JournalOptions;
  readonly #now: () => number;
  readonly #open = new Map<string, SessionLog>();
  readonly #ended = new Map<string, SessionLog>();
  readonly #requests = new Map<string, SessionLog>();
  readonly #counts: Record<Peer, number> = { client: 0, server: 0 };
  readonly #texts = new SharedTexts();
  #begunRequests = 0;
  #byteCount = 0;
  #forgotten = 0;

  constructor(
    options: JournalOptions,
    now: () => number,
    secrets: readonly string[],
    redaction: RedactorOptions = {},
  ) {
    this.#options = options;
    this.#now = now;
    this.secrets = secrets;
    this.standIns = redaction.standIns ?? new StandIns();
    this.redaction = { ...redaction, standIns: this.standIns };
    this.keepsAudio = options.audio;
    this.mostEventBytes = options.bytes * MOST_OF_ONE_EVENT;
  }

  get byteCount(): number {
    return this.#byteCount;
  }

  /** Messages that have crossed the wire, whether or not they are still in the journal. */
  get messages(): MessageCounts {
    return this.#counts;
  }

  /** The events of connections and requests that have been forgotten. */
  get forgottenEvents(): number {
    return this.#forgotten;
  }

  /** How many connections and requests are kept. */
  get size(): number {
    return this.#open.size + this.#ended.size + this.#requests.size;
  }

  /** The log of a new connection. */
  begin(id: string): SessionLog {
    const { sessions } = this.#options;
    const log = new SessionLog(id, this, sessions === 0);
    if (sessions === 0) return log;
    this.#open.set(id, log);
    while (this.#open.size + this.#ended.size > sessions) {
      this.#drop(this.#ended.size > 0 ? this.#ended : this.#open);
    }
    return log;
  }

  /** Numbers plain HTTP requests from here on, so that replicas give different numbers. */
  numberRequestsAfter(number: number): void {
    this.#begunRequests = number;
  }

  /** The log of a plain HTTP request, or of an upgrade that is refused. */
  beginRequest(): SessionLog {
    const { sessions } = this.#options;
    const log = new SessionLog(`h${(this.#begunRequests += 1)}`, this, sessions === 0);
    if (sessions === 0) return log;
    this.#requests.set(log.id, log);
    if (this.#requests.size > sessions) this.#drop(this.#requests);
    return log;
  }

  get(id: string): SessionLog | undefined {
    return this.#open.get(id) ?? this.#ended.get(id) ?? this.#requests.get(id);
  }

  /** The connections in the order in which they came. */
  get connections(): readonly SessionLog[] {
    return [...this.#ended.values(), ...this.#open.values()].sort((a, b) => numberOf(a.id) - numberOf(b.id));
  }

  /** The plain HTTP requests in the order in which they came. */
  get requests(): readonly SessionLog[] {
    return [...this.#requests.values()];
  }

  /** Forgets one connection. */
  drop(id: string): void {
    for (const logs of [this.#ended, this.#open]) {
      const log = logs.get(id);
      if (log === undefined) continue;
      logs.delete(id);
      this.#forgotten += log.total;
      log.detach();
    }
  }

  /** Forgets what has ended, and what the others have done so far. */
  clear(): void {
    for (const logs of [this.#ended, this.#requests]) while (logs.size > 0) this.#drop(logs);
    for (const log of this.#open.values()) log.cut(0);
    this.#texts.clear();
  }

  now(): number {
    return this.#now();
  }

  shared(text: string): string {
    return this.#texts.of(text);
  }

  counted(from: Peer): void {
    this.#counts[from] += 1;
  }

  grew(bytes: number): void {
    this.#byteCount += bytes;
    if (bytes > 0 && this.#byteCount > this.#options.bytes) this.#makeRoom();
  }

  ended(log: SessionLog): void {
    if (this.#open.delete(log.id)) this.#ended.set(log.id, log);
  }

  #makeRoom(): void {
    const { bytes } = this.#options;
    while (this.#byteCount > bytes && this.#requests.size > 0) this.#drop(this.#requests);
    while (this.#byteCount > bytes && this.#ended.size > 0) this.#drop(this.#ended);
    if (this.#byteCount <= bytes) return;
    // All at once: finding the longest session for every single event would take too long.
    const share = (bytes * KEPT_WHEN_CUT) / this.#open.size;
    for (const log of this.#open.values()) if (log.byteCount > share) log.cut(share);
  }

  #drop(logs: Map<string, SessionLog>): void {
    for (const [id, log] of logs) {
      logs.delete(id);
      this.#forgotten += log.total;
      log.detach();
      return;
    }
  }
}

/** The number in an id: `7` of `s7`. */
export function numberOf(id: string): number {
  return Number(id.slice(1));
}
