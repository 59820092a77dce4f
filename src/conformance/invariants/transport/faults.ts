/**
 * How observers describe the faults that requirements are about. The runner's own client begins with a fixed word, `ws`
 * has a sentence (and an error code), and browsers write another sentence into the HAR files that they export.
 */
export function isBadUtf8(message: string): boolean {
  return /^bad-utf8\b|WS_ERR_INVALID_UTF8|invalid UTF-8|as UTF-8/i.test(message);
}

/** Data after a Close frame. */
export function isDataAfterClose(message: string): boolean {
  return /^data-after-close\b/.test(message);
}

/** A reserved bit that was not agreed on, or a compressed message that cannot be inflated. */
export function isMisusedExtension(message: string): boolean {
  return /^deflate\b|^bad-opcode: a reserved bit\b|\bRSV[123] must be clear\b|reserved bits? (?:are|is) on/i.test(
    message,
  );
}

/**
 * The code that a Close frame must not have; `reserved` or `unknown` if the text says only that; undefined for any
 * other fault. The runner's own client names the code if there is one.
 */
export function badCloseCodeOf(message: string): number | 'reserved' | 'unknown' | undefined {
  if (/reserved status code/i.test(message)) return 'reserved';
  if (!/^close-code\b|WS_ERR_INVALID_CLOSE_CODE|invalid status code/i.test(message)) return undefined;
  const [code] = /\b\d{1,5}\b/.exec(message) ?? [];
  if (code !== undefined) return Number(code);
  return message.startsWith('close-code') ? undefined : 'unknown';
}
