import type { z } from 'zod';

type Issue = z.core.$ZodIssue;

/** What is wrong with a value that should be one of several things. */
export type Meant =
  /** It is of this kind, with these faults. */
  | { readonly kind: 'alternative'; readonly issues: readonly Issue[] }
  /** It has keys, but none that any of the alternatives has. */
  | { readonly kind: 'no-key'; readonly keys: readonly string[] }
  /** None of the alternatives is of its type, such as a text or a number. */
  | { readonly kind: 'another-kind' };

/**
 * Finds the alternative that was meant: the one of the same type that knows most of its keys, misses fewest of its own,
 * and has the fewest faults inside.
 */
export function meantOf(issue: Extract<Issue, { code: 'invalid_union' }>, value: unknown): Meant {
  const ranked = flatten(issue.errors)
    .filter((issues) => !issues.some((one) => isOfAnotherKind(one, value)))
    .map((issues) => ({ issues, ...fit(issues, value) }))
    .sort(
      (a, b) =>
        b.knownKeys - a.knownKeys || a.strangeKeys - b.strangeKeys || a.issues.length - b.issues.length,
    );
  const [best] = ranked;
  if (best === undefined) return { kind: 'another-kind' };
  const keys = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  if (!Array.isArray(value) && keys.length > 0 && best.knownKeys === 0) return { kind: 'no-key', keys };
  return { kind: 'alternative', issues: best.issues };
}

/** Nested alternatives are flattened. */
function flatten(options: readonly (readonly Issue[])[]): readonly (readonly Issue[])[] {
  return options.flatMap((issues) => {
    const [only] = issues;
    if (issues.length !== 1 || only?.code !== 'invalid_union' || only.path.length > 0) return [issues];
    return flatten(only.errors);
  });
}

function isOfAnotherKind(issue: Issue, value: unknown): boolean {
  if (issue.path.length > 0) return false;
  if (issue.code === 'invalid_type') return !(issue.expected === 'int' && typeof value === 'number');
  // An unknown word is still a word.
  if (issue.code === 'invalid_value') return typeof value !== typeof issue.values[0];
  return issue.code === 'invalid_union';
}

function fit(issues: readonly Issue[], value: unknown): { knownKeys: number; strangeKeys: number } {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { knownKeys: 0, strangeKeys: 0 };
  }
  const own = Object.keys(value);
  const unknown = issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys' && issue.path.length === 0 ? issue.keys : [],
  );
  const missing = issues.filter(({ path }) => path.length === 1 && !own.includes(String(path[0])));
  return { knownKeys: own.length - unknown.length, strangeKeys: unknown.length + missing.length };
}
