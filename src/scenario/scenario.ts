import type { ScenarioFile } from './schema.ts';

/** A scenario file that has been read and found to be right. */
export interface Scenario {
  /** The name of its file without the extension: what a user says. */
  readonly name: string;
  /** Where it was read from, for messages. */
  readonly path: string;
  /** What the file says: `scenarios/schema.json` has the format. */
  readonly file: ScenarioFile;
}
