import { ESTABLISH_MS, IDLE_MS } from '../limits.ts';
import { SCENARIO_DIALECTS } from '../dialects.ts';
import type { SocketDialect } from '../../protocol/dialects.ts';
import { chance } from '../../runtime/random.ts';
import { draw } from '../../runtime/spread.ts';
import { jsonFrame } from '../../wire/frame.ts';
import type { Problem, Step } from '../script.ts';
import type { Ages } from '../told.ts';
import { frameSteps, messageOf } from './frames.ts';
import { distortionOf, paceOf, readUntil, scripted, utterances } from './recognition.ts';
import { conditionOf } from './condition.ts';
import { isTemplate } from '../placeholders.ts';
import { durationMsOf, fieldsOf, spreadOf } from './values.ts';

/** How long to wait for the client, unless a step says. */
const AWAIT_LIMIT_MS = 60_000;

/** A step as it stands in a file. */
export type StepFile = string | Readonly<Record<string, unknown>>;

/** What the meaning of a step depends on besides the step. */
export interface Compiler {
  readonly dialect: SocketDialect;
  readonly seed: number;
  readonly attempt: number;
}

/** Repeats are written out: reading the scenario has made sure that this does not become too much. */
export function compileSteps(steps: readonly StepFile[], compiler: Compiler, path: string): readonly Step[] {
  return steps.flatMap((step, i) => compileStep(step, compiler, `${path}.${i}`));
}

function compileStep(step: StepFile, compiler: Compiler, path: string): readonly Step[] {
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
  if (typeof step !== 'string' && 'when' in step) {
    const branch = (key: string) =>
      compileSteps((step[key] ?? []) as readonly StepFile[], compiler, `${path}.${key}`);
    const [steps, otherwise] = [branch('steps'), branch('else')];
    const condition = conditionOf(fieldsOf(step['when']));
    return [
      { kind: 'when', condition, otherwiseSkip: steps.length + 1 },
      ...steps,
      { kind: 'skip', steps: otherwise.length },
      ...otherwise,
    ];
  }
  return compileVerb(verb, value, compiler, path).map(asTemplate);
}

/** A step that says something which is not known before it is said. */
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

/** The schema has checked what each verb holds; this only says what it means. */
function compileVerb(verb: string, value: unknown, compiler: Compiler, path: string): readonly Step[] {
  const at = (key: string) => chance(compiler.seed, key, compiler.attempt, path);
  const fields = fieldsOf(value);
  switch (verb) {
    case 'open':
      return SCENARIO_DIALECTS[compiler.dialect].opening;
    case 'await': {
      const what = (typeof value === 'string' ? value : fields['for']) as Extract<
        Step,
        { kind: 'await' }
      >['what'];
      const isFirst = what === 'start' || what === 'source';
      const limitMs = durationMsOf(fields['limit']) ?? (isFirst ? ESTABLISH_MS : AWAIT_LIMIT_MS);
      const late = `Connection timeout: no ${what} within ${limitMs / 1000} seconds`;
      return [
        {
          kind: 'await',
          what,
          count: Number(fields['count'] ?? 1),
          ...(fields['bytes'] === undefined ? {} : { bytes: Number(fields['bytes']) }),
          limitMs,
          late: (fields['late'] as string | undefined) ?? late,
        },
      ];
    }
    case 'wait':
      if (fields['until'] !== undefined) {
        const since = (fields['since'] as keyof Ages | undefined) ?? 'connection';
        return [{ kind: 'wait-until', ms: durationMsOf(fields['until']) ?? 0, since }];
      }
      return [
        { kind: 'wait', ms: Math.round(draw(spreadOf(value), (i) => at(i === 0 ? 'wait' : 'wait-2'))) },
      ];
    case 'state':
      return [{ kind: 'say', say: { kind: 'state', state: String(value) } }];
    case 'speak': {
      const text = typeof value === 'string' ? value : String(fields['text']);
      const paceMs = durationMsOf(fields['pace']);
      const words = utterances(text, paceMs, compiler.seed, path);
      return [{ kind: 'transcribe', idleMs: IDLE_MS, words, ...paceOf(fields), ...distortionOf(fields) }];
    }
    case 'transcribe': {
      const until = readUntil(fields['until']);
      return [
        {
          kind: 'transcribe',
          idleMs: durationMsOf(fields['idle']) ?? IDLE_MS,
          ...(until === undefined ? {} : { until }),
          ...paceOf(fields),
          ...distortionOf(fields),
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
      if (isTemplate(value)) return [{ kind: 'template', of: { kind: 'json', value } }];
      return [{ kind: 'frame', frame: jsonFrame(value) }];
    case 'raw':
      return [{ kind: 'frame', frame: messageOf(value) }];
    case 'latency':
      return [{ kind: 'latency', spread: spreadOf(value) }];
    case 'stall':
      return [{ kind: 'stall', ms: durationMsOf(fields['for']) }];
    case 'close': {
      const code = typeof value === 'number' ? value : (fields['code'] as number | undefined);
      const reason = fields['reason'] as string | undefined;
      if (code === undefined && reason === undefined) return [{ kind: 'close' }];
      return [{ kind: 'close', code: code ?? 1000, ...(reason === undefined ? {} : { reason }) }];
    }
    case 'abort':
      return [{ kind: 'abort', how: value as 'fin' | 'reset' | 'silence' }];
    default: {
      const steps = frameSteps(verb, value, fields);
      if (steps === undefined) throw new TypeError(`no such step: ${verb}`);
      return steps;
    }
  }
}
