import { textOfBinary } from '../binary-fact.ts';
import type { TraceFact } from '../trace.ts';
import { FORM_WORDS } from './forms.ts';
import type { Hiding } from './hiding.ts';
import { holdingAny } from './holding.ts';
import { knownSecrets } from './known.ts';
import { hideInHeader, hideInTarget, hideInText } from './places.ts';
import { NAME_WORDS, namePattern, secretNames } from './names.ts';
import { isStandIn, StandIns } from './stand-ins.ts';

type RequestFact = Extract<TraceFact, { kind: 'request' }>;

/**
 * Replaces secrets by `redacted-1`, `redacted-2`, …: the same stand-in for the same value and never for two, so that a
 * reader, and a judge, sees whether two places held the same value. A value is what a place means, decoded: `%2F` and
 * `%2f` in a query are equal, `a+b` in a query is `a b`, and `a b` is not the token `a+b`. Secrets that it has learned
 * are found anywhere, in any usual encoding.
 */
export interface Redactor {
  /**
   * Adds a secret. One shorter than `SHORTEST` is replaced only where its place or a word before it says what it is,
   * because it would damage ordinary text.
   */
  readonly learn: (secret: string) => void;
  /** Learns from the places where a client may put a secret, and redacts the request. */
  readonly request: (fact: RequestFact) => RequestFact;
  /** Redacts anything else in a trace (and a request, like `request`). */
  readonly fact: (fact: TraceFact) => TraceFact;
  /** Redacts a line of a log or the text of an error. */
  readonly text: (line: string) => string;
  /** Whether a known secret still occurs in the text, in any of the encodings. */
  readonly leaks: (text: string) => boolean;
}

/** Secrets in addition to those with known names and places. */
export interface RedactorOptions {
  /** Names of headers, parameters and fields that are secrets as well. */
  readonly names?: readonly string[];
  /** Shared by all whose traces are read together. */
  readonly standIns?: StandIns;
}

/** A redactor without any known secrets. */
export function newRedactor(options: RedactorOptions = {}): Redactor {
  return counting(options).redactor;
}

/** The same, and how many secrets it searches for. */
function counting({ names = [], standIns = new StandIns() }: RedactorOptions) {
  const known = knownSecrets(standIns);
  const hide = (secret: string, alternate?: string): string => {
    if (secret === '') return '';
    if (isStandIn(secret)) {
      // Text that was redacted before. Its numbers are taken.
      standIns.take(secret);
      return secret;
    }
    return known.learn(secret, alternate);
  };
  const hiding = hidingWith(hide, names);

  const { replace } = known;
  const text = (line: string): string => replace(hideInText(line, hiding));

  const headers = (given: Readonly<Record<string, string>>): Record<string, string> => {
    // First all places, then all texts: a header may repeat a secret that is learned from a later one.
    const placed = Object.entries(given).map(
      ([name, value]) => [name, hideInHeader(name.toLowerCase(), value, hiding)] as const,
    );
    return Object.fromEntries(placed.map(([name, value]) => [replace(name), replace(value)]));
  };
  const body = (fact: { readonly body?: string }) =>
    fact.body === undefined ? {} : { body: text(fact.body) };

  const request = (fact: RequestFact): RequestFact => {
    const target = hideInTarget(fact.target, hiding);
    // Done before the target is searched, because both may teach something.
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
        return withField(given, 'text', text(given.text));
      case 'binary': {
        const { base64, sha256, ...rest } = given;
        if (base64 === undefined) return given;
        const own = textOfBinary(given);
        if (own !== undefined) {
          const clean = text(own);
          // For a short text with a secret, a hash is as good as the secret.
          return clean === own ? given : { ...rest, base64: Buffer.from(clean).toString('base64') };
        }
        const payload = bytesOf(base64).toString();
        return text(payload) === payload ? given : { ...rest, ...(sha256 !== undefined && { sha256 }) };
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
        // Redaction replaces texts by texts.
        return { ...given, report: JSON.parse(text(JSON.stringify(given.report))) as typeof given.report };
      case 'context':
      case 'end':
        return given;
    }
  };

  const redactor: Redactor = {
    learn: (secret) => void hide(secret),
    ...{ request, fact, text, leaks: known.isIn },
  };
  return { redactor, count: known.count };
}

/**
 * Redacts a complete set of related facts: a secret learned from the last fact may occur in the first. Facts that were
 * redacted before keep their stand-ins.
 */
export function redactAll<Fact extends TraceFact>(
  facts: readonly Fact[],
  { standIns = new StandIns(), ...options }: RedactorOptions = {},
): { readonly facts: readonly Fact[]; readonly redactor: Redactor } {
  for (const fact of facts) if (mayHoldStandIn(fact)) standIns.take(JSON.stringify(fact));
  const { redactor, count } = counting({ ...options, standIns });
  /** The number of facts up to and including the last one from which a secret was learned. */
  let taught = 0;
  const once = facts.map((fact, index) => {
    const before = count();
    // A fact keeps its kind and its other properties, such as its time.
    const redacted = redactor.fact(fact) as Fact;
    if (count() > before) taught = index + 1;
    return redacted;
  });
  if (standIns.hasForgotten) taught = facts.length;
  for (let index = 0; index < taught; index++) {
    const fact = facts[index];
    if (fact !== undefined) once[index] = redactor.fact(fact) as Fact;
  }
  return { facts: once, redactor };
}

const MARK = 'redacted-';

/** Whether it may have been redacted before. */
function mayHoldStandIn(fact: TraceFact): boolean {
  if ('session' in fact && String(fact.session).includes(MARK)) return true;
  if (fact.kind === 'text') return fact.text.includes(MARK);
  return fact.kind !== 'binary' || fact.base64 !== undefined;
}

/**
 * A copy with another text in one of the fields; the same object if the text is the same, since there may be a million
 * facts.
 */
function withField<Fact, Field extends keyof Fact>(fact: Fact, field: Field, text: Fact[Field]): Fact {
  return fact[field] === text ? fact : { ...fact, [field]: text };
}

function bytesOf(base64: string): Buffer {
  return Buffer.from(base64, 'base64');
}

/** In addition to names and forms: a place in a path, user info of a URL, and characters that may be any of these. */
const PLACE_WORDS = ['cookie', 'client/', ':/', ':\\/', '\\u'];
const holdsAny = holdingAny([...NAME_WORDS, ...FORM_WORDS, ...PLACE_WORDS]);

function hidingWith(hide: Hiding['hide'], names: readonly string[]): Hiding {
  const pattern = namePattern(names);
  return {
    hide,
    isSecretName: secretNames(names),
    mayHold: (text) => holdsAny(text) || pattern?.test(text) === true,
  };
}
