import { z } from 'zod';
import { CLOSE_CODES, isCloseCode, LONGEST_REASON_BYTES } from '../../wire/encode.ts';

const EXPECTED = `expected a close code: ${CLOSE_CODES}`;

/** The code of a closing handshake. `otherwise` says how to send a forbidden one. */
export function closeCode(otherwise: string) {
  return z
    .int(EXPECTED)
    .refine(isCloseCode, { error: ({ input }) => refusal(Number(input), otherwise) })
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
