import { createHash, createHmac } from 'node:crypto';

/** The number of values whose numbers are remembered. The oldest is forgotten first. */
const MOST_NUMBERED = 10_000;

/** Written by us earlier: `redacted-7`. */
const STAND_IN = /redacted-(?:(\d{1,15})|more)/g;

/**
 * Numbers secrets: the same number for the same value and never for two values, in everything that shares this. A value
 * that comes back after 10,000 others gets a new number.
 */
export class StandIns {
  readonly #key: Uint8Array | undefined;
  readonly #numbers = new Map<string, number>();
  #last = 0;
  #hasForgotten = false;

  /**
   * @param key processes with the same key give a value the same number without communicating; without a key, values
   * are counted
   */
  constructor(key?: Uint8Array) {
    this.#key = key;
  }

  /** The stand-in of a value that has one. */
  knownOf(value: string): string | undefined {
    const known = this.#numbers.get(nameOf(value));
    return known === undefined ? undefined : standIn(known);
  }

  of(value: string): string {
    const name = nameOf(value);
    const known = this.#numbers.get(name);
    if (known !== undefined) return standIn(known);
    if (this.#numbers.size >= MOST_NUMBERED) {
      for (const first of this.#numbers.keys()) {
        this.#numbers.delete(first);
        this.#hasForgotten = true;
        break;
      }
    }
    const number = this.#key === undefined ? (this.#last += 1) : keyedNumber(this.#key, name);
    this.#numbers.set(name, number);
    return standIn(number);
  }

  /** Whether a value that comes back may get a new number. */
  get hasForgotten(): boolean {
    return this.#hasForgotten;
  }

  /** Reserves the numbers of the stand-ins in a text that was redacted earlier. */
  take(text: string): void {
    for (const [, number] of text.matchAll(STAND_IN)) this.#last = Math.max(this.#last, Number(number ?? 0));
  }
}

/** Not the value itself, since thousands of long values would be kept for a few digits. */
function nameOf(value: string): string {
  return value.length <= 64 ? value : createHash('sha256').update(value).digest('base64');
}

const KEYED_BYTES = 6;

/** 48 bits: with 10,000 values, two of them have the same number in one of five million runs. */
function keyedNumber(key: Uint8Array, name: string): number {
  return createHmac('sha256', key).update(name).digest().readUIntBE(0, KEYED_BYTES);
}

function standIn(number: number): string {
  return `redacted-${number}`;
}

/** Whether a value consists only of stand-ins. */
export function isStandIn(value: string): boolean {
  return /^redacted-(?:\d{1,15}|more)(?:[\s,;]+redacted-(?:\d{1,15}|more))*$/.test(value);
}

/** A part of a text. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** The positions of stand-ins in a text. */
export function standInSpans(text: string): readonly Span[] {
  return [...text.matchAll(STAND_IN)].map(({ index, 0: { length } }) => ({
    from: index,
    to: index + length,
  }));
}
