import { SCENARIO_DIALECTS } from './dialects.ts';
import type { Dialect } from '../protocol/dialects.ts';
import { parseDuration } from '../runtime/duration.ts';
import type { Scenario } from './scenario.ts';
import type { ScenarioFile } from './schema.ts';

/** What a client can wait for. */
export type AwaitedByClient = 'partial' | 'final' | 'state' | 'error' | 'confirmation' | 'message' | 'close';

/** How samples are sent: signed 16 bit, little-endian, the channels in turn. */
export interface SoundFormat {
  /** Samples a second, of each channel. */
  readonly sampleRate: number;
  readonly channels: number;
}

export const USUAL_FORMAT: SoundFormat = { sampleRate: 16_000, channels: 1 };

/** One thing that a client does. */
export type ClientStep =
  | { readonly verb: 'start' | 'stop' | 'ping' | 'meet' | 'hang' | 'connect' }
  | { readonly verb: 'flush'; readonly id: string | undefined }
  | {
      readonly verb: 'audio';
      /** Undefined is silence. */
      readonly file: string | undefined;
      /** Undefined is all of it; more than there is begins it anew. */
      readonly durationMs: number | undefined;
      readonly frameMs: number;
      /** The header of a WAVE file comes before it. */
      readonly header: boolean;
      readonly format: SoundFormat;
      /** Times the pace of whoever plays it. */
      readonly pace: number;
    }
  | { readonly verb: 'wait'; readonly ms: number }
  | {
      readonly verb: 'await';
      readonly what: AwaitedByClient;
      readonly count: number;
      readonly match: unknown;
      /** Undefined: what never comes is a failure. */
      readonly limitMs: number | undefined;
    }
  | { readonly verb: 'say'; readonly message: string | Uint8Array }
  | { readonly verb: 'close'; readonly code: number | undefined; readonly reason: string }
  | { readonly verb: 'abort'; readonly how: 'fin' | 'reset' }
  | { readonly verb: 'call'; readonly call: 'initialize' | 'status' };

type ClientFile = Exclude<NonNullable<ScenarioFile['client']>, readonly unknown[]>;

/** One connection of a client, or its calls of the REST API. */
export interface ClientSession {
  /** At the same time as its neighbours that are so, too; else by itself. */
  readonly atOnce: boolean;
  readonly role: string | undefined;
  /** Instead of the credential that the player was given; an empty text is none. */
  readonly token: string | undefined;
  readonly credential: NonNullable<ClientFile['credential']>;
  readonly form: ClientFile['form'];
  /** False: without a parameter that it would otherwise have. */
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
    query: given.query ?? {},
    headers: given.headers ?? {},
    subprotocols: given.subprotocols,
    steps: readClientSteps(given.steps ?? SCENARIO_DIALECTS[dialect].clientSteps),
  };
}

const RECORDING = 'en-appointment.wav';
const FRAME_MS = 100;

type Fields = Readonly<Record<string, unknown>>;

/** The client's steps of a scenario file, which the schema has checked. */
export function readClientSteps(steps: readonly unknown[]): readonly ClientStep[] {
  return steps.map(readStep);
}

function readStep(step: unknown): ClientStep {
  const [verb, value] =
    typeof step === 'string' ? [step, undefined] : (Object.entries(step as Fields)[0] ?? []);
  const fields = typeof value === 'object' && value !== null ? (value as Fields) : {};
  switch (verb) {
    case 'start':
    case 'stop':
    case 'ping':
    case 'meet':
    case 'hang':
    case 'connect':
      return { verb };
    case 'flush':
      return { verb, id: value as string | undefined };
    case 'audio':
      return {
        verb,
        file: fields['silence'] === true ? undefined : ((fields['file'] as string | undefined) ?? RECORDING),
        durationMs: duration(typeof value === 'string' ? value : fields['for']),
        frameMs: duration(fields['frame']) ?? FRAME_MS,
        header: fields['header'] === true,
        format: {
          sampleRate: (fields['rate'] as number | undefined) ?? USUAL_FORMAT.sampleRate,
          channels: (fields['channels'] as number | undefined) ?? USUAL_FORMAT.channels,
        },
        pace: (fields['pace'] as number | undefined) ?? 1,
      };
    case 'wait':
      return { verb, ms: duration(value) ?? 0 };
    case 'await':
      return {
        verb,
        what: (typeof value === 'string' ? value : fields['for']) as AwaitedByClient,
        count: (fields['count'] as number | undefined) ?? 1,
        match: fields['match'],
        limitMs: duration(fields['limit']),
      };
    case 'send':
      return { verb: 'say', message: JSON.stringify(value) };
    case 'raw':
      return { verb: 'say', message: messageOf(value) };
    case 'close':
      return {
        verb,
        code: typeof value === 'number' ? value : (fields['code'] as number | undefined),
        reason: (fields['reason'] as string | undefined) ?? '',
      };
    case 'abort':
      return { verb, how: value as 'fin' | 'reset' };
    case 'call':
      return { verb, call: value as 'initialize' | 'status' };
    default:
      throw new Error(`the client of a scenario has no such step: ${String(verb)}`);
  }
}

function duration(value: unknown): number | undefined {
  return typeof value === 'string' ? parseDuration(value) : undefined;
}

function messageOf(value: unknown): string | Uint8Array {
  if (typeof value === 'string') return value;
  const { text, hex, base64 } = value as { text?: string; hex?: string; base64?: string };
  if (text !== undefined) return text;
  return hex === undefined
    ? Buffer.from(base64 ?? '', 'base64')
    : Buffer.from(hex.replace(/\s+/g, ''), 'hex');
}
