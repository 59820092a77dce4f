import { inTenths } from '../../runtime/clock.ts';
import { binaryFact, textIn } from '../../wire/binary-fact.ts';
import { newRedactor, type Redactor, type RedactorOptions } from '../../wire/redact/redact.ts';
import type { Peer, TraceEvent, TraceFact } from '../../wire/trace.ts';
import type { Session } from '../open-session.ts';
import type { Audible } from '../session/levels.ts';

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

// An event is three slots of one array: the time (tenths of a millisecond), the kind, and its text or byte count. An
// object for each event would be too much for a thousand sessions.
const WIDTH = 3;
const FACT = 0;
const TEXT = 2;
const BINARY = 4;
/** TEXT and BINARY are from the client; with this bit they are from the server. */
const SERVER = 1;
/** From this bit on, a binary event holds its number of messages. */
const FRAMES = 8;
/** An estimate of the size of the slots of an event. */
const EVENT_BYTES = 32;
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
  #slots: (number | string)[] = [];
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
    return this.#slots.length / WIDTH + this.dropped;
  }

  text(from: Peer, text: string): void {
    this.#keeper.counted(from);
    if (this.#isOff) return;
    if (from === 'server') this.#add(TEXT + SERVER, this.#keeper.shared(text));
    else this.#add(TEXT, text);
  }

  binary(from: Peer, bytes: Uint8Array): void {
    this.#keeper.counted(from);
    if (this.#isOff) return;
    if (this.#keeper.keepsAudio) return this.fact(binaryFact(from, bytes, true));
    // A command in the wrong kind of message is not audio.
    if (textIn(bytes) !== undefined) return this.fact(binaryFact(from, bytes, false));
    const kind = BINARY + (from === 'server' ? SERVER : 0);
    const last = this.#slots.length - WIDTH;
    const what = this.#slots[last + 1];
    const byteCount = this.#slots[last + 2];
    // Messages with nothing between them form one event.
    const isMore = typeof what === 'number' && what % FRAMES === kind && !this.#isSealed;
    if (!isMore || typeof byteCount !== 'number') return this.#add(kind + FRAMES, bytes.length);
    this.#slots[last + 1] = what + FRAMES;
    this.#slots[last + 2] = byteCount + bytes.length;
    this.#changed();
  }

  /** `atMs` is for events that are only later known to belong here; it must not lie before the last event. */
  fact(fact: TraceFact, atMs?: number): void {
    if (!this.#isOff) this.#add(FACT, JSON.stringify(fact), atMs);
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
    const count = this.#slots.length / WIDTH;
    let goneBytes = 0;
    let end = this.#head;
    for (; end < count && this.byteCount - goneBytes > mostBytes; end++) goneBytes += this.#bytesAt(end);
    this.#give(this.#head, end, goneBytes);
    if (this.byteCount > mostBytes) this.#giveAll();
  }

  /** Drops everything and records no more, because the journal is full. */
  detach(): void {
    const count = this.#slots.length / WIDTH;
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

  #add(what: number, payload: string | number, atMs = this.#keeper.now()): void {
    if (this.#isOff) return;
    const bytes = EVENT_BYTES + (typeof payload === 'string' ? payload.length : 0);
    if (bytes > this.#keeper.mostEventBytes) {
      return this.#add(FACT, JSON.stringify(tooLong(what, String(payload).length)), atMs);
    }
    this.#slots.push(Math.round(atMs * 10), what, payload);
    this.#isSealed = false;
    this.#count(bytes);
    this.#changed();
  }

  #count(bytes: number): void {
    this.byteCount += bytes;
    this.#keeper.grew(bytes);
  }

  #bytesAt(index: number): number {
    const payload = this.#slots[index * WIDTH + 2];
    return EVENT_BYTES + (typeof payload === 'string' ? payload.length : 0);
  }

  #giveAll(): void {
    this.#give(0, this.#slots.length / WIDTH, this.byteCount);
    this.#head = 0;
  }

  #give(from: number, to: number, bytes: number): void {
    const count = Math.min(to, this.#slots.length / WIDTH) - from;
    if (count <= 0) return;
    // What a client said may hold a secret that is repeated later.
    for (let index = Math.max(from, this.#cleanCount); index < from + count; index++) {
      if (this.#slots[index * WIDTH + 1] !== TEXT + SERVER) this.#redactAt(index);
    }
    this.#slots.splice(from * WIDTH, count * WIDTH);
    this.#cleanCount = Math.max(Math.min(this.#cleanCount, from), this.#cleanCount - count);
    this.dropped += count;
    // What follows is not a continuation of what is left.
    this.#isSealed = true;
    this.#count(-bytes);
  }

  #read(from: number, most = Infinity): LogPart {
    // No further than is read, so that a long log that is read in parts holds nothing up.
    this.#clean(Math.max(this.#head, from - this.dropped) + most);
    const count = this.#slots.length / WIDTH;
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
    const tenths = this.#slots[index * WIDTH] ?? Math.round(this.#keeper.now() * 10);
    const message = `${dropped} events are missing here: the journal keeps a limited number of bytes`;
    return { session: this.id, atMs: Number(tenths) / 10, kind: 'note', message, dropped };
  }

  #eventAt(index: number): TraceEvent {
    const atMs = Number(this.#slots[index * WIDTH] ?? 0) / 10;
    return { session: this.id, atMs, ...this.#factAt(index) };
  }

  #factAt(index: number): TraceFact {
    const what = Number(this.#slots[index * WIDTH + 1]);
    const payload = this.#slots[index * WIDTH + 2] ?? '';
    if (typeof payload === 'string') {
      // Our own JSON, so it can be parsed.
      if (what === FACT) return JSON.parse(payload) as TraceFact;
      return { kind: 'text', from: peerOf(what), text: payload };
    }
    const frameCount = Math.floor(what / FRAMES);
    const frames = frameCount === 1 ? {} : { frameCount };
    return { kind: 'binary', from: peerOf(what), byteCount: payload, ...frames };
  }

  /** Redacts the events before the `until`-th that is here. */
  #clean(until = Infinity): void {
    const count = Math.min(until, this.#slots.length / WIDTH);
    if (this.#cleanCount >= count) return;
    let bytes = 0;
    for (let index = this.#cleanCount; index < count; index++) bytes += this.#redactAt(index);
    this.#cleanCount = count;
    if (bytes !== 0) this.#count(bytes);
  }

  /** Returns by how many bytes the event has grown. */
  #redactAt(index: number): number {
    const at = index * WIDTH + 2;
    const payload = this.#slots[at];
    if (typeof payload !== 'string') return 0;
    const fact = this.#redacting().fact(this.#factAt(index));
    const redacted = fact.kind === 'text' ? fact.text : JSON.stringify(fact);
    this.#slots[at] = redacted;
    return redacted.length - payload.length;
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

function peerOf(what: number): Peer {
  return what % 2 === SERVER ? 'server' : 'client';
}

function tooLong(what: number, characters: number): TraceFact {
  const who = what === FACT ? '' : ` of the ${peerOf(what)}`;
  const message = `A message${who} is missing here: ${characters} characters are too long for the journal`;
  return { kind: 'note', message, dropped: 1 };
}
