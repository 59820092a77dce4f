import type { TraceContext, TraceEvent } from '../../../../src/wire/trace.ts';

export type Fields = Record<string, unknown>;
export type TextEvent = Extract<TraceEvent, { kind: 'text' }>;

/** One fault in one message, and which messages can have it. */
export interface Fault {
  readonly name: string;
  readonly in: (fields: Fields) => boolean;
  readonly change: (event: TextEvent, fields: Fields) => readonly TraceEvent[];
}

/** Wrong times. */
export interface Wrong {
  readonly name: string;
  readonly of: (ms: number) => unknown;
}

/** Where times are, and how to change them in a message that has them. */
export type Times = readonly [place: string, in_: Fault['in'], (fields: Fields, wrong: Wrong) => Fields];

/** A session as it should be, and what can be wrong in it. */
export interface Faults {
  readonly record: () => Promise<readonly TraceEvent[]>;
  readonly inOne: readonly Fault[];
  /** Faults that a server has in every message of a kind. */
  readonly inAll: readonly Fault[];
  readonly inTimes: readonly Times[];
  /** Wrong times in a place that no requirement forbids, each as `place: name`. */
  readonly allowed: readonly string[];
  /** Whether a message is a final result. */
  readonly isResult: (fields: Fields) => boolean;
}

export function fieldsOf(event: TraceEvent): Fields | undefined {
  return event.kind === 'text' && event.from === 'server' ? (JSON.parse(event.text) as Fields) : undefined;
}

const withText = (event: TextEvent, text: string): TraceEvent => ({ ...event, text });
export const withFields = (event: TextEvent, fields: Fields): TraceEvent =>
  withText(event, JSON.stringify(fields));

const any = () => true;

export function has(name: string): Fault['in'] {
  return (fields) => name in fields;
}

export function field(name: string, value: unknown, which: Fault['in'] = has(name)): Fault {
  return {
    name: `${name} is ${value === undefined ? 'absent' : JSON.stringify(value)}`,
    in: which,
    change: (event, fields) => [withFields(event, { ...fields, [name]: value })],
  };
}

export const FORM: readonly Fault[] = [
  { name: 'no JSON', in: any, change: (event) => [withText(event, 'go ahead')] },
  { name: 'cut JSON', in: any, change: (event) => [withText(event, event.text.slice(0, -2))] },
  { name: 'an array', in: any, change: (event) => [withText(event, `[${event.text}]`)] },
  { name: 'two objects in one', in: any, change: (event) => [withText(event, event.text + event.text)] },
  {
    name: 'binary',
    in: any,
    change: ({ session, atMs, text }) => [
      { session, atMs, kind: 'binary', from: 'server', byteCount: text.length },
    ],
  },
];

export function repeated(which: Fault['in'], what = 'repeated'): Fault {
  return { name: what, in: which, change: (event) => [event, event] };
}

/** Adds a message after each message. */
export function followedBy(fields: Fields, name: string, which: Fault['in'] = any): Fault {
  return { name, in: which, change: (event) => [event, withFields(event, fields)] };
}

export const flipped: Fault = {
  name: 'is_final is the opposite',
  in: has('is_final'),
  change: (event, fields) => [withFields(event, { ...fields, is_final: fields['is_final'] !== true })],
};

export const WRONG: readonly Wrong[] = [
  { name: 'twice as late', of: (ms) => ms * 2 },
  { name: 'in samples', of: (ms) => ms * 16 },
  { name: 'in seconds', of: (ms) => ms / 1000 },
  { name: 'five seconds late', of: (ms) => ms + 5000 },
  { name: 'since the epoch', of: (ms) => ms + 1.79e12 },
  { name: 'negative', of: (ms) => -ms - 1 },
  { name: 'strings', of: String },
  { name: 'null', of: () => null },
  { name: 'absent', of: () => undefined },
];

/** Changes fields of a message without moving them. */
export function changed(fields: Fields, names: readonly string[], { of }: Wrong): Fields {
  const there = names.filter((name) => name in fields);
  return { ...fields, ...Object.fromEntries(there.map((name) => [name, of(Number(fields[name]))])) };
}

/** Times of a message of Reson8, and of its words. */
export const reson8Times: Times[2] = (fields, wrong) => changed(fields, ['start_ms', 'duration_ms'], wrong);
export const reson8Words: Times[2] = (fields, wrong) => ({
  ...fields,
  words: (fields['words'] as readonly Fields[]).map((word) => reson8Times(word, wrong)),
});

/** What a runner knows about its own session. */
export function known(more: Partial<TraceContext> = {}): TraceEvent {
  const about = { credential: 'valid', audio: { bytesPerMs: 32, content: 'speech' }, ...more } as const;
  return { session: 's1', atMs: 0, kind: 'context', about };
}

export const BYTES_PER_S = 32_000;
