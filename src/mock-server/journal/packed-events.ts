import type { Peer, TraceFact } from '../../wire/trace.ts';

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

/** The approximate size in bytes of an event with a text of that many characters. */
export function bytesOf(characters: number): number {
  return EVENT_BYTES + characters;
}

/** A list of events that takes little memory. Texts and binary messages, which are most of them, are not objects. */
export class PackedEvents {
  readonly #slots: (number | string)[] = [];

  get count(): number {
    return this.#slots.length / WIDTH;
  }

  /** @param atMs kept in tenths */
  text(atMs: number, from: Peer, text: string): void {
    this.#slots.push(Math.round(atMs * 10), TEXT + bitOf(from), text);
  }

  binary(atMs: number, from: Peer, byteCount: number): void {
    this.#slots.push(Math.round(atMs * 10), BINARY + bitOf(from) + FRAMES, byteCount);
  }

  /** Counts another binary message into the last event, if that consists of some of the same side. */
  moreBinary(from: Peer, byteCount: number): boolean {
    const last = this.#slots.length - WIDTH;
    const what = this.#slots[last + 1];
    const soFar = this.#slots[last + 2];
    if (typeof what !== 'number' || what % FRAMES !== BINARY + bitOf(from) || typeof soFar !== 'number') {
      return false;
    }
    this.#slots[last + 1] = what + FRAMES;
    this.#slots[last + 2] = soFar + byteCount;
    return true;
  }

  /** Any other event, as JSON. */
  fact(atMs: number, json: string): void {
    this.#slots.push(Math.round(atMs * 10), FACT, json);
  }

  /** When the event at a place happened; undefined after the last one. */
  atMs(index: number): number | undefined {
    const tenths = this.#slots[index * WIDTH];
    return tenths === undefined ? undefined : Number(tenths) / 10;
  }

  at(index: number): TraceFact {
    const what = Number(this.#slots[index * WIDTH + 1]);
    const payload = this.#slots[index * WIDTH + 2] ?? '';
    const from = what % 2 === SERVER ? 'server' : 'client';
    if (typeof payload === 'string') {
      // Our own JSON, so it can be parsed.
      return what === FACT ? (JSON.parse(payload) as TraceFact) : { kind: 'text', from, text: payload };
    }
    const frameCount = Math.floor(what / FRAMES);
    const frames = frameCount === 1 ? {} : { frameCount };
    return { kind: 'binary', from, byteCount: payload, ...frames };
  }

  isServerText(index: number): boolean {
    return this.#slots[index * WIDTH + 1] === TEXT + SERVER;
  }

  /** The approximate size of the event at a place. */
  bytesAt(index: number): number {
    const payload = this.#slots[index * WIDTH + 2];
    return bytesOf(typeof payload === 'string' ? payload.length : 0);
  }

  /** Alters an event that has a text. Returns by how many bytes it has grown. */
  alter(index: number, altered: (fact: TraceFact) => TraceFact): number {
    const at = index * WIDTH + 2;
    const payload = this.#slots[at];
    if (typeof payload !== 'string') return 0;
    const fact = altered(this.at(index));
    const instead = fact.kind === 'text' ? fact.text : JSON.stringify(fact);
    this.#slots[at] = instead;
    return instead.length - payload.length;
  }

  remove(from: number, count: number): void {
    this.#slots.splice(from * WIDTH, count * WIDTH);
  }
}

function bitOf(from: Peer): number {
  return from === 'server' ? SERVER : 0;
}
