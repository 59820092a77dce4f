import {
  DIALECT_NAMES,
  DIALECTS,
  isSocket,
  mainSocketOf,
  vendorOf,
  type Dialect,
} from '../../protocol/dialects.ts';
import { fieldsOf, isFields, isList } from '../../runtime/json/fields.ts';
import { listed } from '../../runtime/text/listed.ts';
import { MESSAGES, type Feature } from '../dialects/dialect.ts';
import { SCENARIO_DIALECTS } from '../dialects/dialects.ts';
import type { Mistake, Path } from '../explain/mistake.ts';
import type { ClientVerb } from '../schema/client.ts';
import type { ServerVerb } from '../schema/server-steps.ts';

/** The features that a dialect must have for each key or word of a part of a scenario, the most general first. */
type Needs = Readonly<Record<string, readonly Feature[]>>;

/** Messages whose key in a scenario is the name of the feature. */
const BY_NAME: Needs = Object.fromEntries(MESSAGES.map((name) => [name, [name]]));

const SERVER_STEPS: Needs = {
  ...BY_NAME,
  'shutting-down': ['state'],
  confirm: ['confirmation'],
} satisfies Partial<Record<ServerVerb, readonly Feature[]>>;

/** A server can also wait for audio, which is not listed because it comes on every socket. */
const AWAITED_BY_SERVER: Needs = { ...BY_NAME, source: ['source'] };

const UNTIL: Needs = {
  bytes: ['frames'],
  frames: ['frames'],
  partials: ['partial'],
  finals: ['final'],
  candidates: ['turn_end_candidate'],
  turns: ['turn_end'],
  flushes: ['flush'],
  stop: ['stop'],
};

/** The keys of steps of recognition. */
const RECOGNISING: Needs = {
  every: ['partial'],
  partials: ['partial'],
  finals: ['final'],
  'hold-finals': ['final'],
  offsets: ['offset'],
  spaces: ['spaces'],
  confidence: ['confidence'],
  speaker: ['final'],
  flush: ['flush'],
  candidates: ['turn_end_candidate'],
  turns: ['turn_end'],
  'partial-extra': ['partial'],
  'final-extra': ['final'],
};

const CLIENT_STEPS: Needs = {
  start: ['socket', 'start'],
  stop: ['socket', 'stop'],
  flush: ['socket', 'flush'],
  audio: ['socket', 'frames'],
  await: ['socket'],
  ping: ['socket'],
  meet: ['socket'],
  hang: ['socket'],
  send: ['socket'],
  raw: ['socket'],
  close: ['socket'],
  abort: ['socket'],
  connect: ['call'],
  call: ['call'],
  expire: ['access-token'],
} satisfies Partial<Record<ClientVerb, readonly Feature[]>>;

const EXPECTED: Needs = {
  states: ['state'],
  partials: ['partial'],
  finals: ['final'],
  confirmations: ['confirmation'],
  candidates: ['turn_end_candidate'],
  turns: ['turn_end'],
};

/** The name of each feature in errors, in the plural. */
const NAMES: Readonly<Record<Feature, string>> = {
  state: 'states',
  partial: 'partials',
  final: 'finals',
  confirmation: 'flush confirmations',
  turn_start: 'turns',
  turn_end_candidate: 'turns',
  turn_continuation: 'turns',
  turn_end: 'turns',
  start: 'start commands',
  stop: 'stop commands',
  flush: 'flush requests',
  frames: 'frames with audio of the client',
  source: 'streams that the server fetches',
  stability: 'partials with a stability',
  offset: 'results with an offset_ms',
  spaces: 'words with spaces',
  confidence: 'words with a confidence',
  'detailed-partial': 'partials with words and times',
  'confirmed-flush': 'flushes that are confirmed',
  socket: 'steps of a connection',
  call: 'calls over HTTP',
  'access-token': 'access tokens',
};

/** Features that a step of a server needs and its dialect lacks: the step would do nothing or wait without success. */
export function* foreignToServer(
  path: Path,
  verb: string,
  value: unknown,
  dialect: Dialect,
): Generator<Mistake> {
  // A step that is a word has no key.
  const own = value === undefined ? path : [...path, verb];
  yield* lacking(own, SERVER_STEPS[verb], dialect, { isKey: value !== undefined, isSent: true });
  const { stability, bytes, until, partials, flush } = fieldsOf(value);
  switch (verb) {
    case 'partial':
      if (stability !== undefined)
        yield* lacking([...own, 'stability'], ['stability'], dialect, { isKey: true });
      return;
    case 'await':
      yield* lackingWord(own, AWAITED_BY_SERVER, value, dialect);
      if (bytes !== undefined) yield* lacking([...own, 'bytes'], ['frames'], dialect, { isKey: true });
      return;
    case 'speak':
    case 'transcribe':
      yield* lackingKeys([...own, 'until'], UNTIL, until, dialect);
      yield* lackingKeys(
        own,
        {
          ...RECOGNISING,
          ...(partials === 'bare' ? { partials: ['detailed-partial'] } : {}),
          ...(flush === 'none' ? {} : { flush: ['confirmed-flush'] }),
        },
        value,
        dialect,
      );
  }
}

/** Steps and paths of a client that its dialect lacks. */
export function* foreignToClient(client: unknown, dialect: Dialect): Generator<Mistake> {
  const { sessions } = fieldsOf(client);
  if (isList(client)) yield* foreignSteps(['client'], client, dialect);
  yield* foreignSession(['client'], client, dialect);
  for (const [i, session] of (isList(sessions) ? sessions : []).entries()) {
    yield* foreignSession(['client', 'sessions', i], session, dialect);
  }
}

function* foreignSession(path: Path, session: unknown, dialect: Dialect): Generator<Mistake> {
  const { steps, path: place } = fieldsOf(session);
  const isAt = (each: Dialect) => DIALECTS[each].otherPaths.some((other) => other === place);
  if (typeof place === 'string' && !isAt(dialect)) {
    const owners = listed(DIALECT_NAMES.filter(isAt), 'and');
    yield {
      path: [...path, 'path'],
      message: `${dialect} has no path ${place}, only ${owners} has it`,
    };
  }
  if (isList(steps)) yield* foreignSteps([...path, 'steps'], steps, dialect);
}

function* foreignSteps(path: Path, steps: readonly unknown[], dialect: Dialect): Generator<Mistake> {
  for (const [i, step] of steps.entries()) {
    const [verb = '', value] = isFields(step) ? (Object.entries(step)[0] ?? []) : [String(step)];
    const own = value === undefined ? [...path, i] : [...path, i, verb];
    yield* lacking(own, CLIENT_STEPS[verb], dialect, { isKey: value !== undefined, isSent: true });
    if (verb === 'await') yield* lackingWord(own, BY_NAME, value, dialect);
    if (verb === 'call') yield* otherCall(own, value, 'for', dialect);
  }
}

/** Expectations that can never be met. A client of calls may also connect to the first socket of its vendor. */
export function* foreignToExpected(expected: unknown, dialect: Dialect): Generator<Mistake> {
  const socket = isSocket(dialect) ? dialect : mainSocketOf(vendorOf(dialect));
  const all: readonly (readonly [Path, unknown])[] = isList(expected)
    ? expected.map((each, i) => [['expect', i], each])
    : [[['expect'], expected]];
  for (const [path, each] of all) {
    // Expecting none of something is allowed even if the dialect lacks it.
    const coming = Object.entries(fieldsOf(each)).filter(([, value]) => value !== 0);
    yield* lackingKeys(path, EXPECTED, Object.fromEntries(coming), socket);
    if (fieldsOf(each)['call'] !== undefined) yield* otherCall(path, each, 'call', dialect);
  }
}

/** A call of another API. @param key where its name is, unless the value is the name */
function* otherCall(path: Path, value: unknown, key: string, dialect: Dialect): Generator<Mistake> {
  const { calls } = SCENARIO_DIALECTS[dialect];
  const { [key]: name = value } = fieldsOf(value);
  const place = name === value ? path : [...path, key];
  if (calls === undefined) {
    if (key === 'call') yield* lacking(place, ['call'], dialect, {});
  } else if (!calls.some((each) => each === name)) {
    yield { path: place, message: `${dialect} has no call ${String(name)}: expected ${listed(calls)}` };
  }
}

function* lackingKeys(path: Path, needs: Needs, value: unknown, dialect: Dialect): Generator<Mistake> {
  for (const key of Object.keys(fieldsOf(value)))
    yield* lacking([...path, key], needs[key], dialect, { isKey: true });
}

/** Checks a word, which is the value itself or its field `for`. */
function* lackingWord(path: Path, needs: Needs, value: unknown, dialect: Dialect): Generator<Mistake> {
  const { for: word = value } = fieldsOf(value);
  const place = word === value ? path : [...path, 'for'];
  if (typeof word === 'string') yield* lacking(place, needs[word], dialect, {});
}

/** The place of something that a dialect may lack. */
interface Where {
  /** The key needs the feature, not its value. */
  readonly isKey?: boolean;
  /** The step sends a message, so the error can suggest writing it out. */
  readonly isSent?: boolean;
}

/** The first of the features that a dialect does not have. */
function* lacking(
  path: Path,
  needs: readonly Feature[] | undefined,
  dialect: Dialect,
  { isKey = false, isSent = false }: Where,
): Generator<Mistake> {
  const has = (each: Dialect, feature: Feature) => SCENARIO_DIALECTS[each].has.includes(feature);
  const missing = needs?.find((feature) => !has(dialect, feature));
  if (missing === undefined) return;
  const owners = DIALECT_NAMES.filter((each) => has(each, missing));
  const only = `only ${listed(owners, 'and')} ${owners.length === 1 ? 'has' : 'have'} them`;
  const isMessage = MESSAGES.some((name) => name === missing);
  const hint = isSent && isMessage ? '; "send" sends one all the same' : '';
  yield {
    path,
    message: `${dialect} has no ${NAMES[missing]}, ${only}${hint}`,
    ...(isKey ? { isKey: true as const } : {}),
  };
}
