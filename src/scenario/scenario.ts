import type { ScenarioFile } from './schema.ts';

/** Whose protocol a scenario speaks, and which part of it. */
export type ScenarioDialect = ScenarioFile['dialect'];

/** A scenario file that has been read and found to be right. */
export interface Scenario {
  /** The name of its file without the extension: what a user says. */
  readonly name: string;
  /** Where it was read from, for messages. */
  readonly path: string;
  readonly file: ScenarioFile;
}

/** The folders of the bundled scenarios have the names of their dialects. */
export const SCENARIO_DIALECTS: readonly ScenarioDialect[] = [
  'scriptix',
  'scriptix-stream',
  'scriptix-rest',
  'reson8',
];
