import type { z } from 'zod';
import { isFields, valueAt } from '../../runtime/json/fields.ts';
import { explain } from '../explain/explain.ts';
import { keysAt } from '../explain/keys.ts';
import type { Mistake } from '../explain/mistake.ts';
import { jsonSchema } from '../schema/json-schema.ts';
import { scenario as schema, scenarioPart, type ScenarioFile, type ScenarioPart } from '../schema/schema.ts';
import { contradictions, emptySides } from './contradictions.ts';
import { placeOf, without } from './without.ts';

/** A file without mistakes, or all of them. */
type Checked = { readonly file: ScenarioFile } | { readonly mistakes: readonly Mistake[] };

/** What is taken out of a file may leave something incomplete around it, and so on up to the whole. */
const MOST_ROUNDS = 10;

/**
 * Finds the mistakes in the contents of a file, except those that follow from others: they are what is wrong by itself,
 * and what contradicts something else that is not wrong by itself.
 *
 * @param doubtful what is known to be wrong with the text, at the places that are in doubt because of it
 */
export function mistakesOf(value: unknown, doubtful: readonly Mistake[]): Checked {
  const parsed = schema.safeParse(value);
  const isInDoubt = (mistake: Mistake) =>
    mistake.isKey !== true && doubtful.some(({ path }) => path.join('\n') === mistake.path.join('\n'));
  const wrong = parsed.success ? [] : explained(parsed.error, value).filter((each) => !isInDoubt(each));
  const { rest, hidden } =
    parsed.success && doubtful.length === 0
      ? { rest: parsed.data, hidden: [] }
      : restOf(value, [...doubtful, ...wrong]);
  const mistakes = [...wrong, ...hidden, ...emptySides(value), ...contradictions(rest)];
  return parsed.success && mistakes.length === 0 ? { file: parsed.data } : { mistakes };
}

/** What is left of a file without its mistakes, and those that had hidden behind them. */
function restOf(
  root: unknown,
  known: readonly Mistake[],
): { rest: ScenarioPart; hidden: readonly Mistake[] } {
  const hidden: Mistake[] = [];
  let [value, wrong] = [root, known];
  for (let round = 0; round < MOST_ROUNDS && isFields(value); round += 1) {
    value = without(value, wrong);
    const parsed = scenarioPart.safeParse(value);
    if (parsed.success) return { rest: parsed.data, hidden };
    wrong = explained(parsed.error, value);
    // Where something was taken out, what is wrong now follows from that.
    const left = value;
    hidden.push(...wrong.filter((each) => textAt(left, each) === textAt(root, each)));
  }
  return { rest: {}, hidden };
}

function textAt(root: unknown, mistake: Mistake): string {
  return JSON.stringify(valueAt(root, placeOf(mistake)));
}

function explained(error: z.ZodError, value: unknown): readonly Mistake[] {
  return explain(error.issues, value, (place, others) => keysAt(jsonSchema(), place, others));
}
