import { confidence as confidenceOf, spokenMs } from '../generate/words.ts';
import { parseDuration } from '../runtime/duration.ts';
import { UserError } from '../runtime/errors.ts';
import { chance } from '../runtime/random.ts';
import { encodeClose, encodeFrame, OPCODES } from '../wire/encode.ts';
import { jsonFrame, type Frame } from '../wire/frame.ts';
import { ESTABLISH_MS, happyPath, IDLE_MS, opening, type Life } from './happy-path.ts';
import type { Scenario } from './scenario.ts';
import type { Distortion, Problem, Step, Until, Utterance, Word } from './script.ts';

/** What happens to an upgrade instead of a plain 101. */
export type Handshake =
  | { readonly kind: 'hang' | 'drop' | 'reset' }
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: unknown;
      readonly afterMs: number;
    }
  | {
      readonly kind: 'open';
      readonly headers: Readonly<Record<string, string>>;
      readonly afterMs: number;
      /** Selects this subprotocol, or none; left out, the dialect's own. */
      readonly subprotocol?: string | false;
    };

/** What the server does on one connection of a scenario. */
export interface CompiledAttempt {
  readonly handshake: Handshake | undefined;
  readonly steps: readonly Step[];
}

export interface CompileOptions {
  readonly life: Life;
  readonly seed: number;
  /** Which connection of its token this is, from 0: the scenario's attempts are taken in turn, the last one stays. */
  readonly attempt: number;
}

/** A scenario may grow to so many steps: repeats in repeats are easily written. */
const MOST_STEPS = 100_000;
/** How long to wait for the client, unless a step says. */
const AWAIT_LIMIT_MS = 60_000;

/** What a scenario's server does on its `attempt`-th connection. Pure: chance comes from the seed. */
export function compileAttempt({ file, path }: Scenario, options: CompileOptions): CompiledAttempt {
  const { server } = file;
  const seed = file.seed ?? options.seed;
  const given = pickAttempt(server, options.attempt);
  const compiler: Compiler = {
    life: options.life,
    seed,
    attempt: options.attempt,
    count: { steps: 0 },
    path,
  };
  return {
    handshake: given.handshake === undefined ? undefined : compileHandshake(given.handshake),
    steps:
      given.steps === undefined ? happyPath(options.life) : compileSteps(given.steps, compiler, 'server'),
  };
}

/** How many connections of one token a scenario has something to say about. */
export function attemptsOf({ file: { server } }: Scenario): number {
  return server !== undefined && 'attempts' in server ? server.attempts.length : 1;
}

type StepFile = string | Readonly<Record<string, unknown>>;
type AttemptFile = { readonly handshake?: unknown; readonly steps?: readonly StepFile[] };

function pickAttempt(server: Scenario['file']['server'], attempt: number): AttemptFile {
  if (server === undefined) return {};
  if (Array.isArray(server)) return { steps: server };
  if ('attempts' in server) {
    const one = server.attempts[Math.min(attempt, server.attempts.length - 1)] ?? [];
    return Array.isArray(one) ? { steps: one } : (one as AttemptFile);
  }
  return 'handshake' in server || 'steps' in server ? (server as AttemptFile) : {};
}

interface Compiler {
  readonly life: Life;
  readonly seed: number;
  readonly attempt: number;
  readonly count: { steps: number };
  readonly path: string;
}

function compileSteps(steps: readonly StepFile[], compiler: Compiler, path: string): readonly Step[] {
  return steps.flatMap((step, i) => compileStep(step, compiler, `${path}.${i}`));
}

function compileStep(step: StepFile, compiler: Compiler, path: string): readonly Step[] {
  compiler.count.steps += 1;
  if (compiler.count.steps > MOST_STEPS) {
    throw new UserError(`${compiler.path}: more than ${MOST_STEPS} steps once repeats are written out`);
  }
  const [verb, value] =
    typeof step === 'string' ? [step, undefined] : (Object.entries(step)[0] ?? ['', undefined]);
  if (typeof step !== 'string' && 'chance' in step) {
    const likely = Number.parseFloat(String(step['chance'])) / 100;
    const isTaken = chance(compiler.seed, 'chance', compiler.attempt, path) < likely;
    const taken = (isTaken ? step['steps'] : step['else']) as readonly StepFile[] | undefined;
    return compileSteps(taken ?? [], compiler, `${path}.${isTaken ? 'steps' : 'else'}`);
  }
  if (typeof step !== 'string' && 'repeat' in step) {
    const all: Step[] = [];
    for (let i = 0; i < Number(step['repeat']); i++) {
      for (const one of compileSteps(step['steps'] as readonly StepFile[], compiler, `${path}.${i}`))
        all.push(one);
    }
    return all;
  }
  return compileVerb(verb, value, compiler, path);
}

/** The schema has checked what each verb holds; this only says what it means. */
function compileVerb(verb: string, value: unknown, compiler: Compiler, path: string): readonly Step[] {
  const at = (key: string) => chance(compiler.seed, key, compiler.attempt, path);
  const fields =
    typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
  switch (verb) {
    case 'open':
      return opening(compiler.life);
    case 'await': {
      const what = (typeof value === 'string' ? value : fields['for']) as Extract<
        Step,
        { kind: 'await' }
      >['what'];
      const isFirst = what === 'start' || what === 'source';
      const limitMs = duration(fields['limit']) ?? (isFirst ? ESTABLISH_MS : AWAIT_LIMIT_MS);
      const late = `Connection timeout: no ${what} within ${limitMs / 1000} seconds`;
      return [
        {
          kind: 'await',
          what,
          count: Number(fields['count'] ?? 1),
          limitMs,
          late: (fields['late'] as string | undefined) ?? late,
        },
      ];
    }
    case 'wait':
      return [{ kind: 'wait', ms: drawn(value, at('wait')) }];
    case 'state':
      return [{ kind: 'say', say: { kind: 'state', state: String(value) } }];
    case 'speak': {
      const text = typeof value === 'string' ? value : String(fields['text']);
      const paceMs = duration(fields['pace']);
      const words = utterances(text, paceMs, compiler.seed, path);
      return [{ kind: 'transcribe', idleMs: IDLE_MS, words, ...distortion(fields) }];
    }
    case 'transcribe': {
      const until = readUntil(fields['until']);
      return [
        {
          kind: 'transcribe',
          idleMs: duration(fields['idle']) ?? IDLE_MS,
          ...(until === undefined ? {} : { until }),
          ...distortion(fields),
        },
      ];
    }
    case 'finish':
    case 'hang':
      return [{ kind: verb }];
    case 'partial':
    case 'final':
      return [{ kind: 'say', say: scripted(verb, value, fields, compiler.seed, path) }];
    case 'error':
      return [{ kind: 'say', say: { kind: 'error', problem: 'internal', message: String(value) } }];
    case 'fail':
      return [
        typeof value === 'string'
          ? { kind: 'fail', problem: 'internal', message: value }
          : { kind: 'fail', problem: fields['problem'] as Problem, message: String(fields['message']) },
      ];
    case 'confirm':
      return [
        { kind: 'say', say: { kind: 'flushed', id: value === false ? undefined : (value as string | null) } },
      ];
    case 'send':
      return [{ kind: 'frame', frame: jsonFrame(value) }];
    case 'raw':
      return [{ kind: 'frame', frame: messageOf(value) }];
    case 'bytes':
      return [{ kind: 'bytes', bytes: bytesOf(value) }];
    case 'fragments':
      return fragments(fields['send'], Number(fields['parts']), duration(fields['every']) ?? 0);
    case 'cut-frame': {
      const frame = encodeFrame({
        opcode: OPCODES.text,
        payload: Buffer.from(JSON.stringify(fields['send'])),
      });
      return [
        { kind: 'bytes', bytes: frame.subarray(0, Number(fields['after'])) },
        ...ending(fields['then']),
      ];
    }
    case 'drip': {
      const everyMs = duration(fields['every']) ?? 0;
      const frame = encodeFrame({
        opcode: OPCODES.text,
        payload: Buffer.from(JSON.stringify(fields['send'])),
      });
      return [...frame].flatMap((byte, i): readonly Step[] => [
        ...(i === 0 ? [] : [{ kind: 'wait', ms: everyMs } as const]),
        { kind: 'bytes', bytes: Uint8Array.of(byte) },
      ]);
    }
    case 'ping': {
      const many = typeof value === 'number';
      const ping = encodeFrame({ opcode: OPCODES.ping, payload: many ? new Uint8Array(0) : bytesOf(value) });
      return [{ kind: 'bytes', bytes: many ? Buffer.concat(new Array<Uint8Array>(value).fill(ping)) : ping }];
    }
    case 'close-frame': {
      const bytes = encodeClose(Number(fields['code']), (fields['reason'] as string | undefined) ?? '');
      return [{ kind: 'bytes', bytes }, ...ending(fields['then'])];
    }
    case 'bad-opcode':
      return [
        { kind: 'bytes', bytes: encodeFrame({ opcode: 3, payload: Buffer.from('?') }) },
        ...ending(fields['then']),
      ];
    case 'masked-frame': {
      const payload = Buffer.from('{"masked":true}');
      const bytes = encodeFrame({ opcode: OPCODES.text, payload, mask: Uint8Array.of(1, 2, 3, 4) });
      return [{ kind: 'bytes', bytes }, ...ending(fields['then'])];
    }
    case 'bad-utf8': {
      const payload = Buffer.concat([Buffer.from('{"text":"'), Uint8Array.of(0xc3, 0x28), Buffer.from('"}')]);
      return [
        { kind: 'bytes', bytes: encodeFrame({ opcode: OPCODES.text, payload }) },
        ...ending(fields['then']),
      ];
    }
    case 'latency': {
      const { min, max } = fields as { min?: string; max?: string };
      const fixedMs = duration(value) ?? 0;
      return [{ kind: 'latency', minMs: duration(min) ?? fixedMs, maxMs: duration(max) ?? fixedMs }];
    }
    case 'stall':
      return [{ kind: 'stall', ms: duration(fields['for']) }];
    case 'close': {
      const code = typeof value === 'number' ? value : (fields['code'] as number | undefined);
      const reason = fields['reason'] as string | undefined;
      if (code === undefined && reason === undefined) return [{ kind: 'close' }];
      return [{ kind: 'close', code: code ?? 1000, ...(reason === undefined ? {} : { reason }) }];
    }
    case 'abort':
      return [{ kind: 'abort', how: value as 'fin' | 'reset' | 'silence' }];
    default:
      throw new TypeError(`no such step: ${verb}`);
  }
}

/** A malformed frame is followed by the end of TCP: some clients wait half a minute for it. */
function ending(then: unknown): readonly Step[] {
  if (then === 'stay') return [];
  return [{ kind: 'abort', how: then === 'reset' ? 'reset' : 'fin' }];
}

function fragments(message: unknown, parts: number, everyMs: number): readonly Step[] {
  const bytes = Buffer.from(JSON.stringify(message));
  const size = Math.max(1, Math.ceil(bytes.length / parts));
  const steps: Step[] = [];
  for (let i = 0; i < parts; i++) {
    if (i > 0 && everyMs > 0) steps.push({ kind: 'wait', ms: everyMs });
    const opcode = i === 0 ? OPCODES.text : OPCODES.continuation;
    const payload = bytes.subarray(i * size, (i + 1) * size);
    steps.push({ kind: 'bytes', bytes: encodeFrame({ opcode, payload, fin: i === parts - 1 }) });
  }
  return steps;
}

function readUntil(value: unknown): Until | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { audio, speech, time, idle, ...counts } = value as Readonly<Record<string, unknown>>;
  const until: Record<string, unknown> = { ...counts };
  for (const [name, text] of Object.entries({
    audioMs: audio,
    speechMs: speech,
    timeMs: time,
    idleMs: idle,
  })) {
    if (text !== undefined) until[name] = duration(text);
  }
  return until;
}

const DISTORTIONS = ['partials', 'finals', 'times', 'confidence', 'speaker', 'flush'] as const;

function distortion(fields: Readonly<Record<string, unknown>>): { readonly distortion?: Distortion } {
  const found = Object.fromEntries(
    DISTORTIONS.filter((name) => fields[name] !== undefined).map((name) => [name, fields[name]]),
  );
  const partialExtra = fields['partial-extra'];
  const finalExtra = fields['final-extra'];
  if (partialExtra !== undefined) found['partialExtra'] = partialExtra;
  if (finalExtra !== undefined) found['finalExtra'] = finalExtra;
  return Object.keys(found).length === 0 ? {} : { distortion: found };
}

function utterances(
  text: string,
  paceMs: number | undefined,
  seed: number,
  path: string,
): readonly Utterance[] {
  return text
    .split(/\s+/)
    .filter((word) => word !== '')
    .map((word, i) => ({
      kind: 'paced',
      text: word,
      spokenMs: paceMs ?? spokenMs(word, chance(seed, 'speak', path, i)),
      confidence: confidenceOf(chance(seed, 'confidence', path, i)),
    }));
}

/** A result that the scenario spells out, whatever audio was heard. */
function scripted(
  kind: 'partial' | 'final',
  value: unknown,
  fields: Readonly<Record<string, unknown>>,
  seed: number,
  path: string,
): Extract<Step, { kind: 'say' }>['say'] {
  const startMs = duration(fields['offset']) ?? 0;
  const text = typeof value === 'string' ? value : ((fields['text'] as string | undefined) ?? '');
  const extra =
    fields['extra'] === undefined ? {} : { extra: fields['extra'] as Readonly<Record<string, unknown>> };
  const words = fields['words'] === undefined ? timed(text, startMs, seed, path) : spelled(fields['words']);
  if (kind === 'partial')
    return { kind, words, startMs, stability: Number(fields['stability'] ?? 0.85), ...extra };
  const speaker = fields['speaker'] === undefined ? {} : { speaker: fields['speaker'] as string };
  return { kind, words, startMs, ...speaker, ...extra };
}

function timed(text: string, startMs: number, seed: number, path: string): readonly Word[] {
  let endMs = startMs;
  return utterances(text, undefined, seed, path).map((utterance) => {
    const from = endMs;
    endMs += utterance.kind === 'paced' ? utterance.spokenMs : 0;
    return { text: utterance.text, startMs: from, endMs, confidence: utterance.confidence };
  });
}

function spelled(words: unknown): readonly Word[] {
  return (words as readonly { text: string; start: string; end: string; confidence?: number }[]).map(
    (word) => ({
      text: word.text,
      startMs: duration(word.start) ?? 0,
      endMs: duration(word.end) ?? 0,
      confidence: word.confidence ?? 0.95,
    }),
  );
}

function compileHandshake(value: unknown): Handshake {
  if (value === 'hang' || value === 'drop' || value === 'reset') return { kind: value };
  const {
    status,
    headers = {},
    body,
    after,
    subprotocol,
  } = value as {
    status?: number;
    headers?: Readonly<Record<string, string>>;
    body?: unknown;
    after?: string;
    subprotocol?: string | false;
  };
  const afterMs = duration(after) ?? 0;
  if (status !== undefined) return { kind: 'answer', status, headers, body, afterMs };
  return { kind: 'open', headers, afterMs, ...(subprotocol === undefined ? {} : { subprotocol }) };
}

function messageOf(value: unknown): Frame {
  if (typeof value === 'string') return { kind: 'text', text: value };
  const { text } = value as { text?: string };
  return text === undefined ? { kind: 'binary', bytes: bytesOf(value) } : { kind: 'text', text };
}

function bytesOf(value: unknown): Uint8Array {
  if (typeof value === 'string') return Buffer.from(value);
  const { text, hex, base64 } = value as { text?: string; hex?: string; base64?: string };
  if (text !== undefined) return Buffer.from(text);
  return hex === undefined
    ? Buffer.from(base64 ?? '', 'base64')
    : Buffer.from(hex.replace(/\s+/g, ''), 'hex');
}

function duration(value: unknown): number | undefined {
  return typeof value === 'string' ? parseDuration(value) : undefined;
}

/** A length of time, or one that chance draws from a range. */
function drawn(value: unknown, at: number): number {
  if (typeof value === 'string') return duration(value) ?? 0;
  const { min, max } = value as { min: string; max: string };
  const minMs = duration(min) ?? 0;
  return Math.round(minMs + ((duration(max) ?? 0) - minMs) * at);
}
