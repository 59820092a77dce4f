import { isFields, valueAt } from '../../runtime/json/fields.ts';
import { closest, suggestion } from '../../runtime/text/closest.ts';
import { listed } from '../../runtime/text/listed.ts';
import { CLIENT_STEPS } from '../schema/client.ts';
import { SERVER_STEPS, type Verbs } from '../schema/server-steps.ts';
import type { Mistake, Path } from './mistake.ts';
import { name, show } from './words.ts';

/** A fault of the step as a whole; undefined if the verb is known and the fault is inside its value. */
export function explainStep(path: Path, value: unknown, root: unknown): Mistake | undefined {
  const verbs = verbsAt(path, root);
  if (verbs === undefined) return undefined;
  const known = [...new Set([...verbs.simple, ...verbs.valued.keys()])];
  if (typeof value === 'string') return explainWord(path, value, verbs, known);
  if (!isFields(value)) {
    return { path, message: `expected a step such as ${exampleOf(verbs)}, got ${show(value)}` };
  }
  return explainKeys(path, value, verbs, known);
}

function explainWord(path: Path, word: string, verbs: Verbs, known: readonly string[]): Mistake {
  if (verbs.valued.has(word)) return { path, message: `"${word}" needs a value${exampleFor(word, verbs)}` };
  // "wait 300ms" instead of "wait: 300ms".
  const [, verb = '', rest = ''] = /^(\S+?):?\s+(\S.*)$/.exec(word) ?? [];
  if (verbs.valued.has(verb)) {
    return { path, message: `expected a colon after "${verb}": write "${verb}: ${rest}"` };
  }
  return { path, message: `unknown step ${name(word)}${hintOf(word, known)}`, meant: closest(word, known) };
}

function explainKeys(
  path: Path,
  step: Readonly<Record<string, unknown>>,
  verbs: Verbs,
  known: readonly string[],
): Mistake | undefined {
  const own = Object.keys(step);
  const [first] = own;
  if (first === undefined) return { path, message: `expected a step such as ${exampleOf(verbs)}, got {}` };
  const [verb, second] = own.filter((key) => known.includes(key));
  if (verb === undefined) {
    const message = `unknown step ${name(first)}${hintOf(first, known)}`;
    return { path: [...path, first], isKey: true, message, meant: closest(first, known) };
  }
  if (second !== undefined) {
    return {
      path: [...path, second],
      isKey: true,
      message: `one step has one verb, and this one has ${listed([verb, second], 'and')}: begin each with a dash of its own`,
    };
  }
  const [other] = own.filter((key) => key !== verb);
  if (step[verb] === null && other !== undefined) {
    const message = `${name(other)} is beside "${verb}": indent it further if it belongs to it`;
    return { path: [...path, other], isKey: true, message };
  }
  if (step[verb] === null && verbs.simple.includes(verb)) {
    return {
      path: [...path, verb],
      isKey: true,
      message: `"${verb}:" has no value: write "- ${verb}"`,
    };
  }
  if (!verbs.valued.has(verb)) {
    return { path: [...path, verb], isKey: true, message: `"${verb}" takes no value: write "- ${verb}"` };
  }
  return undefined;
}

/** The verbs that are allowed at a place, if a step is. */
export function verbsAt(path: Path, root: unknown): Verbs | undefined {
  const [side] = path;
  const parent = path.at(-2);
  if (typeof path.at(-1) !== 'number') return undefined;
  const isList = parent === 'steps' || parent === 'else' || (parent === side && path.length === 2);
  if (side === 'client') return isList ? CLIENT_STEPS : undefined;
  if (side !== 'server') return undefined;
  // attempts[1][0] is a step; attempts[1] is a list of steps, or keys.
  const isAttempt =
    path.length === 4 && path[1] === 'attempts' && Array.isArray(valueAt(root, path.slice(0, 3)));
  return isList || isAttempt ? SERVER_STEPS : undefined;
}

function hintOf(word: string, known: readonly string[]): string {
  return suggestion(closest(word, known)) ?? `; expected ${listed([...known].sort())}`;
}

function exampleFor(verb: string, verbs: Verbs): string {
  const example = verbs.valued.get(verb);
  const written = typeof example === 'string' ? example : JSON.stringify(example);
  const below = ['chance', 'repeat', 'when'].includes(verb) ? ', and "steps:" below it' : '';
  return example === undefined ? '' : `: write ${verb}: ${written}${below}`;
}

function exampleOf(verbs: Verbs): string {
  const [word = ''] = verbs.simple;
  return `"${word}" or "wait: 300ms"`;
}
