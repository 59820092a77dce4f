import { ESTABLISH_MS, IDLE_MS } from '../limits.ts';
import { SCENARIO_DIALECTS } from '../dialects/dialects.ts';
import type { SocketDialect } from '../../protocol/dialects.ts';
import { chance } from '../../runtime/random.ts';
import { draw } from '../../runtime/spread.ts';
import { jsonFrame } from '../../wire/frame.ts';
import type { ServerStepFile, ServerVerb, StepValue } from '../schema/server-steps.ts';
import type { Step } from '../script.ts';
import { conditionOf } from './condition.ts';
import { entryOf, type Entry } from './entry.ts';
import { FRAME_STEPS, messageOf } from './frames.ts';
import { candidateOf, distortionOf, finalOf, paceOf, partialOf, untilOf, utterances } from './recognition.ts';
import { isTemplate } from '../placeholders.ts';
import { durationMsOf, present, spreadOf } from './values.ts';

/** How long to wait for the client, unless a step says otherwise. */
const AWAIT_LIMIT_MS = 60_000;

/** The context that the meaning of a step depends on. */
export interface Compiler {
  readonly dialect: SocketDialect;
  readonly seed: number;
  readonly attempt: number;
}

/** Repeats are expanded: the check of the scenario has made sure that they are not too long. */
export function compileSteps(
  steps: readonly ServerStepFile[],
  compiler: Compiler,
  path: string,
): readonly Step[] {
  return steps.flatMap((step, i) => compileStep(step, compiler, `${path}.${i}`));
}

function compileStep(step: ServerStepFile, compiler: Compiler, path: string): readonly Step[] {
  if (typeof step === 'string') return compilePlain(entryOf(step), compiler, path);
  if ('chance' in step) {
    const likely = Number.parseFloat(step.chance) / 100;
    const isTaken = chance(compiler.seed, 'chance', compiler.attempt, path) < likely;
    const taken = isTaken ? step.steps : step.else;
    return compileSteps(taken ?? [], compiler, `${path}.${isTaken ? 'steps' : 'else'}`);
  }
  if ('repeat' in step) {
    const all: Step[] = [];
    for (let i = 0; i < step.repeat; i++) {
      for (const one of compileSteps(step.steps, compiler, `${path}.${i}`)) all.push(one);
    }
    return all;
  }
  if ('when' in step) {
    const steps = compileSteps(step.steps, compiler, `${path}.steps`);
    const otherwise = compileSteps(step.else ?? [], compiler, `${path}.else`);
    return [
      { kind: 'when', condition: conditionOf(step.when), otherwiseSkip: steps.length + 1 },
      ...steps,
      { kind: 'skip', steps: otherwise.length },
      ...otherwise,
    ];
  }
  return compilePlain(entryOf(step), compiler, path);
}

function compilePlain<V extends ServerVerb>(
  [verb, value]: Entry<V>,
  compiler: Compiler,
  path: string,
): readonly Step[] {
  return STEPS[verb](value, compiler, path).map(asTemplate);
}

/** A step with a text that is only known when it is sent. */
function asTemplate(step: Step): Step {
  switch (step.kind) {
    case 'say':
    case 'frame':
    case 'fail':
    case 'close':
      return isTemplate(step) ? { kind: 'template', of: step } : step;
    default:
      return step;
  }
}

type Meaning<V extends ServerVerb> = (
  value: StepValue<V>,
  compiler: Compiler,
  path: string,
) => readonly Step[];

/** The meaning of each verb; the schema has checked its value. */
const STEPS: { readonly [V in ServerVerb]: Meaning<V> } = {
  ...FRAME_STEPS,
  open: (_value, { dialect }) => SCENARIO_DIALECTS[dialect].opening,
  await: (value) => {
    const { for: what, count = 1, ...given } = typeof value === 'string' ? { for: value } : value;
    const isFirst = what === 'start' || what === 'source';
    const limitMs = durationMsOf(given.limit) ?? (isFirst ? ESTABLISH_MS : AWAIT_LIMIT_MS);
    const late = given.late ?? `Connection timeout: no ${what} within ${limitMs / 1000} seconds`;
    return [{ kind: 'await', what, count, ...present({ bytes: given.bytes }), limitMs, late }];
  },
  wait: (value, { seed, attempt }, path) => {
    if (typeof value !== 'string' && 'until' in value) {
      const { until, since = 'connection' } = value;
      return [{ kind: 'wait-until', ms: durationMsOf(until) ?? 0, since }];
    }
    const at = (i: number) => chance(seed, i === 0 ? 'wait' : 'wait-2', attempt, path);
    return [{ kind: 'wait', ms: Math.round(draw(spreadOf(value), at)) }];
  },
  'shutting-down': (value) => [
    { kind: 'say', say: { kind: 'state', state: 'shutting_down', inMs: durationMsOf(value) ?? 0 } },
  ],
  state: (state) => [{ kind: 'say', say: { kind: 'state', state } }],
  speak: (value, { seed }, path) => {
    const { text, pace, ...given } = typeof value === 'string' ? { text: value } : value;
    const words = utterances(text, durationMsOf(pace), seed, path);
    return [{ kind: 'transcribe', idleMs: IDLE_MS, words, ...paceOf(given), ...distortionOf(given) }];
  },
  transcribe: (given = {}) => {
    const until = given.until === undefined ? {} : { until: untilOf(given.until) };
    const idleMs = durationMsOf(given.idle) ?? IDLE_MS;
    return [{ kind: 'transcribe', idleMs, ...until, ...paceOf(given), ...distortionOf(given) }];
  },
  finish: () => [{ kind: 'finish' }],
  hang: () => [{ kind: 'hang' }],
  partial: (value, { seed }, path) => [{ kind: 'say', say: partialOf(value, seed, path) }],
  final: (value, { seed }, path) => [{ kind: 'say', say: finalOf(value, seed, path) }],
  turn_start: () => [{ kind: 'say', say: { kind: 'turn-start' } }],
  turn_end_candidate: (value, { seed }, path) => [{ kind: 'say', say: candidateOf(value, seed, path) }],
  turn_continuation: () => [{ kind: 'say', say: { kind: 'turn-continuation' } }],
  turn_end: () => [{ kind: 'say', say: { kind: 'turn-end' } }],
  error: (message) => [{ kind: 'say', say: { kind: 'error', problem: 'internal', message } }],
  fail: (value) => [
    { kind: 'fail', ...(typeof value === 'string' ? { problem: 'internal', message: value } : value) },
  ],
  confirm: (id) => [{ kind: 'say', say: { kind: 'flushed', id: id === false ? undefined : id } }],
  send: (value) => [
    isTemplate(value)
      ? { kind: 'template', of: { kind: 'json', value } }
      : { kind: 'frame', frame: jsonFrame(value) },
  ],
  raw: (value) => [{ kind: 'frame', frame: messageOf(value) }],
  latency: (value) => [{ kind: 'latency', spread: spreadOf(value) }],
  stall: (value) => [{ kind: 'stall', ms: durationMsOf(value?.for) }],
  close: (value = {}) => {
    const { code, reason } = typeof value === 'number' ? { code: value } : value;
    if (code === undefined && reason === undefined) return [{ kind: 'close' }];
    return [{ kind: 'close', code: code ?? 1000, ...present({ reason }) }];
  },
  abort: (how) => [{ kind: 'abort', how }],
};
