import type { TraceFact } from '../../wire/trace.ts';

/** So much of what crosses the wire is kept. */
export interface RoomLimits {
  readonly events: number;
  /** What the events take in memory, about, once their messages have been read. */
  readonly bytes: number;
}

const MIB = 2 ** 20;

/** Of one connection or call: half an hour of audio in frames of 100 ms, with twenty results a second. */
export const ROOM_OF_CONNECTION: RoomLimits = { events: 60_000, bytes: 64 * MIB };
/** Of a whole run, and so much more for each play that is planned. What is kept is judged after the end of the run. */
export const ROOM_OF_RUN: RoomLimits = { events: 60_000, bytes: 64 * MIB };
export const ROOM_OF_PLAY: RoomLimits = { events: 1000, bytes: MIB / 2 };

/** Of a run with so many plays. */
export function roomOfRun(plays: number): RoomLimits {
  return {
    events: ROOM_OF_RUN.events + plays * ROOM_OF_PLAY.events,
    bytes: ROOM_OF_RUN.bytes + plays * ROOM_OF_PLAY.bytes,
  };
}

/** Room for events. What is taken from it is taken from the one that it is a part of, too. */
export class Room {
  #events = 0;
  #bytes = 0;
  #isOver = false;
  readonly #limits: RoomLimits;
  readonly #within: Room | undefined;

  constructor(limits: RoomLimits, within?: Room) {
    this.#limits = limits;
    this.#within = within;
  }

  /** Whether something did not fit, here or in what it is a part of: whoever fills it should stop. */
  get isFull(): boolean {
    return this.#isOver || this.#within?.isFull === true;
  }

  /** In words. */
  get size(): string {
    return `${this.#limits.events} events or ${Math.round(this.#limits.bytes / MIB)} MiB`;
  }

  /** Takes room for an event; false when there is none. */
  take(fact: TraceFact): boolean {
    return this.#takeBytes(bytesOf(fact));
  }

  #takeBytes(bytes: number): boolean {
    this.#isOver ||= this.#events >= this.#limits.events || this.#bytes + bytes > this.#limits.bytes;
    if (this.#isOver) return false;
    if (this.#within !== undefined && !this.#within.#takeBytes(bytes)) return false;
    this.#events += 1;
    this.#bytes += bytes;
    return true;
  }
}

/**
 * What an event takes besides its text, with the occasions of all the requirements that it is judged by, which take the
 * most; what each value takes that a text is read into, with the occasions of words; and what each character takes, with
 * copies of it for comparing.
 */
const EVENT_BYTES = 1100;
const VALUE_BYTES = 100;
const CHARACTER_BYTES = 2;

/** An estimate. */
function bytesOf(fact: TraceFact): number {
  switch (fact.kind) {
    case 'text':
      return EVENT_BYTES + textBytes(fact.text);
    case 'request':
    case 'response': {
      const headers = Object.entries(fact.headers).reduce(
        (sum, [name, value]) => sum + name.length + value.length,
        0,
      );
      return EVENT_BYTES + headers + textBytes(fact.body ?? '');
    }
    case 'ping':
    case 'pong':
    case 'bytes':
      return EVENT_BYTES + fact.base64.length;
    default:
      return EVENT_BYTES;
  }
}

/** Commas and brackets tell how many values are in JSON, and cost less than reading it. */
const BETWEEN_VALUES = new Set([',', '[', '{'].map((character) => character.charCodeAt(0)));

function textBytes(text: string): number {
  let values = 0;
  for (let at = 0; at < text.length; at++) if (BETWEEN_VALUES.has(text.charCodeAt(at))) values += 1;
  return text.length * CHARACTER_BYTES + values * VALUE_BYTES;
}
