import { z } from 'zod';

/** The codes that a peer may put into a Close frame (RFC 6455, 7.4); `ws` refuses all others. */
function canBeSent(code: number): boolean {
  if (code < 1000 || code > 4999) return false;
  return (code <= 1014 && code !== 1004 && code !== 1005 && code !== 1006) || code >= 3000;
}

/** A Close frame holds 125 bytes including its code (RFC 6455, 5.5). */
const LONGEST_REASON_BYTES = 123;

const EXPECTED = 'expected a close code: 1000 to 1003, 1007 to 1014 or 3000 to 4999';

/** The code of a closing handshake. `otherwise` says how to send a forbidden one. */
export function closeCode(otherwise: string) {
  return z
    .int(EXPECTED)
    .refine(canBeSent, { error: ({ input }) => refusal(Number(input), otherwise) })
    .meta({
      description: 'A close code that may be sent: 1000 to 1003, 1007 to 1014, 3000 to 4999',
      // The rule of refine(), for editors.
      anyOf: [
        { minimum: 1000, maximum: 1003 },
        { minimum: 1007, maximum: 1014 },
        { minimum: 3000, maximum: 4999 },
      ],
    });
}

function refusal(code: number, otherwise: string): string {
  switch (code) {
    case 1005:
      return '1005 means a Close frame without a code: write "close" without a value';
    case 1006:
      return `1006 means that there was no Close frame: write "abort: fin" or "abort: reset"${otherwise}`;
    default:
      return `${EXPECTED}, got ${code}${otherwise}`;
  }
}

/** The reason in a Close frame. */
export const closeReason = z
  .string('expected a text')
  .refine((reason) => Buffer.byteLength(reason) <= LONGEST_REASON_BYTES, {
    error: ({ input }) =>
      `expected at most ${LONGEST_REASON_BYTES} bytes, got ${Buffer.byteLength(String(input))} in UTF-8`,
  })
  .meta({ description: 'At most 123 bytes in UTF-8', maxLength: LONGEST_REASON_BYTES });
