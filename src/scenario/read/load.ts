import { LineCounter } from 'yaml';
import { sentenceOf, type Mistake as UserMistake } from '../../runtime/errors.ts';
import type { Path } from '../explain/mistake.ts';
import { offsetOf } from './locate.ts';
import { mistakesOf } from './mistakes.ts';
import type { Scenario } from '../scenario.ts';
import { parseYaml } from './yaml.ts';

/** Something wrong with a scenario file. */
export interface ScenarioMistake {
  readonly path: string;
  /** Counted from 1. */
  readonly line: number;
  readonly column: number;
  /** The place in the file, such as `server[2].wait`; empty for the file as a whole. */
  readonly where: string;
  readonly message: string;
  /** The key or word that may have been meant; the message also says so. */
  readonly meant?: string | undefined;
}

/** A scenario, or the mistakes in its file. */
export type ReadScenario =
  | { readonly kind: 'scenario'; readonly scenario: Scenario }
  | { readonly kind: 'mistakes'; readonly mistakes: readonly ScenarioMistake[] };

/** A file longer than this is not a scenario. */
export const LONGEST_SCENARIO_BYTES = 2 ** 20;
/** The error for a longer file. */
export const TOO_LONG = 'longer than 1 MiB, so not a scenario';
/** Listing more would not help: fix these and run again. */
const MOST_MISTAKES = 50;

/** Reads a scenario from its text, and finds all its mistakes. */
export function readScenario(name: string, path: string, text: string): ReadScenario {
  const lines = new LineCounter();
  const at = (offset: number, where: string, message: string, meant?: string): ScenarioMistake => {
    const { line, col } = lines.linePos(offset);
    return { path, line: Math.max(1, line), column: Math.max(1, col), where, message, meant };
  };
  const wrong = (mistakes: readonly ScenarioMistake[]): ReadScenario => ({
    kind: 'mistakes',
    mistakes: first([...mistakes].sort((a, b) => a.line - b.line || a.column - b.column)),
  });
  if (Buffer.byteLength(text) > LONGEST_SCENARIO_BYTES) return wrong([at(0, '', TOO_LONG)]);
  const { document, value, faults } = parseYaml(text, lines);
  const inText = faults.map(({ offset, message }) => at(offset, '', message));
  const doubtful = faults.flatMap(({ message, path: place }) =>
    place === undefined ? [] : { path: place, message },
  );
  if (doubtful.length < faults.length) return wrong(inText);
  const checked = mistakesOf(value, doubtful);
  if ('file' in checked && faults.length === 0)
    return { kind: 'scenario', scenario: { name, path, file: checked.file } };
  const inValue =
    'file' in checked
      ? []
      : checked.mistakes.map((mistake) =>
          at(offsetOf(document, mistake), describePath(mistake.path), mistake.message, mistake.meant),
        );
  return wrong([...inText, ...inValue]);
}

/** The first few of many mistakes, and the place from where there are more. */
function first(mistakes: readonly ScenarioMistake[]): readonly ScenarioMistake[] {
  const next = mistakes[MOST_MISTAKES];
  if (next === undefined) return mistakes;
  const message = 'there are more mistakes from here on, which are not listed';
  return [...mistakes.slice(0, MOST_MISTAKES), { ...next, where: '', message, meant: undefined }];
}

/** A mistake as one line for people. */
export function describeMistake(mistake: ScenarioMistake): string {
  return sentenceOf(mistakeOf(mistake));
}

/** A mistake in the form of a user's error. */
export function mistakeOf({ path, line, column, where, message }: ScenarioMistake): UserMistake {
  return { file: path, line, column, key: where, what: message };
}

function describePath(path: Path): string {
  return path.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : text === '' ? key : `${text}.${key}`),
    '',
  );
}
