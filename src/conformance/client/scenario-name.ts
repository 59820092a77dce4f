import { basename } from 'node:path';

/** Endings of scenario files. */
const FILE = /\.(?:ya?ml|ndjson)$/i;

/** The name of a scenario in reports, whether it was chosen by name, as `dialect/name`, or as a file. */
export function scenarioName(scenario: string): string {
  return basename(scenario).replace(FILE, '');
}
