import { HintIndex } from './hint-index.ts';
import { jsonStrings, type JsonString } from './json-strings.ts';
import { base64SpellingsOf, spellingsOf, type Spelling } from './pattern.ts';
import { standInSpans, type Span, type StandIns } from './stand-ins.ts';

/** Shorter secrets are not searched for in ordinary text. Characters. */
const SHORTEST = 4;
/** The warning about credentials that are too short, by their names. It does not repeat them. */
export function tooShort(secrets: Readonly<Record<string, string | undefined>>): readonly string[] {
  return Object.entries(secrets).flatMap(([name, secret]) => {
    if (secret === undefined || secret === '' || secret.length >= SHORTEST) return [];
    return [
      `Warning: the ${name} has fewer than ${SHORTEST} characters, so it is not looked for in ordinary text: it is replaced only where credentials are expected and after a word such as "token". Use a longer one.`,
    ];
  });
}

/**
 * The limits on secrets that are searched for, and on their total length. Later ones are replaced only in their own
 * places.
 */
const MOST_SECRETS = 1000;
const MOST_CHARACTERS = 2 ** 18;
/** Longer secrets are searched for in pieces. */
const PIECE = 512;

/** A number in a message is not a secret unless it has this many digits. */
const LONG_NUMBER = 8;
/** Letters that may be a word of a protocol or of a language. */
const PLAIN = /^(?:[a-z]{1,15}|\d+)$/i;

interface Known {
  readonly value: string;
  readonly standIn: string;
  /** No spelling is shorter than this. */
  readonly length: number;
  /** The secret may occur in a message by chance: as the name of a field, a word or a number. */
  readonly isPlain: boolean;
}

interface Place extends Span {
  readonly standIn: string;
  readonly isVerbatim: boolean;
}

/** The secrets that a redactor has learned. */
export interface KnownSecrets {
  /** Returns the stand-in of a value, which is searched for from now on. `alternate`: what else it may have been. */
  readonly learn: (value: string, alternate?: string) => string;
  /** Replaces every known secret by its stand-in. */
  readonly replace: (text: string) => string;
  readonly isIn: (text: string) => boolean;
  /** The number of secrets that are searched for. */
  readonly count: () => number;
}

/** A store without any secrets. */
export function knownSecrets(standIns: StandIns): KnownSecrets {
  const known = new Map<string, Known>();
  /** Secrets that are searched for literally. */
  const short: Known[] = [];
  const index = new HintIndex<Known>();
  /** Not in the index yet, since most of what is learned from a request is never searched for. */
  let pending: (readonly [Known, alternate: string])[] = [];
  let characters = 0;

  const learn = (value: string, alternate = value): string => {
    const found = known.get(value);
    if (found !== undefined) return found.standIn;
    const standIn = standIns.of(value);
    if (known.size >= MOST_SECRETS || characters + value.length > MOST_CHARACTERS) return standIn;
    characters += value.length;
    const length = Math.min(value.length, alternate.length);
    const secret = { value, standIn, length, isPlain: PLAIN.test(value) };
    known.set(value, secret);
    if (value.length < SHORTEST) short.push(secret);
    else pending.push([secret, alternate]);
    return standIn;
  };

  const spellingsIn = (text: string) => {
    for (const [secret, alternate] of pending) {
      for (const spelling of spellingsOfSecret(secret.value, alternate)) index.add(secret, spelling);
    }
    pending = [];
    return index.in(text);
  };

  const standInOf = ({ value, standIn }: Known, piece: string, matched: string): string => {
    if (matched === piece) return standIn;
    return piece === value ? (known.get(matched)?.standIn ?? standIns.of(matched)) : standIns.of(matched);
  };

  const places = (text: string): readonly Place[] => {
    const found: Place[] = [];
    const strings = lazy(() => jsonStrings(text));
    for (const secret of short) {
      for (const place of told(text, secret)) found.push(place);
    }
    for (const { owner: secret, spelling } of spellingsIn(text)) {
      if (text.length < secret.length) continue;
      const { pattern, piece, valueOf } = spelling;
      for (const match of text.matchAll(pattern())) {
        const span = { from: match.index, to: match.index + match[0].length };
        if (secret.isPlain && match[0] === secret.value && mayBeChance(text, span, strings())) continue;
        const standIn = standInOf(secret, piece, valueOf(match));
        found.push({ ...span, standIn, isVerbatim: match[0] === secret.value });
      }
    }
    return found.length === 0 ? found : merged(found, standInSpans(text));
  };

  return {
    learn,
    replace(text) {
      if (known.size === 0) return text;
      let end = 0;
      let result = '';
      for (const { from, to, standIn } of places(text)) {
        result += text.slice(end, from) + (isBareNumber(text, from, to) ? `"${standIn}"` : standIn);
        end = to;
      }
      return end === 0 ? text : result + text.slice(end);
    },
    isIn: (text) => places(text).length > 0,
    count: () => known.size,
  };
}

function lazy<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

function spellingsOfSecret(value: string, alternate: string): readonly Spelling[] {
  return [
    ...pieces(value).flatMap(spellingsOf),
    ...(alternate === value ? [] : alternatesOf(value, alternate)),
  ];
}

/** In a form `a+b` means `a b`, but a client that forgot to encode a plus means `a+b`, and sends that elsewhere. */
function alternatesOf(value: string, alternate: string): readonly Spelling[] {
  if (alternate.length < SHORTEST) return [];
  // Unencoded spellings that differ only in spaces and pluses are found by the pattern of the value itself.
  return alternate.replace(/\+/g, ' ') === value.replace(/\+/g, ' ')
    ? base64SpellingsOf(alternate)
    : pieces(alternate).flatMap(spellingsOf);
}

/** The texts to search for; none for a short secret. */
function pieces(secret: string): readonly string[] {
  if (secret.length < SHORTEST) return [];
  if (secret.length <= PIECE) return [secret];
  // The last piece overlaps the one before rather than being short.
  const count = Math.ceil(secret.length / PIECE);
  return Array.from({ length: count }, (_, index) => {
    const from = Math.min(index * PIECE, secret.length - PIECE);
    return secret.slice(from, from + PIECE);
  });
}

/** A short secret after a word that says what it is: `token: ab`, `key "ab"`. */
function told(text: string, { value, standIn }: Known): readonly Place[] {
  const found: Place[] = [];
  for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + 1)) {
    if (/[\w-]/.test(text.charAt(at + value.length))) continue;
    const before = text.slice(Math.max(0, at - 16), at);
    if (
      !/(?:token|key|credentials?|password|secret|bearer)\\{0,2}["'\s]{0,2}[:=\s]\s?\\{0,2}["']?$/i.test(
        before,
      )
    )
      continue;
    found.push({ from: at, to: at + value.length, standIn, isVerbatim: true });
  }
  return found;
}

/** A plain word within another, or the name of a field; digits within a number. */
function mayBeChance(text: string, { from, to }: Span, strings: readonly JsonString[] | undefined): boolean {
  const isWhole = !/[\p{L}\p{N}_]/u.test(text.charAt(from - 1)) && !/[\p{L}\p{N}_]/u.test(text.charAt(to));
  if (!isWhole && to - from < LONG_NUMBER) return true;
  if (strings === undefined) return false;
  const around = stringAround(strings, from);
  if (around === undefined) return to - from < LONG_NUMBER || !isWhole;
  return around.isName;
}

function stringAround(strings: readonly JsonString[], at: number): JsonString | undefined {
  let [low, high] = [0, strings.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((strings[middle]?.to ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  const found = strings[low];
  return found !== undefined && found.from <= at ? found : undefined;
}

/** A replaced number becomes a string, since the message would otherwise not be JSON. */
function isBareNumber(text: string, from: number, to: number): boolean {
  return (
    /^\d+$/.test(text.slice(from, to)) &&
    /[:[,]\s?$/.test(text.slice(Math.max(0, from - 2), from)) &&
    /^\s?[,}\]]/.test(text.slice(to, to + 2)) &&
    /^\s*[[{]/.test(text)
  );
}

/**
 * In order, with overlaps merged into one place, named by the one that begins first and is longest; of two equally long
 * ones, by the one that occurs literally. A secret that is part of the word "redacted-1" is not one within it.
 */
function merged(found: readonly Place[], ours: readonly Span[]): readonly Place[] {
  const result: Place[] = [];
  let next = 0;
  const inOrder = [...found].sort(
    (a, b) => a.from - b.from || b.to - a.to || Number(b.isVerbatim) - Number(a.isVerbatim),
  );
  for (const place of inOrder) {
    while ((ours[next]?.to ?? Infinity) <= place.from) next += 1;
    const own = ours[next];
    if (own !== undefined && own.from <= place.from && place.to <= own.to) continue;
    const last = result.at(-1);
    if (
      last !== undefined &&
      (place.from < last.to || (place.from === last.to && place.standIn === last.standIn))
    ) {
      result.splice(-1, 1, { ...last, to: Math.max(last.to, place.to) });
    } else result.push(place);
  }
  return result;
}
