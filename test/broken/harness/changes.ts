import type { Asked, Behaviour, Fields, HttpReply, Line, Mutation } from './mutation.ts';

type Said = string | Fields;
type Change = (message: Fields, line: Line) => Said | readonly Said[];
type Which = (message: Fields) => boolean;
type Where = (asked: Asked) => boolean;

// The kinds of the fake's messages.
export const isState: Which = (message) => 'state' in message;
export const isPartial: Which = ({ is_final: isFinal }) => isFinal === false;
export const isScriptixFinal: Which = (message) => 'offset_ms' in message && message['is_final'] === true;
export const isError: Which = (message) => 'error' in message;
export const isTranscript: Which = ({ type }) => type === 'transcript';
export const isReson8Final: Which = (message) => isTranscript(message) && message['is_final'] !== false;
export const isConfirmation: Which = ({ type }) => type === 'flush_confirmation';

export function is(state: string): Which {
  return (message) => message['state'] === state;
}

// The kinds of connections.
export const isMicrophone: Where = ({ path }) => path === '/v2/realtime';
export const isStream: Where = ({ path }) => path.startsWith('/v2/client/');
/** A connection of a probe that is only about this header. */
export const isQuiet: Where = ({ headers }) => headers['x-api-key'] !== undefined;

export function fetches(ending: string): Where {
  return (asked) => isStream(asked) && new RegExp(ending).test(asked.query.get('url') ?? '');
}

const FLAGS = ['timestamps', 'words', 'confidence', 'interim'] as const;

/** A Reson8 connection that has asked for exactly these. */
export function asksFor(...names: readonly (typeof FLAGS)[number][]): Where {
  return ({ query }) => FLAGS.every((name) => names.includes(name) === query.has(`include_${name}`));
}

/** Changes all messages of the fake of a kind. */
export function saying(which: Which, change: Change, where: Where = () => true): Mutation {
  return onEach(where, () => ({
    onSaid(message, line) {
      say(line, which(message) ? change(message, line) : message);
    },
  }));
}

/** Changes only the nth of them in each connection, counted from 1. */
export function sayingOnce(nth: number, which: Which, change: Change, where?: Where): Mutation {
  return onEach(where ?? (() => true), () => {
    let seen = 0;
    return {
      onSaid(message, line) {
        if (which(message)) seen += 1;
        say(line, which(message) && seen === nth ? change(message, line) : message);
      },
    };
  });
}

/** Gives some connections a behaviour of their own. */
export function onEach(where: Where, behave: (asked: Asked) => Behaviour): Mutation {
  return { connection: (asked) => (where(asked) ? behave(asked) : undefined) };
}

function say(line: Line, said: Said | readonly Said[]): void {
  if (Array.isArray(said)) for (const each of said as readonly Said[]) line.say(each);
  else line.say(said as Said);
}

export function refusing(where: Where, reply: HttpReply): Mutation {
  return { admit: (asked) => (where(asked) ? { kind: 'refuse', reply } : undefined) };
}

/** Treats a connection as if it had asked for something else. */
export function taking(where: Where, as: (asked: Asked) => Partial<Asked>): Mutation {
  return { admit: (asked) => (where(asked) ? { kind: 'as', asked: as(asked) } : undefined) };
}

export function withQuery({ query }: Asked, changes: Readonly<Record<string, string>>): Partial<Asked> {
  const changed = new URLSearchParams(query);
  for (const [name, value] of Object.entries(changes)) changed.set(name, value);
  return { query: changed };
}

/** A text from a client, as an object. */
export function heardAs(message: string | Buffer): Fields {
  return typeof message === 'string' ? (JSON.parse(message) as Fields) : {};
}

/** The words of a Scriptix final: `[word, start_ms, end_ms, confidence]`. */
export type ScriptixWord = readonly [string, number, number, number];

export function wordsOf(message: Fields): readonly ScriptixWord[] {
  return (message['words'] ?? []) as readonly ScriptixWord[];
}

/** With one word changed, counted from 0, or from -1 backwards. */
export function withWord(
  message: Fields,
  at: number,
  change: (word: ScriptixWord) => readonly unknown[],
): Fields {
  const words = wordsOf(message);
  const place = at < 0 ? words.length + at : at;
  return { ...message, words: words.map((word, i) => (i === place ? change(word) : word)) };
}

/** The words of a Reson8 transcript. */
export function detailsOf(message: Fields): readonly Fields[] {
  return (message['words'] ?? []) as readonly Fields[];
}

export function withDetail(message: Fields, at: number, change: (word: Fields) => Fields): Fields {
  const words = detailsOf(message);
  const place = at < 0 ? words.length + at : at;
  return { ...message, words: words.map((word, i) => (i === place ? change(word) : word)) };
}

export function without(message: Fields, ...names: readonly string[]): Fields {
  return Object.fromEntries(Object.entries(message).filter(([name]) => !names.includes(name)));
}

export function numberIn(message: Fields, name: string): number {
  return Number(message[name]);
}
