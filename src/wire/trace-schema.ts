import { isFields, keysOf, type Fields } from '../runtime/json/fields.ts';
import { isShard } from '../runtime/shard.ts';
import { listed } from '../runtime/text/listed.ts';
import type { TraceEvent, TraceFact, TraceHeader } from './trace.ts';

/** A fault in a line and its place: a field, or a number of characters from its beginning. */
export class TraceFault extends Error {
  override readonly name = 'TraceFault';
  readonly field: string | undefined;
  readonly offset: number | undefined;

  constructor(field: string | undefined, message: string, offset?: number) {
    super(message);
    this.field = field;
    this.offset = offset;
  }
}

interface Check {
  readonly expected: string;
  readonly accepts: (value: unknown) => boolean;
}

const text: Check = { expected: 'a string', accepts: (value) => typeof value === 'string' };
const number: Check = {
  expected: 'a number, 0 or more',
  accepts: (value) => typeof value === 'number' && Number.isFinite(value) && value >= 0,
};
const whole = (least: number, most: number): Check => ({
  expected: `a whole number from ${least} to ${most}`,
  accepts: (value) => Number.isInteger(value) && Number(value) >= least && Number(value) <= most,
});
const pattern = (expected: string, matcher: RegExp): Check => ({
  expected,
  accepts: (value) => typeof value === 'string' && matcher.test(value),
});
const oneOf = (...words: readonly string[]): Check => ({
  expected: words.map((word) => `"${word}"`).join(' or '),
  accepts: (value) => words.some((word) => word === value),
});
const headers: Check = {
  expected: 'an object of strings',
  accepts: (value) => isFields(value) && Object.values(value).every((each) => typeof each === 'string'),
};
const optional = ({ expected, accepts }: Check): Check => ({
  expected: `${expected}, or nothing`,
  accepts: (value) => value === undefined || accepts(value),
});

const record: Check = { expected: 'an object', accepts: isFields };
/** Readers of the context check what they need; this only makes sure that it cannot harm them. */
const about: Check = {
  expected: 'an object of strings, possibly with {"audio":{"bytesPerMs":32,"content":"speech"}} in it',
  accepts: (value) => isFields(value) && Object.entries(value).every(([name, each]) => isAbout(name, each)),
};

function isAbout(name: string, value: unknown): boolean {
  if (name === 'reports' || name === 'madeUp') return value === true;
  if (name === 'misspelt') return Array.isArray(value) && value.every(text.accepts);
  if (name !== 'audio' && name !== 'fetched') return typeof value === 'string';
  if (!isFields(value)) return false;
  if (name === 'fetched') return text.accepts(value['recording']) && number.accepts(value['ms']);
  const { bytesPerMs, content, headerBytes = 0, recording = '' } = value;
  const isCounted = number.accepts(bytesPerMs) && number.accepts(headerBytes);
  return isCounted && text.accepts(content) && text.accepts(recording);
}

const peer = oneOf('client', 'server');
const span: Check = {
  expected: 'a span such as {"fromMs":100,"untilMs":1600,"readFrom":"client"}',
  accepts: (value) => {
    if (!isFields(value)) return false;
    const { fromMs, untilMs, readFrom } = value;
    const areTimes = number.accepts(fromMs) && number.accepts(untilMs);
    return areTimes && Number(fromMs) <= Number(untilMs) && peer.accepts(readFrom);
  },
};
const base64 = pattern('base64', /^[A-Za-z0-9+/]*={0,2}$/);
const session = pattern('the name of a session, such as "s1"', /^[\w.-]{1,64}$/);
const code = whole(0, 65_535);

type Checked = readonly [field: string, check: Check];
/** Every field of every kind: a missing kind or field does not compile. */
type FieldsOf<Kind extends TraceFact['kind']> = Readonly<
  Record<Exclude<keyof Extract<TraceFact, Readonly<Record<'kind', Kind>>>, 'kind'>, Check>
>;

const control = { from: peer, base64 };
const FIELDS: { readonly [Kind in TraceFact['kind']]: FieldsOf<Kind> } = {
  request: { method: text, target: text, headers, body: optional(text) },
  response: { status: whole(100, 999), headers, body: optional(text) },
  text: { from: peer, text },
  binary: {
    from: peer,
    byteCount: whole(0, Number.MAX_SAFE_INTEGER),
    frameCount: optional(whole(1, Number.MAX_SAFE_INTEGER)),
    sha256: optional(pattern('16 hexadecimal digits', /^[\da-f]{16}$/)),
    base64: optional(base64),
  },
  ping: control,
  pong: control,
  close: { from: peer, code, reason: text },
  bytes: control,
  fault: { from: peer, message: text },
  context: { about },
  report: { report: record },
  note: { message: text, dropped: optional(whole(0, Number.MAX_SAFE_INTEGER)), stall: optional(span) },
  end: { by: optional(peer), how: oneOf('close', 'fin', 'reset', 'silence', 'refused'), code },
};

/** The same with the fields of every event, in order: a trace may have a million of them. */
const OF_EVENTS: ReadonlyMap<string, readonly Checked[]> = new Map(
  keysOf(FIELDS).map((kind) => [kind, Object.entries({ session, atMs: number, ...FIELDS[kind] })]),
);

const HEADER: Readonly<Record<Exclude<keyof TraceHeader, 'kind'>, Check>> = {
  version: { expected: '1, the only version that is read', accepts: (value) => value === 1 },
  tool: text,
  startedAt: pattern('a time such as 2025-01-31T12:00:00.000Z', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/),
  judged: optional(pattern('server or client', /^(server|client)$/)),
  shard: optional({
    expected: 'a part of a run such as {"index":1,"count":3}',
    accepts: (value) =>
      isFields(value) && isShard({ index: Number(value['index']), count: Number(value['count']) }),
  }),
};

/** @throws TraceFault */
export function headerOf(value: unknown): TraceHeader {
  if (!isFields(value) || value['kind'] !== 'trace') {
    throw new TraceFault(
      'kind',
      'expected the header of a trace, {"kind":"trace","version":1,…}: is this a trace?',
    );
  }
  // HEADER has every field.
  return checked(value, Object.entries(HEADER), 'trace') as unknown as TraceHeader;
}

/** An event with the known fields; all others are dropped. @throws TraceFault */
export function eventOf(value: unknown): TraceEvent {
  if (!isFields(value)) throw new TraceFault(undefined, 'expected an event, an object');
  const { kind } = value;
  if (!isKind(kind)) {
    throw new TraceFault('kind', `kind: expected ${listed(Object.keys(FIELDS))}, got ${shown(kind)}`);
  }
  // FIELDS has every field of the kind.
  return compact(checked(value, OF_EVENTS.get(kind) ?? [], kind) as unknown as TraceEvent);
}

/** The same event in as little memory as possible, because a trace may have a million messages. */
function compact(event: TraceEvent): TraceEvent {
  if (event.kind === 'text') {
    const { kind, session: own, atMs, from, text: said } = event;
    return { kind, session: own, atMs, from, text: said };
  }
  if (event.kind !== 'binary' || event.frameCount !== undefined || event.base64 !== undefined) return event;
  const { kind, session: own, atMs, from, byteCount, sha256 } = event;
  return sha256 === undefined
    ? { kind, session: own, atMs, from, byteCount }
    : { kind, session: own, atMs, from, byteCount, sha256 };
}

function checked(value: Fields, checks: readonly Checked[], kind: string): Record<string, unknown> {
  // Copying an object that already has the kind would give each event a hidden class of its own.
  const result: Record<string, unknown> = { kind };
  for (const [field, { expected, accepts }] of checks) {
    const given = Object.hasOwn(value, field) ? value[field] : undefined;
    if (!accepts(given)) throw new TraceFault(field, `${field}: expected ${expected}, got ${shown(given)}`);
    if (given !== undefined) result[field] = given;
  }
  return result;
}

/** A value in an error text: short, and without speech or anything that may be secret. */
function shown(value: unknown): string {
  if (typeof value === 'string' && !/^[\w.-]{0,32}$/.test(value)) return 'another string';
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : 'an object';
  return value === undefined ? 'nothing' : JSON.stringify(value);
}

function isKind(kind: unknown): kind is TraceFact['kind'] {
  return typeof kind === 'string' && Object.hasOwn(FIELDS, kind);
}
