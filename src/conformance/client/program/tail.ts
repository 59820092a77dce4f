import type { Redactor } from '../../../wire/redact/redact.ts';

/** How many bytes of a program's output are kept for reports. */
const KEPT_BYTES = 65_536;
/**
 * How many more bytes are kept before these without being shown: if the text began in the middle of a secret, the
 * secret would not be recognised. Longer than the longest spelling that the redactor looks for.
 */
const MARGIN_BYTES = 4096;

/** The last output of a program. */
export interface Output {
  /** Without secrets. */
  readonly text: string;
  /** How much it wrote in total. */
  readonly byteCount: number;
}

/** The last bytes of an endless output, in bounded memory. */
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
    // The rest of a secret whose beginning is lost can only be at the start of the text, redacted or not.
    return { text: text.slice(MARGIN_BYTES), byteCount };
  }
}
