import { valueAt } from '../../runtime/json/fields.ts';
import { suggestion } from '../../runtime/text/closest.ts';
import { listed } from '../../runtime/text/listed.ts';
import type { z } from 'zod';
import { hint } from './hint.ts';
import type { Mistake, Path } from './mistake.ts';
import { explainStep } from './step.ts';
import { meantOf } from './union.ts';
import { meantBy, name, show } from './words.ts';

type Issue = z.core.$ZodIssue;

interface Context {
  readonly root: unknown;
  readonly keysAt: KeysAt;
}

/** The keys that are allowed at a place, beside others that are present. */
type KeysAt = (path: Path, others: readonly string[]) => readonly string[];

/** With more unknown keys than this, the file is not a scenario; one more than are ever listed. */
const MOST_UNKNOWN = 51;
/** The maximum number of keys that are listed if none was used. */
const MOST_LISTED = 12;

/** Describes what zod found in the words of the file format. */
export function explain(issues: readonly Issue[], root: unknown, keysAt: KeysAt): readonly Mistake[] {
  const mistakes = issues.flatMap((issue) => explainIssue(issue, [], { root, keysAt }));
  // One value can break two rules that are described in the same words.
  const seen = new Set<string>();
  return mistakes.filter(({ path, message }) => {
    const key = JSON.stringify([path, message]);
    return !seen.has(key) && seen.add(key);
  });
}

function explainIssue(issue: Issue, base: Path, context: Context): readonly Mistake[] {
  const path = [...base, ...issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key))];
  const value = valueAt(context.root, path);
  const expected = expectation(issue);
  switch (issue.code) {
    case 'unrecognized_keys':
      return unknownKeys(path, issue.keys, context);
    case 'invalid_union': {
      const step = explainStep(path, value, context.root);
      if (step !== undefined) return [step];
      const meant = meantOf(issue, value);
      if (meant.kind === 'no-key') return unknownKeys(path, meant.keys, context);
      if (meant.kind === 'another-kind') return [wrong(path, expected, value)];
      // Once, as the time would double with each level of steps inside steps.
      const mistakes = explainAll(meant.issues, path, context);
      const [first, second] = mistakes;
      // If words are possible, suggesting a similar one helps more than listing them all.
      const isWord = meant.issues.some(
        ({ code, path: inner }) => code === 'invalid_value' && inner.length === 0,
      );
      if (first === undefined || (isWord && second === undefined && first.meant === undefined)) {
        return [wrong(path, expected, value)];
      }
      return mistakes;
    }
    case 'invalid_value':
      return [wrong(path, expected, value, suggestFor(value, issue.values))];
    case 'invalid_key':
      return [{ path, isKey: true, message: `${name(String(path.at(-1)))} is ${expected}` }];
    case 'custom':
      return [value === undefined ? wrong(path, expected, value) : { path, message: expected }];
    default:
      return [wrong(path, expected, value)];
  }
}

/** All faults of one value. A missing key and a similar unknown one are one mistake. */
function explainAll(issues: readonly Issue[], base: Path, context: Context): readonly Mistake[] {
  const mistakes = issues.flatMap((issue) => explainIssue(issue, base, context));
  const suggested = mistakes.flatMap(({ path, meant }) =>
    meant === undefined ? [] : [JSON.stringify([...path.slice(0, -1), meant])],
  );
  return mistakes.filter(
    ({ path, isMissing = false }) => !isMissing || !suggested.includes(JSON.stringify(path)),
  );
}

function wrong(path: Path, expected: string, value: unknown, meant?: string): Mistake {
  if (value === undefined) return { path, isMissing: true, message: `missing: ${expected}` };
  const message = `${expected}, got ${show(value)}${suggestion(meant) ?? ''}${hint(expected, value)}`;
  return { path, message, meant };
}

function unknownKeys(path: Path, unknown: readonly string[], { root, keysAt }: Context): readonly Mistake[] {
  const strange = new Set(unknown);
  const others = Object.keys(valueAt(root, path) ?? {}).filter((key) => !strange.has(key));
  const keys = keysAt(path, others);
  const known = keys.length > 0 && keys.length <= MOST_LISTED ? `; expected ${listed(keys)}` : '';
  return unknown.slice(0, MOST_UNKNOWN).map((key) => {
    const meant = meantBy(key, keys);
    const message = `unknown key ${name(key)}${suggestion(meant) ?? known}`;
    return { path: [...path, key], isKey: true, message, meant };
  });
}

function suggestFor(value: unknown, values: readonly unknown[]): string | undefined {
  return typeof value === 'string' ? meantBy(value, values.map(String)) : undefined;
}

/** What the schema says was expected, or what the kind of its rule implies. */
function expectation(issue: Issue): string {
  if (issue.code === 'invalid_value') return `expected ${listed(issue.values.map(String))}`;
  // If the name of a header is wrong, the rule for names describes the fault.
  const { message } = issue.code === 'invalid_key' ? (issue.issues[0] ?? issue) : issue;
  if (!/^(Invalid|Too (small|big)|Unrecognized)\b/.test(message)) return message;
  if (issue.code === 'invalid_type')
    return issue.expected === 'object' ? 'expected keys' : `expected ${issue.expected}`;
  return message;
}
