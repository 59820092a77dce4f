import type { ScenarioFile } from './schema/schema.ts';

/** A scenario file that has been read and checked. */
export interface Scenario {
  /** The name of its file without the extension, by which users select it. */
  readonly name: string;
  /** Where it was read from, for messages. */
  readonly path: string;
  /** The contents of the file; `scenarios/schema.json` describes the format. */
  readonly file: ScenarioFile;
}
