import type { Call } from './dialects/calls.ts';
import type { Saying } from './dialects/dialect.ts';
import { SCENARIO_DIALECTS } from './dialects/dialects.ts';
import type { Dialect } from '../protocol/dialects.ts';
import { bytesOf, durationMsOf } from './compile/values.ts';
import type { Scenario } from './scenario.ts';
import type { ScenarioFile } from './schema/schema.ts';
import type { ClientStepFile, ClientValues, ClientVerb } from './schema/client.ts';

/** What a client can wait for. */
export type AwaitedByClient = Exclude<Saying, 'other'> | 'message' | 'close';

/** The format of samples: signed 16 bit, little-endian, with the channels interleaved. */
export interface SoundFormat {
  /** Samples per second in each channel. */
  readonly sampleRate: number;
  readonly channels: number;
}

/** The format of audio that names none. */
export const USUAL_FORMAT: SoundFormat = { sampleRate: 16_000, channels: 1 };

/** One step of a client. */
export type ClientStep =
  | { readonly verb: 'start' | 'stop' | 'ping' | 'meet' | 'hang' | 'connect' | 'expire' }
  | { readonly verb: 'flush'; readonly id: string | undefined }
  | {
      readonly verb: 'audio';
      /** Undefined is silence. */
      readonly file: string | undefined;
      /** Undefined is all of it; a longer duration repeats it from the beginning. */
      readonly durationMs: number | undefined;
      readonly frameMs: number;
      /** Whether the header of a WAVE file comes first. */
      readonly header: boolean;
      readonly format: SoundFormat;
      /** Multiplied by the pace of the player. */
      readonly pace: number;
    }
  | { readonly verb: 'wait'; readonly ms: number }
  | {
      readonly verb: 'await';
      readonly what: AwaitedByClient;
      readonly count: number;
      readonly match: unknown;
      /** Messages that came before this step do not count. */
      readonly isFresh: boolean;
      /** Undefined if a missing message is a failure. */
      readonly limitMs: number | undefined;
    }
  | { readonly verb: 'say'; readonly message: string | Uint8Array }
  | { readonly verb: 'close'; readonly code: number | undefined; readonly reason: string }
  | { readonly verb: 'abort'; readonly how: 'fin' | 'reset' }
  | {
      readonly verb: 'call';
      readonly call: Call;
      /** How much of a recording is the body, in milliseconds; 0 for no body. */
      readonly audioMs: number;
    };

type ClientFile = Exclude<NonNullable<ScenarioFile['client']>, readonly unknown[]>;

/** The custom model that the step `call: custom-model` makes. */
export const NEW_MODEL = {
  name: 'Appointments',
  description: 'Made by a scenario',
  phrases: ['doctor Jansen', 'next Thursday'],
} as const;

/** One connection of a client, or its calls of the REST API. */
export interface ClientSession {
  /** Runs at the same time as neighbouring sessions with this flag; otherwise alone. */
  readonly atOnce: boolean;
  readonly role: string | undefined;
  /** Replaces the credential that the player was given; an empty text is none. */
  readonly token: string | undefined;
  readonly credential: NonNullable<ClientFile['credential']>;
  readonly form: ClientFile['form'];
  /** Undefined means the documented path. */
  readonly path: ClientFile['path'];
  /** False omits a parameter that would otherwise be sent. */
  readonly query: Readonly<Record<string, string | false>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly subprotocols: readonly string[] | undefined;
  readonly steps: readonly ClientStep[];
}

/** The client's side of a scenario. */
export interface ClientScript {
  /** In the order in which they begin. */
  readonly sessions: readonly ClientSession[];
}

/** The client's side of a scenario that the schema has checked. */
export function clientScriptOf({ file }: Pick<Scenario, 'file'>): ClientScript {
  const given = file.client ?? {};
  const { sessions, connections = 1, ...one }: ClientFile = Array.isArray(given) ? { steps: given } : given;
  const all = sessions ?? Array.from({ length: connections }, () => ({ role: undefined }));
  return {
    sessions: all.map((each) => sessionOf({ ...one, ...each }, file.dialect)),
  };
}

function sessionOf(
  given: ClientFile & { readonly role?: string | undefined },
  dialect: Dialect,
): ClientSession {
  return {
    atOnce: given['at-once'] === true,
    role: given.role,
    token: given.token,
    credential: given.credential ?? 'valid',
    form: given.form,
    path: given.path,
    query: given.query ?? {},
    headers: given.headers ?? {},
    subprotocols: given.subprotocols,
    steps: readClientSteps(given.steps ?? SCENARIO_DIALECTS[dialect].clientSteps),
  };
}

const RECORDING = 'en-appointment.wav';
const FRAME_MS = 100;

/** The client's steps of a scenario file, which the schema has checked. */
export function readClientSteps(steps: readonly ClientStepFile[]): readonly ClientStep[] {
  return steps.map((step) => readEntry(entryOf(step)));
}

/** A verb with its own kind of value. */
type Entry<V extends ClientVerb = ClientVerb> = {
  readonly [K in V]: readonly [verb: K, value: ClientValues[K]];
}[V];

function entryOf(step: ClientStepFile): Entry {
  // The verb is its only key, which the types of Object.entries do not express.
  return (typeof step === 'string' ? [step, undefined] : Object.entries(step)[0]) as Entry;
}

function readEntry<V extends ClientVerb>([verb, value]: Entry<V>): ClientStep {
  return STEPS[verb](value);
}

/** What each verb means. */
const STEPS: { readonly [V in ClientVerb]: (value: ClientValues[V]) => ClientStep } = {
  start: () => ({ verb: 'start' }),
  stop: () => ({ verb: 'stop' }),
  ping: () => ({ verb: 'ping' }),
  meet: () => ({ verb: 'meet' }),
  hang: () => ({ verb: 'hang' }),
  connect: () => ({ verb: 'connect' }),
  expire: () => ({ verb: 'expire' }),
  flush: (id) => ({ verb: 'flush', id }),
  audio: (value) => {
    const given = typeof value === 'string' ? { for: value } : value;
    const { sampleRate, channels } = USUAL_FORMAT;
    return {
      verb: 'audio',
      file: given.silence === true ? undefined : (given.file ?? RECORDING),
      durationMs: durationMsOf(given.for),
      frameMs: durationMsOf(given.frame) ?? FRAME_MS,
      header: given.header === true,
      format: { sampleRate: given.rate ?? sampleRate, channels: given.channels ?? channels },
      pace: given.pace ?? 1,
    };
  },
  wait: (value) => ({ verb: 'wait', ms: durationMsOf(value) ?? 0 }),
  await: (value) => {
    const {
      for: what,
      count = 1,
      match,
      fresh = false,
      limit,
    } = typeof value === 'string' ? { for: value } : value;
    return { verb: 'await', what, count, match, isFresh: fresh, limitMs: durationMsOf(limit) };
  },
  send: (value) => ({ verb: 'say', message: JSON.stringify(value) }),
  raw: (value) => {
    if (typeof value === 'string') return { verb: 'say', message: value };
    return { verb: 'say', message: 'text' in value ? value.text : bytesOf(value) };
  },
  close: (value) => {
    const { code, reason = '' } = typeof value === 'number' ? { code: value } : value;
    return { verb: 'close', code, reason };
  },
  abort: (how) => ({ verb: 'abort', how }),
  call: (value) => {
    const { for: call, audio } = typeof value === 'string' ? { for: value } : value;
    return { verb: 'call', call, audioMs: durationMsOf(audio) ?? 0 };
  },
};
