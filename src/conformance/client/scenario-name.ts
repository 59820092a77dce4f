import { basename } from 'node:path';

/** Endings of scenario files. */
const FILE = /\.(?:ya?ml|ndjson)$/i;

/** What a scenario is called everywhere, be it given by its name, as `dialect/name`, or as a file. */
export function scenarioName(scenario: string): string {
  return basename(scenario).replace(FILE, '');
}
