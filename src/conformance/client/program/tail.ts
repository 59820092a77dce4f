import type { Redactor } from '../../../wire/redact/redact.ts';

/** So much of what a program writes is kept for reports. */
const KEPT_BYTES = 65_536;
/**
 * So much before it is kept, too, and is not shown: where the text begins in the middle of a secret, nobody would know
 * it again. Longer than what the redactor looks for in one piece, in its longest spelling.
 */
const MARGIN_BYTES = 4096;

/** What a program wrote last. */
export interface Output {
  /** Without secrets. */
  readonly text: string;
  /** How much it wrote in all. */
  readonly byteCount: number;
}

/** The last bytes of an output without end, in memory that does not grow. */
export class Tail {
  #bytes: Buffer | undefined;
  #byteCount = 0;

  push(bytes: Uint8Array): void {
    const ring = (this.#bytes ??= Buffer.allocUnsafe(KEPT_BYTES + MARGIN_BYTES));
    const last = bytes.subarray(Math.max(0, bytes.length - ring.length));
    const at = (this.#byteCount + bytes.length - last.length) % ring.length;
    const toEnd = Math.min(last.length, ring.length - at);
    ring.set(last.subarray(0, toEnd), at);
    ring.set(last.subarray(toEnd), 0);
    this.#byteCount += bytes.length;
  }

  read(redactor: Redactor): Output {
    const byteCount = this.#byteCount;
    const ring = this.#bytes ?? Buffer.alloc(0);
    if (byteCount <= ring.length)
      return { text: redactor.text(ring.toString('utf8', 0, byteCount)), byteCount };
    const at = byteCount % ring.length;
    const text = redactor.text(Buffer.concat([ring.subarray(at), ring.subarray(0, at)]).toString('utf8'));
    // What is left of a secret whose beginning is gone stands at the beginning of the text, redacted or not.
    return { text: text.slice(MARGIN_BYTES), byteCount };
  }
}
