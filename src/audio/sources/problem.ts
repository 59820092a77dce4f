import { SourceError, type SourceProblem } from '../source.ts';

/** The names that S2:114-118 give to these problems, so that readers recognise them. */
const TITLES: Readonly<Record<SourceProblem, string>> = {
  invalid: 'Invalid stream',
  timeout: 'Connection timeout',
  unsupported: 'Unsupported format',
  authentication: 'Authentication required',
};

/** A SourceError whose message begins with the documented name of the problem. */
export function problem(kind: SourceProblem, detail: string): SourceError {
  return new SourceError(kind, `${TITLES[kind]}: ${detail}`);
}
