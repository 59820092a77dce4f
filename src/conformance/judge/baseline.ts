import { z } from 'zod';
import { LineCounter } from 'yaml';
import { UserError } from '../../runtime/errors.ts';
import { parseYaml } from '../../scenario/read/yaml.ts';
import type { RequirementResult } from './result.ts';

/** A known failure: it is excused until it expires, and reported once it no longer occurs. */
export interface BaselineEntry {
  /** The id of the requirement. */
  readonly id: string;
  /** Why the failure is accepted; the report repeats it. */
  readonly reason: string;
  /** The last day on which it is valid, as `2025-12-31`. */
  readonly expires?: string | undefined;
  /** The edition of the service in which the failure is known (`documents`). */
  readonly edition?: string | undefined;
}

/** The edition of an entry that names none. */
const DOCUMENTED = 'documents';
const LONGEST_REASON = 500;
const MOST_ENTRIES = 1000;
const LONGEST_EDITION = 100;

const schema = z
  .array(
    z.strictObject(
      {
        id: z
          .string('expected the id of a requirement')
          .regex(/^[A-Z0-9]+(-[A-Z0-9]+)+$/, 'expected the id of a requirement such as SX-FIN-014'),
        reason: z.string('expected a reason').min(1, 'expected a reason').max(LONGEST_REASON),
        expires: z.iso.date('expected a day such as 2025-12-31').optional(),
        edition: z.string('expected the name of an edition').max(LONGEST_EDITION).optional(),
      },
      'expected id, reason and perhaps expires and edition',
    ),
    'expected a list of entries such as {id: SX-FIN-014, reason: …, expires: 2025-12-31}',
  )
  .max(MOST_ENTRIES);

/**
 * Reads a baseline, which is YAML or JSON:
 *
 *     - id: SX-FIN-014
 *       reason: reported to the vendor, promised for the autumn
 *       expires: 2026-12-31
 *       edition: examples
 *
 * The last two may be left out. What an entry makes of the verdict on its requirement:
 *
 *     fail, warn             excused; after the last day, the verdict stays and the entry is reported as stale
 *     pass                   it stays, and the entry is reported as stale, except in a part of a run
 *     any other              it stays
 *
 * A run with a stale entry has the outcome `stale-baseline`, whatever else is broken.
 *
 * @throws UserError with every mistake and its line
 */
export function readBaseline(
  text: string,
  path: string,
  known: ReadonlySet<string>,
): readonly BaselineEntry[] {
  const lines = new LineCounter();
  const { document, value, faults } = parseYaml(text, lines);
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { file: path, line: Math.max(1, line), column: Math.max(1, col) };
  };
  const wrong = faults.map(({ offset, message }) => ({ ...at(offset), what: message }));
  if (wrong.length > 0) throw new UserError(wrong);
  // Something missing has no place of its own, so the place of its parent is used.
  const place = (keys: readonly PropertyKey[]): ReturnType<typeof at> => {
    const node = keys.length === 0 ? undefined : document.getIn(keys, true);
    const range = typeof node === 'object' && node !== null && 'range' in node ? node.range : undefined;
    if (Array.isArray(range)) return at(Number(range[0]));
    return keys.length === 0 ? at(0) : place(keys.slice(0, -1));
  };
  const parsed = schema.safeParse(value ?? []);
  if (!parsed.success) {
    throw new UserError(
      parsed.error.issues.map(({ path: keys, message }) => ({
        ...place(keys),
        key: keys.join('.'),
        what: message,
      })),
    );
  }
  const strange = strangeIds(parsed.data, known).map(({ keys, what }) => ({ ...place(keys), what }));
  if (strange.length > 0) throw new UserError(strange);
  return parsed.data;
}

function strangeIds(entries: readonly BaselineEntry[], known: ReadonlySet<string>) {
  return entries.flatMap(({ id }, i) =>
    known.has(id)
      ? []
      : [{ keys: [i, 'id'], what: `there is no requirement ${id} (understudy conformance list)` }],
  );
}

/**
 * Refuses entries with mistakes, as `readBaseline` does where they come from a file.
 *
 * @throws UserError that names every mistake
 */
export function checkEntries(entries: readonly BaselineEntry[], known: ReadonlySet<string>): void {
  const { error } = schema.safeParse(entries);
  const wrong =
    error === undefined
      ? strangeIds(entries, known)
      : error.issues.map(({ path, message }) => ({ keys: path, what: message }));
  if (wrong.length === 0) return;
  const optionOf = (keys: readonly PropertyKey[]) =>
    `baseline${keys.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('')}`;
  throw new UserError(wrong.map(({ keys, what }) => ({ option: optionOf(keys), what })));
}

/**
 * Refuses a baseline with entries for another edition: a failure that is known there is not known here.
 *
 * @param file where it was read
 * @throws UserError that names the entries of other editions
 */
export function checkEdition(entries: readonly BaselineEntry[], edition: string, file?: string): void {
  const strange = entries.filter((each) => (each.edition ?? DOCUMENTED) !== edition);
  if (strange.length === 0) return;
  const [first] = strange;
  const others = strange.length === 1 ? '' : ` and ${strange.length - 1} more`;
  throw new UserError(
    `this run is for the edition ${edition}, and ${first?.id ?? ''}${others} for ${first?.edition ?? DOCUMENTED}; expected entries with edition: ${edition}`,
    { option: 'baseline', file },
  );
}

/** What a report says about an entry that excuses nothing. */
export function unneededText({ id, reason }: BaselineEntry): string {
  return `${id}: it passes now, so the entry must go (${reason})`;
}

/** Results after a baseline was applied. */
export interface Based {
  readonly results: readonly RequirementResult[];
  /** Entries to remove, in words: the failure they excuse no longer occurs, or they have expired. */
  readonly stale: readonly string[];
}

/**
 * Excuses the failures in the baseline.
 *
 * @param today as `2025-12-31`
 * @param isPart whether these are the results of a part of a run: what passes here may fail in another
 */
export function applyBaseline(
  results: readonly RequirementResult[],
  entries: readonly BaselineEntry[],
  today: string,
  isPart = false,
): Based {
  const stale: string[] = [];
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  const based = results.map((result): RequirementResult => {
    const entry = byId.get(result.id);
    if (entry === undefined) return result;
    const { id, reason, expires } = entry;
    if (expires !== undefined && expires < today) {
      stale.push(`${id}: the entry expired on ${expires} (${reason})`);
      return result;
    }
    if (result.verdict === 'pass' && !isPart) stale.push(unneededText(entry));
    if (result.verdict !== 'fail' && result.verdict !== 'warn') return result;
    return { ...result, verdict: 'excused', reason };
  });
  return { results: based, stale };
}
