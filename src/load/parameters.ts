import { UserError } from '../runtime/errors.ts';
import { isFields, type Fields } from '../runtime/json/fields.ts';
import { visible } from '../runtime/text/plain.ts';
import { secretNames } from '../wire/redact/names.ts';
import type { Material, Sent } from './material.ts';

/** Parameters that every session of a load has in addition to its own. */
export interface Parameters {
  /** Of the request of its connection. */
  readonly query: Readonly<Record<string, string>>;
  /** Of the start command of Scriptix. */
  readonly start: Fields;
}

const MOST = 50;
const LONGEST = 2000;
const isSecret = secretNames();

/** Reads `name=value`. @throws UserError, also for what a report may not hold */
export function parseQuery(texts: readonly string[]): Parameters['query'] {
  return named(texts, (value) => value);
}

/** Reads `name=value`, the value being JSON or any other text. @throws UserError */
export function parseStart(texts: readonly string[]): Parameters['start'] {
  return named(texts, (value): unknown => {
    try {
      return JSON.parse(value);
    } catch {
      return value;
    }
  });
}

function named<Value>(
  texts: readonly string[],
  read: (value: string) => Value,
): Readonly<Record<string, Value>> {
  if (texts.length > MOST) throw new UserError(`expected at most ${MOST}, got ${texts.length}`);
  const entries = new Map<string, Value>();
  for (const text of texts) {
    const [, name = '', value = ''] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
    if (name === '' || text.length > LONGEST)
      throw new UserError(
        `expected name=value of at most ${LONGEST} characters, got "${visible(text.slice(0, 80))}"`,
      );
    if (name === 'url') throw new UserError('the source of a stream is given with --stream-source');
    if (isSecret(name))
      throw new UserError(`${visible(name)} is a credential: it is given with --token, or UNDERSTUDY_TOKEN`);
    if (entries.has(name)) throw new UserError(`${visible(name)} is given twice`);
    entries.set(name, read(value));
  }
  return Object.fromEntries(entries);
}

/** The same sessions with these parameters, which come before their own. @throws UserError where nothing is started */
export function withParameters(material: Material, { query, start }: Parameters): Material {
  const { session } = material;
  const asked = { ...material, session: { ...session, query: { ...session.query, ...query } } };
  if (Object.keys(start).length === 0) return asked;
  const sends = material.sends.map((sent) => withStart(sent, start));
  if (sends.every((sent, i) => sent === material.sends[i])) {
    throw new UserError(
      'no session of this load sends a start command, which only the microphone of Scriptix has',
      {
        flag: 'start',
      },
    );
  }
  return { ...asked, sends };
}

function withStart(sent: Sent, start: Fields): Sent {
  if (typeof sent.what !== 'string') return sent;
  const said = parsed(sent.what);
  return isFields(said) && said['action'] === 'start'
    ? { ...sent, what: JSON.stringify({ ...said, ...start, action: 'start' }) }
    : sent;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
