import { inTenths } from '../../runtime/clock.ts';
import { binaryFact, textIn } from '../../wire/binary-fact.ts';
import { newRedactor, type Redactor, type RedactorOptions } from '../../wire/redact/redact.ts';
import type { Peer, TraceEvent, TraceFact } from '../../wire/trace.ts';
import type { Session } from '../open-session.ts';
import type { Audible } from '../session/levels.ts';
import { bytesOf, PackedEvents } from './packed-events.ts';

/** What a log needs from its journal. */
export interface LogKeeper {
  /** Scenario milliseconds. */
  now(): number;
  /** Whether the bytes of binary messages are kept. */
  readonly keepsAudio: boolean;
  /** An event that takes more than this many bytes is not kept. */
  readonly mostEventBytes: number;
  /** Secrets that are known regardless of what clients say. */
  readonly secrets: readonly string[];
  /** The names of other secrets, and the stand-ins, which all sessions share so that traces can be compared. */
  readonly redaction: RedactorOptions;
  /** A message crossed the wire. */
  counted(from: Peer): void;
  /** The same text: a copy that is kept already, if there is one. */
  shared(text: string): string;
  /** The log has grown (or shrunk) by this many bytes; the keeper may call `cut()` before it returns. */
  grew(bytes: number): void;
  ended(log: SessionLog): void;
}

/** Part of a log, and where the next part begins. */
export interface LogPart {
  readonly events: readonly TraceEvent[];
  readonly next: number;
}

/** `nl`, `en-GB`. */
const USUAL_LANGUAGE = /^[a-z]{2,3}([-_][a-z]{2})?$/i;
/** The text in place of any about a session whose secrets are no longer known. */
const FORGOTTEN = '(not shown, as this session is forgotten)';
/** The request and its answer are kept when the oldest events are dropped. */
const HEAD = 2;

/**
 * What crossed the wire on one connection. Events are stored as they came. They are redacted when they are first read,
 * and stay so: most are never read, and looking for secrets takes longer than everything else done with a message.
 * Nothing leaves a log unredacted.
 */
export class SessionLog {
  readonly id: string;
  /** The connection itself; a plain HTTP request has none. */
  session: Session | undefined;
  /** Set while the connection is open. */
  audible: Audible | undefined;
  isEnded = false;
  /** Scenario milliseconds. */
  readonly openedMs: number;
  /** The approximate size of the events, in bytes. */
  byteCount = 0;
  /** Dropped events, all of them after the head. */
  dropped = 0;
  readonly #keeper: LogKeeper;
  #isOff: boolean;
  readonly #events = new PackedEvents();
  #head = HEAD;
  /** How many of the events are redacted. */
  #cleanCount = 0;
  #redactor: Redactor | undefined;
  /** Events are gone that were never redacted, so the secrets in them are unknown. */
  #isForgotten = false;
  /** The last event has been read, so nothing may be added to it. */
  #isSealed = false;
  #watchers: Set<() => void> | undefined;

  constructor(id: string, keeper: LogKeeper, isOff: boolean) {
    this.id = id;
    this.#keeper = keeper;
    this.openedMs = inTenths(keeper.now());
    this.#isOff = isOff;
  }

  /** Whether nothing will be added any more. */
  get isOver(): boolean {
    return this.isEnded || this.#isOff;
  }

  /** The number of events so far, dropped ones included. */
  get total(): number {
    return this.#events.count + this.dropped;
  }

  text(from: Peer, text: string): void {
    this.#keeper.counted(from);
    if (this.#isOff) return;
    if (!this.#fits(text)) return this.#missing(text, this.#keeper.now(), from);
    this.#events.text(this.#keeper.now(), from, from === 'server' ? this.#keeper.shared(text) : text);
    this.#added(bytesOf(text.length));
  }

  binary(from: Peer, bytes: Uint8Array): void {
    this.#keeper.counted(from);
    if (this.#isOff) return;
    if (this.#keeper.keepsAudio) return this.fact(binaryFact(from, bytes, true));
    // A command in the wrong kind of message is not audio.
    if (textIn(bytes) !== undefined) return this.fact(binaryFact(from, bytes, false));
    // Messages with nothing between them form one event.
    if (!this.#isSealed && this.#events.moreBinary(from, bytes.length)) return this.#changed();
    this.#events.binary(this.#keeper.now(), from, bytes.length);
    this.#added(bytesOf(0));
  }

  /** `atMs` is for events that are only later known to belong here; it must not lie before the last event. */
  fact(fact: TraceFact, atMs = this.#keeper.now()): void {
    if (this.#isOff) return;
    const json = JSON.stringify(fact);
    if (!this.#fits(json)) return this.#missing(json, atMs);
    this.#events.fact(atMs, json);
    this.#added(bytesOf(json.length));
  }

  /** Adds the last event, if given. Nothing is added after this. */
  end(fact?: TraceFact): void {
    if (this.isEnded) return;
    if (fact !== undefined) this.fact(fact);
    this.isEnded = true;
    this.#keeper.ended(this);
    this.#changed();
  }

  /** All events that are left, redacted. */
  events(): readonly TraceEvent[] {
    return this.#read(0).events;
  }

  /** The last events, at most `count`. */
  tail(count: number): readonly TraceEvent[] {
    const from = Math.max(0, this.total - count);
    // A gap is reported as one.
    return this.#read(from < this.#head + this.dropped ? Math.min(from, this.#head) : from).events;
  }

  /** The events from the `from`-th on, at most `most`. What has been read no longer changes. */
  part(from: number, most: number): LogPart {
    this.#isSealed = true;
    return this.#read(from, most);
  }

  /** Text about this session, without its secrets; a placeholder once these are no longer known. */
  redact(text: string): string {
    if (this.#isForgotten) return FORGOTTEN;
    this.#clean();
    return this.#redacting().text(text);
  }

  /** The language that the client asked for. In its usual form it is no secret, and looking for one takes long. */
  shownLanguage(language: string): string {
    return USUAL_LANGUAGE.test(language) ? language : this.redact(language);
  }

  /** Calls back whenever something is added, and at the end. Call the returned function to stop it. */
  watch(callback: () => void): () => void {
    const watchers = (this.#watchers ??= new Set());
    watchers.add(callback);
    return () => void watchers.delete(callback);
  }

  /** Drops the oldest events until the log takes at most this many bytes; the head is dropped last. */
  cut(mostBytes: number): void {
    const count = this.#events.count;
    let goneBytes = 0;
    let end = this.#head;
    for (; end < count && this.byteCount - goneBytes > mostBytes; end++)
      goneBytes += this.#events.bytesAt(end);
    this.#give(this.#head, end, goneBytes);
    if (this.byteCount > mostBytes) this.#giveAll();
  }

  /** Drops everything and records no more, because the journal is full. */
  detach(): void {
    const count = this.#events.count;
    // After the end of a session, no text about it could be shown that may repeat a secret. Looking for them would take
    // longer than all else that was done for most sessions.
    if (this.isEnded && this.#cleanCount < count) {
      this.#isForgotten = true;
      this.#cleanCount = count;
    }
    this.#giveAll();
    this.#isOff = true;
    this.#changed();
  }

  #fits(text: string): boolean {
    return bytesOf(text.length) <= this.#keeper.mostEventBytes;
  }

  /** A note in the place of what is too long to be kept. */
  #missing({ length }: string, atMs: number, from?: Peer): void {
    const who = from === undefined ? '' : ` of the ${from}`;
    const message = `A message${who} is missing here: ${length} characters are too long for the journal`;
    const json = JSON.stringify({ kind: 'note', message, dropped: 1 } satisfies TraceFact);
    this.#events.fact(atMs, json);
    this.#added(bytesOf(json.length));
  }

  #added(bytes: number): void {
    this.#isSealed = false;
    this.#count(bytes);
    this.#changed();
  }

  #count(bytes: number): void {
    this.byteCount += bytes;
    this.#keeper.grew(bytes);
  }

  #giveAll(): void {
    this.#give(0, this.#events.count, this.byteCount);
    this.#head = 0;
  }

  #give(from: number, to: number, bytes: number): void {
    const count = Math.min(to, this.#events.count) - from;
    if (count <= 0) return;
    // What a client said may hold a secret that is repeated later.
    for (let index = Math.max(from, this.#cleanCount); index < from + count; index++) {
      if (!this.#events.isServerText(index)) this.#redactAt(index);
    }
    this.#events.remove(from, count);
    this.#cleanCount = Math.max(Math.min(this.#cleanCount, from), this.#cleanCount - count);
    this.dropped += count;
    // What follows is not a continuation of what is left.
    this.#isSealed = true;
    this.#count(-bytes);
  }

  #read(from: number, most = Infinity): LogPart {
    // No further than is read, so that a long log that is read in parts holds nothing up.
    this.#clean(Math.max(this.#head, from - this.dropped) + most);
    const count = this.#events.count;
    // Without its head, the dropped events come first.
    const head = Math.min(this.#head, count);
    const events: TraceEvent[] = [];
    let next = from;
    for (; next < head && events.length < most; next++) events.push(this.#eventAt(next));
    if (events.length >= most) return { events, next };
    if (next < head + this.dropped) {
      events.push(this.#dropNote(head + this.dropped - next, head));
      next = head + this.dropped;
    }
    for (; next < count + this.dropped && events.length < most; next++) {
      events.push(this.#eventAt(next - this.dropped));
    }
    return { events, next };
  }

  #dropNote(dropped: number, index: number): TraceEvent {
    const atMs = this.#events.atMs(index) ?? inTenths(this.#keeper.now());
    const message = `${dropped} events are missing here: the journal keeps a limited number of bytes`;
    return { session: this.id, atMs, kind: 'note', message, dropped };
  }

  #eventAt(index: number): TraceEvent {
    return { session: this.id, atMs: this.#events.atMs(index) ?? 0, ...this.#events.at(index) };
  }

  /** Redacts the events before the `until`-th that is here. */
  #clean(until = Infinity): void {
    const count = Math.min(until, this.#events.count);
    if (this.#cleanCount >= count) return;
    let bytes = 0;
    for (let index = this.#cleanCount; index < count; index++) bytes += this.#redactAt(index);
    this.#cleanCount = count;
    if (bytes !== 0) this.#count(bytes);
  }

  /** Returns by how many bytes the event has grown. */
  #redactAt(index: number): number {
    return this.#events.alter(index, (fact) => this.#redacting().fact(fact));
  }

  #redacting(): Redactor {
    if (this.#redactor !== undefined) return this.#redactor;
    const redactor = newRedactor(this.#keeper.redaction);
    for (const secret of this.#keeper.secrets) redactor.learn(secret);
    return (this.#redactor = redactor);
  }

  #changed(): void {
    if (this.#watchers !== undefined) for (const callback of this.#watchers) callback();
  }
}
