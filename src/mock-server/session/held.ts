import type { Frame } from '../../wire/frame.ts';
import type { Socket } from '../../wire/socket.ts';

/** What a session sends, in the order in which it does. */
export type Outgoing =
  | { readonly kind: 'frame'; readonly frame: Frame }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'close'; readonly code?: number | undefined; readonly reason?: string | undefined };

/** A message of the server that is held, or what it does below the level of messages and at the end. */
export interface HeldMessage {
  /** Counts what was held on this connection, from 1. */
  readonly id: number;
  /** `bytes` are written below the level of messages; `close` is a Close frame. */
  readonly kind: 'text' | 'binary' | 'bytes' | 'close';
  /** Of a text. */
  readonly text?: string;
  /** Of a binary message and of bytes. */
  readonly byteCount?: number;
  /** Of a Close frame that has one. */
  readonly code?: number;
}

/** More than this are not held: all of them are let go, in their order. */
export const MOST_HELD = 1000;
export const MOST_HELD_BYTES = 4 * 2 ** 20;

interface Held {
  readonly id: number;
  what: Outgoing;
}

/** Holds what a session sends, until it is let go. */
export class Hold {
  readonly #socket: Socket;
  readonly #note: (message: string) => void;
  #held: Held[] = [];
  #byteCount = 0;
  #last = 0;
  #isOn = false;

  /** @param note takes what a reader of the journal has to know */
  constructor(socket: Socket, note: (message: string) => void) {
    this.#socket = socket;
    this.#note = note;
  }

  /** Whether what comes now is held. */
  get isOn(): boolean {
    return this.#isOn;
  }

  get messages(): readonly HeldMessage[] {
    return this.#held.map(({ id, what }) => ({ id, ...shown(what) }));
  }

  start(): void {
    this.#isOn = true;
  }

  add(what: Outgoing): void {
    this.#held.push({ id: (this.#last += 1), what });
    this.#byteCount += bytesOf(what);
    if (this.#held.length <= MOST_HELD && this.#byteCount <= MOST_HELD_BYTES) return;
    this.#note(
      `${this.#held.length} messages were held, and no more can be: all of them were let go, and nothing is held now`,
    );
    this.release();
  }

  /** Sends the oldest ones. Without a number all of them, and nothing is held from then on. Returns how many were sent. */
  release(count = Infinity): number {
    const due = this.#held.splice(0, count);
    if (count === Infinity) this.#isOn = false;
    for (const { what } of due) {
      this.#byteCount -= bytesOf(what);
      deliver(this.#socket, what);
    }
    return due.length;
  }

  /** Puts another message in the place of one. Returns whether it was held. */
  replace(id: number, frame: Frame): boolean {
    const found = this.#held.find((held) => held.id === id);
    if (found === undefined) return false;
    const what: Outgoing = { kind: 'frame', frame };
    this.#byteCount += bytesOf(what) - bytesOf(found.what);
    found.what = what;
    return true;
  }

  /** Forgets one of them, or all. Returns how many. */
  drop(id?: number): number {
    const gone = this.#held.filter((held) => id === undefined || held.id === id);
    this.#held = this.#held.filter((held) => !gone.includes(held));
    for (const { what } of gone) this.#byteCount -= bytesOf(what);
    return gone.length;
  }

  /** The connection ends, and with it what was held. */
  end(): void {
    if (this.#held.length > 0) this.#note(`${this.#held.length} messages were held and never sent`);
    this.#held = [];
    this.#isOn = false;
  }
}

function deliver(socket: Socket, what: Outgoing): void {
  switch (what.kind) {
    case 'frame':
      return socket.send(what.frame);
    case 'bytes':
      return socket.write(what.bytes);
    case 'close':
      return socket.close(what.code, what.reason);
  }
}

function bytesOf(what: Outgoing): number {
  if (what.kind === 'close') return 0;
  if (what.kind === 'bytes') return what.bytes.length;
  return what.frame.kind === 'text' ? Buffer.byteLength(what.frame.text) : what.frame.bytes.length;
}

function shown(what: Outgoing): Omit<HeldMessage, 'id'> {
  switch (what.kind) {
    case 'frame':
      return what.frame.kind === 'text'
        ? { kind: 'text', text: what.frame.text }
        : { kind: 'binary', byteCount: what.frame.bytes.length };
    case 'bytes':
      return { kind: 'bytes', byteCount: what.bytes.length };
    case 'close':
      return what.code === undefined ? { kind: 'close' } : { kind: 'close', code: what.code };
  }
}
