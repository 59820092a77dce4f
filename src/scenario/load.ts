import { isNode, LineCounter, parseDocument, type Document } from 'yaml';
import { z } from 'zod';
import { closest } from '../runtime/closest.ts';
import { UserError } from '../runtime/errors.ts';
import { attemptsOf, compileAttempt } from './compile.ts';
import { explain, type Mistake } from './explain.ts';
import { lifeOf } from './life.ts';
import type { Scenario } from './scenario.ts';
import { scenario as schema, type ScenarioFile } from './schema.ts';

/** Something wrong with a scenario file. */
export interface ScenarioMistake {
  readonly path: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
  /** Where in the file: `server[2].wait`; empty for the file as a whole. */
  readonly where: string;
  readonly message: string;
}

export type ReadScenario =
  | { readonly kind: 'scenario'; readonly scenario: Scenario }
  | { readonly kind: 'mistakes'; readonly mistakes: readonly ScenarioMistake[] };

/** Longer files are not scenarios. */
export const LONGEST_SCENARIO_BYTES = 2 ** 20;
export const TOO_LONG = 'longer than 1 MiB, so not a scenario';
/** A file of a few lines can be written that means gigabytes. */
const MOST_ALIASES = 100;
const MOST_MISTAKES = 50;

/** Reads a scenario from its text, and finds everything that is wrong with it. */
export function readScenario(name: string, path: string, text: string): ReadScenario {
  const lines = new LineCounter();
  const at = (offset: number, where: string, message: string): ScenarioMistake => {
    const { line, col } = lines.linePos(offset);
    return { path, line: Math.max(1, line), column: Math.max(1, col), where, message };
  };
  const wrong = (mistakes: readonly ScenarioMistake[]): ReadScenario => ({
    kind: 'mistakes',
    mistakes: [...mistakes].sort((a, b) => a.line - b.line || a.column - b.column).slice(0, MOST_MISTAKES),
  });
  if (text.length > LONGEST_SCENARIO_BYTES) {
    return wrong([{ path, line: 1, column: 1, where: '', message: TOO_LONG }]);
  }
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  if (document.errors.length > 0) {
    return wrong(document.errors.map(({ pos, message }) => at(pos[0], '', `not YAML: ${message}`)));
  }
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: MOST_ALIASES }) as unknown;
  } catch (error) {
    return wrong([at(0, '', `not a scenario: ${error instanceof Error ? error.message : String(error)}`)]);
  }
  const locate = ({ path: keys, message }: Mistake) =>
    at(offsetOf(document, keys), describePath(keys), message);
  const parsed = schema.safeParse(value);
  if (!parsed.success) return wrong(explain(parsed.error.issues, value, guessKey).map(locate));
  const mistakes = [...contradictions(parsed.data)];
  const scenario: Scenario = { name, path, file: parsed.data };
  if (mistakes.length === 0) mistakes.push(...tooLong(scenario));
  return mistakes.length > 0 ? wrong(mistakes.map(locate)) : { kind: 'scenario', scenario };
}

/** What the schema cannot say. */
function* contradictions({ dialect, server }: ScenarioFile): Generator<Mistake> {
  if (server === undefined) return;
  const isRest =
    !Array.isArray(server) && !('attempts' in server) && !('steps' in server) && !('handshake' in server);
  const isEmpty = isRest && Object.keys(server).length === 0;
  if (dialect === 'scriptix-rest' && !isRest) {
    yield {
      path: ['server'],
      message:
        'expected service, start-time, on-initialize, initialize or status: this dialect is REST and has no steps',
    };
  }
  if (dialect !== 'scriptix-rest' && isRest && !isEmpty) {
    yield {
      path: ['server'],
      message: `expected steps: only the dialect scriptix-rest has answers to calls`,
    };
  }
}

function* tooLong(scenario: Scenario): Generator<Mistake> {
  const life = lifeOf(scenario.file.dialect);
  if (life === undefined) return;
  try {
    for (let attempt = 0; attempt < attemptsOf(scenario); attempt++) {
      compileAttempt(scenario, { life, seed: 0, attempt });
    }
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    yield { path: ['server'], message: error.message.replace(`${scenario.path}: `, '') };
  }
}

/** The line that a person reads. */
export function describeMistake({ path, line, column, where, message }: ScenarioMistake): string {
  return `${path}:${line}:${column}: ${where === '' ? '' : `${where}: `}${message}`;
}

type Key = Mistake['path'][number];

/** Where the node at a path begins; of a key that is wrong, the key itself. */
function offsetOf(document: Document, path: readonly Key[]): number {
  for (let length = path.length; length > 0; length--) {
    const parent: unknown =
      length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true);
    const key = path[length - 1];
    if (typeof parent === 'object' && parent !== null && 'items' in parent && Array.isArray(parent.items)) {
      for (const item of parent.items as readonly unknown[]) {
        const node = typeof item === 'object' && item !== null && 'key' in item ? item.key : undefined;
        if (isNode(node) && 'value' in node && node.value === key && node.range) return node.range[0];
      }
    }
    const node: unknown = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  const { contents } = document;
  return isNode(contents) && contents.range ? contents.range[0] : 0;
}

function describePath(path: readonly Key[]): string {
  return path.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : text === '' ? key : `${text}.${key}`),
    '',
  );
}

let keys: readonly string[] | undefined;

/** Guesses, of every key that may stand anywhere in a scenario, what a wrong one was to be. */
function guessKey(word: string): string | undefined {
  keys ??= [
    ...new Set(Array.from(JSON.stringify(jsonSchema()).matchAll(/"([\w$-]+)":\{/g), ([, key]) => key ?? '')),
  ];
  return closest(word, keys);
}

/** The JSON Schema (2020-12) of a scenario file, for editors. */
export function jsonSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(schema, { io: 'input' }), title: 'Understudy scenario' };
}
