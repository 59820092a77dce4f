import { parseDuration } from '../../src/runtime/duration.ts';

/** What a client can wait for. */
export type Awaited = 'partial' | 'final' | 'state' | 'error' | 'confirmation' | 'message' | 'close';

/** One thing that the client of a scenario does. */
export type ClientStep =
  | { readonly verb: 'start' | 'stop' | 'hang' | 'connect' }
  | { readonly verb: 'flush'; readonly id: string | undefined }
  | {
      readonly verb: 'audio';
      /** Undefined is silence. */
      readonly file: string | undefined;
      /** Undefined is all of it. */
      readonly durationMs: number | undefined;
      readonly frameMs: number;
    }
  | { readonly verb: 'wait'; readonly ms: number }
  | {
      readonly verb: 'await';
      readonly what: Awaited;
      readonly count: number;
      readonly match: unknown;
      /** Undefined: what never comes is a failure. */
      readonly limitMs: number | undefined;
    }
  | { readonly verb: 'say'; readonly message: string | Uint8Array }
  | { readonly verb: 'close'; readonly code: number | undefined; readonly reason: string }
  | { readonly verb: 'abort'; readonly how: 'fin' | 'reset' }
  | { readonly verb: 'call'; readonly call: 'initialize' | 'status' };

const RECORDING = 'en-appointment.wav';
const FRAME_MS = 100;

type Fields = Readonly<Record<string, unknown>>;

/** The client's steps of a scenario file, which the schema has checked. */
export function readSteps(steps: readonly unknown[]): readonly ClientStep[] {
  return steps.map(readStep);
}

function readStep(step: unknown): ClientStep {
  const [verb, value] =
    typeof step === 'string' ? [step, undefined] : (Object.entries(step as Fields)[0] ?? []);
  const fields = typeof value === 'object' && value !== null ? (value as Fields) : {};
  switch (verb) {
    case 'start':
    case 'stop':
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
      };
    case 'wait':
      return { verb, ms: duration(value) ?? 0 };
    case 'await':
      return {
        verb,
        what: (typeof value === 'string' ? value : fields['for']) as Awaited,
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
