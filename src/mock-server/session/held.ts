import type { Frame } from '../../wire/frame.ts';
import type { Socket } from '../../wire/socket.ts';

/** What a session sends, in order. */
export type Outgoing =
  | { readonly kind: 'frame'; readonly frame: Frame }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'close'; readonly code?: number | undefined; readonly reason?: string | undefined };

/** A held message of the server, bytes below the level of messages, or the end of the connection. */
export interface HeldMessage {
  /** The number of the message among those held on this connection, from 1. */
  readonly id: number;
  /** `bytes` are written below the level of messages; `close` is a Close frame. */
  readonly kind: 'text' | 'binary' | 'bytes' | 'close';
  /** The contents of a text. */
  readonly text?: string;
  /** The length of a binary message or of bytes. */
  readonly byteCount?: number;
  /** The code of a Close frame, if it has one. */
  readonly code?: number;
}

/** The maximum number of held messages: with more, all are released in order. */
export const MOST_HELD = 1000;
/** The maximum number of held bytes: with more, all messages are released in order. */
export const MOST_HELD_BYTES = 4 * 2 ** 20;

interface Held {
  readonly id: number;
  what: Outgoing;
}

/** Holds what a session sends until it is released. */
export class Hold {
  readonly #socket: Socket;
  readonly #note: (message: string) => void;
  #held: Held[] = [];
  #byteCount = 0;
  #last = 0;
  #isOn = false;

  /** @param note is given remarks for readers of the journal */
  constructor(socket: Socket, note: (message: string) => void) {
    this.#socket = socket;
    this.#note = note;
  }

  /** Whether messages sent now are held. */
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
      `${this.#held.length} messages were held, which is the limit: all of them were released, and nothing is held now`,
    );
    this.release();
  }

  /**
   * Sends the oldest messages; without a number all of them, which also ends the holding. Returns how many were sent.
   */
  release(count = Infinity): number {
    const due = this.#held.splice(0, count);
    if (count === Infinity) this.#isOn = false;
    for (const { what } of due) {
      this.#byteCount -= bytesOf(what);
      deliver(this.#socket, what);
    }
    return due.length;
  }

  /** Replaces a held message. Returns whether it was held. */
  replace(id: number, frame: Frame): boolean {
    const found = this.#held.find((held) => held.id === id);
    if (found === undefined) return false;
    const what: Outgoing = { kind: 'frame', frame };
    this.#byteCount += bytesOf(what) - bytesOf(found.what);
    found.what = what;
    return true;
  }

  /** Drops one message, or all of them. Returns how many were dropped. */
  drop(id?: number): number {
    const gone = this.#held.filter((held) => id === undefined || held.id === id);
    this.#held = this.#held.filter((held) => !gone.includes(held));
    for (const { what } of gone) this.#byteCount -= bytesOf(what);
    return gone.length;
  }

  /** Drops everything that was held, because the connection has ended. */
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
