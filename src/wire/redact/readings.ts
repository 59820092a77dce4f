/** How many times a text may have been encoded again: JSON in JSON, a URL in a URL. Deeper levels are not searched. */
export const DEEPEST = 8;

/**
 * A percent sign or a backslash in a secret may be read as one that encodes this many characters after it:
 * `%255Cu0061`.
 */
export const REACH = 2 * DEEPEST + 7;

const ESCAPE = new RegExp(
  `((?:\\\\|%(?:25){0,${DEEPEST}}5c){1,${DEEPEST}})u([\\da-f]{4})|%(?:25){0,${DEEPEST}}([\\da-f]{2})`,
  'gi',
);
/** A backslash that is percent-encoded, before another one. */
const BEFORE_ANOTHER = /5c(?=[^])/gi;
const LETTER_OR_DIGIT = /[a-z\d]/i;

/** How the letters and digits of a text may be read. */
export interface Readings {
  /**
   * The text decoded from its beginning: percent-encoded and escaped letters and digits are replaced by what they stand
   * for.
   */
  readonly decoded: string;
  /**
   * What can be read if reading begins within an escape: in `%61%62`, also `1b`, not only `ab`. For each escape, a few
   * literal characters followed by as many decoded ones. Undefined for a text without encoded letters and digits, which
   * has no such readings.
   */
  readonly across: string | undefined;
}

/** @param reach how many characters of each side may be read together across the end of an escape */
export function readingsOf(text: string, reach: number): Readings {
  if (!text.includes('%') && !text.includes('\\u')) return { decoded: text, across: undefined };
  const seams: (readonly [at: number, atDecoded: number])[] = [];
  let end = -reach;
  let removed = 0;
  let encoded = 0;
  const decoded = text.replace(
    ESCAPE,
    (
      all: string,
      slashes: string | undefined,
      unicode: string | undefined,
      percent: string | undefined,
      at: number,
    ) => {
      const character = String.fromCharCode(parseInt(unicode ?? percent ?? '', 16));
      if (LETTER_OR_DIGIT.test(character)) {
        encoded += 1;
        if (at - end < reach) seams.push([at, at - removed]);
        for (const { index } of slashes?.matchAll(BEFORE_ANOTHER) ?? [])
          seams.push([at + index + 2, at - removed]);
      }
      end = at + all.length;
      removed += all.length - 1;
      return character;
    },
  );
  if (encoded === 0) return { decoded, across: undefined };
  const across = seams.map(
    ([at, from]) => text.slice(Math.max(0, at - reach), at) + decoded.slice(from, from + reach),
  );
  return { decoded, across: across.join(' ') };
}
