import { textOfBinary } from './binary-fact.ts';
import { hideInHeader, hideInTarget, hideInText } from './secret-places.ts';
import { overt, spellingsOf, type Spelling } from './secret-pattern.ts';
import type { TraceFact } from './trace.ts';

type RequestFact = Extract<TraceFact, { kind: 'request' }>;

/**
 * Replaces secrets by `redacted-1`, `redacted-2`, …: the same stand-in for the same secret, so that a reader sees
 * whether two places held the same. What it has learned it finds again anywhere, in any usual encoding.
 */
export interface Redactor {
  /** Makes a secret known. Shorter ones than 4 characters are ignored: they would eat ordinary text. */
  learn(secret: string): void;
  /** Learns from the places where a client may put a secret, and redacts the request. */
  request(fact: RequestFact): RequestFact;
  /** Redacts anything else that crossed the wire (and a request, like `request`). */
  fact(fact: TraceFact): TraceFact;
  /** Redacts a line of a log or the text of an error. */
  text(line: string): string;
  /** Whether a known secret is still in there, in any of the encodings. */
  leaks(text: string): boolean;
}

/**
 * Secrets that are looked for, and the characters of all of them. What comes later is still replaced in its own
 * place (`redacted-more`), but not found elsewhere.
 */
const MOST_SECRETS = 1000;
const MOST_CHARACTERS = 2 ** 18;
const SHORTEST = 4;
/** A longer secret is looked for in pieces. */
const PIECE = 512;

const STAND_IN = /redacted-(?:\d+|more)/g;

interface Known {
  readonly standIn: string;
  /** No spelling is shorter than this. */
  readonly length: number;
  readonly spellings: () => readonly Spelling[];
}

interface Place {
  readonly from: number;
  readonly to: number;
  readonly standIn: string;
}

/** A redactor that knows nothing yet. */
export function newRedactor(): Redactor {
  const known = new Map<string, Known>();
  let characters = 0;
  let count = 0;

  const hide = (secret: string): string => {
    if (secret === '') return '';
    const [earlier] = secret.match(/^redacted-(?:\d+|more)$/) ?? [];
    if (earlier !== undefined) {
      // Something that was redacted before. Its numbers are taken.
      count = Math.max(count, Number(earlier.slice('redacted-'.length)) || 0);
      return earlier;
    }
    // The same secret in a form and in a header.
    const name = secret.replace(/\+/g, ' ');
    const found = known.get(name);
    if (found !== undefined) return found.standIn;
    if (known.size >= MOST_SECRETS || characters + secret.length > MOST_CHARACTERS) return 'redacted-more';
    count += 1;
    characters += secret.length;
    const standIn = `redacted-${count}`;
    known.set(name, {
      standIn,
      length: secret.length,
      spellings: lazy(() => pieces(secret).flatMap(spellingsOf)),
    });
    return standIn;
  };

  const places = (text: string): readonly Place[] => {
    const found: Place[] = [];
    const open = overt(text);
    for (const { standIn, length, spellings } of known.values()) {
      if (text.length < length) continue;
      for (const { hint, pattern } of spellings()) {
        if (!text.includes(hint) && (open === text || !open.includes(hint))) continue;
        for (const { index, 0: match } of text.matchAll(pattern())) {
          found.push({ from: index, to: index + match.length, standIn });
        }
      }
    }
    if (found.length === 0) return found;
    return merged(found, standIns(text));
  };

  const replace = (text: string): string => {
    let end = 0;
    let result = '';
    for (const { from, to, standIn } of places(text)) {
      result += text.slice(end, from) + standIn;
      end = to;
    }
    return result + text.slice(end);
  };
  const text = (line: string): string => replace(hideInText(line, hide));

  const headers = (given: Readonly<Record<string, string>>): Record<string, string> => {
    // First all places, then all texts: a header may repeat what a later one teaches.
    const placed = Object.entries(given).map(
      ([name, value]) => [name, hideInHeader(name.toLowerCase(), value, hide)] as const,
    );
    return Object.fromEntries(placed.map(([name, value]) => [replace(name), replace(value)]));
  };
  const body = (fact: { readonly body?: string }) =>
    fact.body === undefined ? {} : { body: text(fact.body) };

  const request = (fact: RequestFact): RequestFact => {
    const target = hideInTarget(fact.target, hide);
    // Before the target is searched, because both may teach something.
    const rest = { headers: headers(fact.headers), ...body(fact) };
    return { ...fact, target: replace(target), ...rest, headers: headers(rest.headers) };
  };

  const fact = (given: TraceFact): TraceFact => {
    switch (given.kind) {
      case 'request':
        return request(given);
      case 'response':
        return { ...given, ...body(given), headers: headers(given.headers) };
      case 'text':
        return { ...given, text: text(given.text) };
      case 'binary': {
        const { base64, ...rest } = given;
        const own = textOfBinary(given);
        if (own !== undefined) {
          const clean = text(own);
          if (clean === own) return given;
          // Of a short text with a secret, a hash is as good as the secret.
          const { kind, from, byteCount } = given;
          return { kind, from, byteCount, base64: Buffer.from(clean).toString('base64') };
        }
        if (base64 === undefined || places(bytesOf(base64).toString()).length > 0) return rest;
        return given;
      }
      case 'ping':
      case 'pong':
      case 'bytes': {
        const payload = bytesOf(given.base64).toString();
        if (text(payload) === payload) return given;
        return { ...given, base64: Buffer.from(text(payload)).toString('base64') };
      }
      case 'close':
        return { ...given, reason: text(given.reason) };
      case 'fault':
        return { ...given, message: text(given.message) };
      case 'note':
        return { ...given, message: text(given.message) };
      case 'report':
        return { ...given, report: JSON.parse(text(JSON.stringify(given.report))) as typeof given.report };
      case 'context':
      case 'end':
        return given;
    }
  };

  return {
    learn: (secret) => {
      if (secret.length >= SHORTEST) hide(secret);
    },
    request,
    fact,
    text,
    leaks: (given) => places(given).length > 0,
  };
}

function lazy<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

function bytesOf(base64: string): Buffer {
  return Buffer.from(base64, 'base64');
}

/** What is searched for; nothing for a short secret. */
function pieces(secret: string): readonly string[] {
  if (secret.length < SHORTEST) return [];
  if (secret.length <= PIECE) return [secret];
  // The last piece overlaps the one before instead of being short.
  const count = Math.ceil(secret.length / PIECE);
  return Array.from({ length: count }, (_, index) => {
    const from = Math.min(index * PIECE, secret.length - PIECE);
    return secret.slice(from, from + PIECE);
  });
}

function standIns(text: string): readonly { readonly from: number; readonly to: number }[] {
  return [...text.matchAll(STAND_IN)].map(({ index, 0: { length } }) => ({
    from: index,
    to: index + length,
  }));
}

/**
 * In order, with what overlaps as one place, named by what begins first. A secret that is a part of the word
 * "redacted-1" is not one within it.
 */
function merged(found: readonly Place[], ours: readonly { readonly from: number; readonly to: number }[]) {
  const result: Place[] = [];
  let next = 0;
  for (const place of [...found].sort((a, b) => a.from - b.from || b.to - a.to)) {
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
