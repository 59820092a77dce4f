/** Limits of one line in bytes, and of a client in lines and bytes. Further output is ignored. */
export const LONGEST_LINE_BYTES = 65_536;
/** The maximum number of lines of a client. */
export const MOST_LINES = 20_000;
/** The maximum number of bytes of a client. */
export const MOST_BYTES = 4 * 2 ** 20;

/** A line that a client wrote, and when it came. */
export interface ReportLine {
  readonly atMs: number;
  /** Undefined if the line is longer than LONGEST_LINE_BYTES. */
  readonly text: string | undefined;
}

const NEWLINE = 10;

/** Splits the output of a client into lines, quickly and in bounded memory whatever it writes. */
export class ReportLines {
  readonly lines: ReportLine[] = [];
  /** How many bytes came after the limit. */
  unreadByteCount = 0;
  #line: Buffer | undefined;
  #length = 0;
  #isTooLong = false;
  #lineCount = 0;
  #keptByteCount = 0;

  push(bytes: Buffer, atMs: number): void {
    let from = 0;
    while (from < bytes.length) {
      if (this.#lineCount >= MOST_LINES || this.#keptByteCount >= MOST_BYTES) {
        this.unreadByteCount += bytes.length - from;
        return;
      }
      const newline = bytes.indexOf(NEWLINE, from);
      const to = newline < 0 ? bytes.length : newline;
      this.#take(bytes.subarray(from, to));
      if (newline < 0) return;
      this.#finish(atMs);
      from = to + 1;
    }
  }

  /** The output has ended; a last line without a line break counts as well. */
  end(atMs: number): void {
    if (this.#length > 0 || this.#isTooLong) this.#finish(atMs);
    this.#line = undefined;
  }

  #take(part: Buffer): void {
    if (this.#isTooLong) return;
    if (this.#length + part.length > LONGEST_LINE_BYTES) {
      this.#isTooLong = true;
      return;
    }
    const line = (this.#line ??= Buffer.allocUnsafe(LONGEST_LINE_BYTES));
    this.#length += part.copy(line, this.#length);
  }

  #finish(atMs: number): void {
    this.#lineCount += 1;
    this.#keptByteCount += this.#length;
    const text = this.#isTooLong ? undefined : (this.#line?.toString('utf8', 0, this.#length) ?? '');
    this.#length = 0;
    this.#isTooLong = false;
    if (text === undefined || text.trim() !== '') this.lines.push({ atMs, text });
  }
}
