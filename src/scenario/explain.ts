import type { z } from 'zod';
import { closest } from '../runtime/closest.ts';
import { CLIENT_VERBS } from './schema/client.ts';
import { SERVER_VERBS } from './schema/server-steps.ts';

/** Something wrong at a place in a scenario. */
export interface Mistake {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

type Issue = z.core.$ZodIssue;

/** Says what zod found in the words of the file format. `guess` knows what a mistyped key may have been. */
export function explain(
  issues: readonly Issue[],
  root: unknown,
  guess: (word: string) => string | undefined,
): readonly Mistake[] {
  const mistakes = issues.flatMap((issue) => explainIssue(issue, [], root, guess));
  // The same place is wrong in one way at most; deeper places first, as they say more.
  const seen = new Set<string>();
  return mistakes.filter(({ path, message }) => {
    const key = `${path.join('\0')}\0${message}`;
    return !seen.has(key) && seen.add(key);
  });
}

function explainIssue(
  issue: Issue,
  base: Mistake['path'],
  root: unknown,
  guess: (word: string) => string | undefined,
): readonly Mistake[] {
  const path = [...base, ...issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key))];
  const value = valueAt(root, path);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        path: [...path, key],
        message: `unknown key "${key}"${meant(guess(key) === key ? undefined : guess(key))}`,
      }));
    case 'invalid_union':
      return explainUnion(issue, path, value, root, guess);
    case 'invalid_type':
      if (value === undefined) return [{ path, message: `missing: expected ${issue.expected}` }];
      return [{ path, message: `expected ${issue.expected}, got ${show(value)}` }];
    case 'invalid_value':
      return [
        {
          path,
          message: `expected ${list(issue.values.map(String))}, got ${show(value)}${suggest(value, issue.values)}`,
        },
      ];
    case 'too_small':
      return [{ path, message: `expected at least ${issue.minimum}, got ${show(value)}` }];
    case 'too_big':
      return [{ path, message: `expected at most ${issue.maximum}, got ${show(value)}` }];
    default:
      return [{ path, message: `${issue.message.replace(/^Invalid input: /, '')}, got ${show(value)}` }];
  }
}

function explainUnion(
  issue: Extract<Issue, { code: 'invalid_union' }>,
  path: Mistake['path'],
  value: unknown,
  root: unknown,
  guess: (word: string) => string | undefined,
): readonly Mistake[] {
  const verbs = verbsAt(path, root);
  if (verbs !== undefined) {
    const wrong = explainStep(verbs, path, value);
    if (wrong !== undefined) return [wrong];
  }
  // The alternative that was meant is one whose kind of value and whose keys are right, with the fewest faults inside.
  const options = issue.errors.filter((errors) => errors.length > 0);
  const ranked = options
    .map((errors) => ({
      errors,
      strangeness: Math.max(...errors.map((error) => strangenessOf(error, value))),
    }))
    .sort((a, b) => a.strangeness - b.strangeness || a.errors.length - b.errors.length);
  const [best] = ranked;
  if (best !== undefined && best.strangeness < 2) {
    return best.errors.flatMap((error) => explainIssue(error, path, root, guess));
  }
  const expected = [...new Set(ranked.flatMap(({ errors }) => errors.map(expectation)))];
  const keys = ranked.find(({ strangeness }) => strangeness === 2);
  if (keys !== undefined && typeof value === 'object') {
    return keys.errors.flatMap((error) => explainIssue(error, path, root, guess));
  }
  return [{ path, message: `expected ${expected.slice(0, 6).join(' or ')}, got ${show(value)}` }];
}

/** 0 inside the value, 1 a text or number in the wrong form, 2 keys that are wrong or missing, 3 another kind of value. */
function strangenessOf(issue: Issue, value: unknown): number {
  if (issue.path.length > 0)
    return issue.code === 'invalid_type' && valueAt(value, issue.path) === undefined ? 2 : 0;
  if (issue.code === 'unrecognized_keys') return 2;
  if (issue.code === 'invalid_union') {
    return Math.min(
      ...issue.errors.map((errors) => Math.max(...errors.map((error) => strangenessOf(error, value)))),
    );
  }
  if (issue.code === 'invalid_type' || issue.code === 'invalid_value') return 3;
  return 1;
}

function explainStep(verbs: readonly string[], path: Mistake['path'], value: unknown): Mistake | undefined {
  const own =
    typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : undefined;
  if (typeof value === 'string') {
    if (verbs.includes(value)) return { path, message: `"${value}" needs a value: write "${value}: …"` };
    return { path, message: `unknown step "${value}"${meant(closest(value, verbs))}` };
  }
  if (own === undefined)
    return { path, message: `expected a step such as "open" or "wait: 300ms", got ${show(value)}` };
  const known = own.filter((key) => verbs.includes(key));
  if (known.length === 0) {
    const [first = ''] = own;
    return { path: [...path, first], message: `unknown step "${first}"${meant(closest(first, verbs))}` };
  }
  if (known.length > 1) {
    return {
      path,
      message: `one step has one verb, found ${known.join(' and ')}: begin each with a dash of its own`,
    };
  }
  return undefined;
}

/** The verbs that may stand at a place, if a step may stand there. */
function verbsAt(path: Mistake['path'], root: unknown): readonly string[] | undefined {
  if (typeof path.at(-1) !== 'number') return undefined;
  if (path[0] === 'client')
    return path.at(-2) === 'client' || path.at(-2) === 'steps' ? CLIENT_VERBS : undefined;
  if (path[0] !== 'server') return undefined;
  const parent = path.at(-2);
  if (parent === 'steps' || parent === 'else' || parent === 'server') return SERVER_VERBS;
  // attempts[1][0] is a step, attempts[1] is a list of them.
  return typeof parent === 'number' &&
    path.at(-3) === 'attempts' &&
    Array.isArray(valueAt(root, path.slice(0, -1)))
    ? SERVER_VERBS
    : undefined;
}

function expectation(issue: Issue): string {
  if (issue.code === 'invalid_type')
    return issue.expected === 'object'
      ? 'keys'
      : issue.expected === 'array'
        ? 'a list'
        : `a ${issue.expected}`;
  if (issue.code === 'invalid_value') return list(issue.values.map(String));
  return issue.message.replace(/^expected /, '').replace(/^Invalid input: expected /, '');
}

function suggest(value: unknown, values: readonly unknown[]): string {
  return typeof value === 'string' ? meant(closest(value, values.map(String))) : '';
}

function meant(word: string | undefined): string {
  return word === undefined ? '' : `; did you mean "${word}"?`;
}

function list(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}`;
}

function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined,
    root,
  );
}
