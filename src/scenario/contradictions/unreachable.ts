import { fieldsOf } from '../../runtime/json/fields.ts';
import type { Mistake } from '../explain/mistake.ts';
import type { ServerStepFile } from '../schema/server-steps.ts';
import { innerLists, verbOf, type StepList } from './step-lists.ts';

/** The first step of each list that is never reached because the one before it never ends. */
export function* unreachable({ path, steps }: StepList): Generator<Mistake> {
  for (const [i, step] of steps.entries()) {
    for (const inner of innerLists([...path, i], step)) yield* unreachable(inner);
  }
  const last = steps.findIndex(isLast);
  const step = steps[last];
  if (step === undefined) return;
  // A close at the end would come anyway, so its author has not been misled.
  const next = last + (isEndless(step) && steps[last + 1] === 'close' ? 2 : 1);
  if (next >= steps.length) return;
  const [verb] = verbOf(step);
  yield { path: [...path, next], message: `never reached: nothing follows ${because(verb, step)}` };
}

function because(verb: string, step: ServerStepFile): string {
  if (verb === 'transcribe')
    return '"transcribe", which answers the client until it stops; give it an "until"';
  if (innerLists([], step).length > 0) return `"${verb}", whose steps all end the connection`;
  return `"${verb}"`;
}

/** Whether no later step is ever reached, whatever the client does. */
function isLast(step: ServerStepFile): boolean {
  const [verb, value] = verbOf(step);
  switch (verb) {
    case 'hang':
    case 'close':
    case 'abort':
    case 'fail':
      return true;
    case 'stall':
      return fieldsOf(value)['for'] === undefined;
    case 'transcribe':
      return isEndless(step);
    case 'close-frame':
    case 'cut-frame':
    case 'bad-opcode':
    case 'masked-frame':
    case 'bad-utf8':
      return fieldsOf(value)['then'] !== 'stay';
    case 'fragments':
    case 'drip': {
      const { after, then } = fieldsOf(value);
      return after !== undefined && then !== 'stay';
    }
    case 'repeat':
      return innerLists([], step).every(ends);
    case 'chance':
    case 'when': {
      const lists = innerLists([], step);
      return lists.length === 2 && lists.every(ends);
    }
    default:
      return false;
  }
}

function isEndless(step: ServerStepFile): boolean {
  const [verb, value] = verbOf(step);
  return verb === 'transcribe' && fieldsOf(value)['until'] === undefined;
}

function ends({ steps }: StepList): boolean {
  return steps.some(isLast);
}
