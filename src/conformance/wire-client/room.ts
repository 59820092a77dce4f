import type { TraceFact } from '../../wire/trace.ts';

/** Limits on how much traffic is kept. */
export interface RoomLimits {
  readonly events: number;
  /** The approximate memory of the events once their messages have been parsed. */
  readonly bytes: number;
}

const MIB = 2 ** 20;

/** For one connection or call: half an hour of audio in frames of 100 ms, with twenty results a second. */
export const ROOM_OF_CONNECTION: RoomLimits = { events: 60_000, bytes: 64 * MIB };
/** For a whole run, and for each planned play in addition. Everything that is kept is judged after the run. */
export const ROOM_OF_RUN: RoomLimits = { events: 60_000, bytes: 64 * MIB };
/** For one play. */
const ROOM_OF_PLAY: RoomLimits = { events: 1000, bytes: MIB / 2 };

/** For a run with this many plays. */
export function roomOfRun(plays: number): RoomLimits {
  return {
    events: ROOM_OF_RUN.events + plays * ROOM_OF_PLAY.events,
    bytes: ROOM_OF_RUN.bytes + plays * ROOM_OF_PLAY.bytes,
  };
}

/** Room for events. What is taken from it is also taken from the room that it is part of. */
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

  /** Whether something did not fit, here or in the enclosing room, so that the play should stop. */
  get isFull(): boolean {
    return this.#isOver || this.#within?.isFull === true;
  }

  /** Its size, for reports. */
  get size(): string {
    return `${this.#limits.events} events or ${Math.round(this.#limits.bytes / MIB)} MiB`;
  }

  /** Takes room for an event; false if there is none left. */
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
 * The memory that an event takes besides its text, including the occasions of all requirements by which it is judged,
 * which take the most; then that of each value into which its text is parsed, including the occasions of words; and
 * that of each character, including the copies used for comparisons.
 */
const EVENT_BYTES = 1100;
const VALUE_BYTES = 100;
const CHARACTER_BYTES = 2;

/** An estimate of the memory that an event takes. */
export function bytesOf(fact: TraceFact): number {
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
    case 'report':
      return EVENT_BYTES + textBytes(JSON.stringify(fact.report));
    case 'ping':
    case 'pong':
    case 'bytes':
      return EVENT_BYTES + fact.base64.length;
    default:
      return EVENT_BYTES;
  }
}

const [COMMA, BRACKET, BRACE] = [0x2c, 0x5b, 0x7b];

/** The number of commas and brackets is the number of values in JSON, and counting is cheaper than parsing. */
function textBytes(text: string): number {
  let values = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === COMMA || code === BRACKET || code === BRACE) values += 1;
  }
  return text.length * CHARACTER_BYTES + values * VALUE_BYTES;
}
