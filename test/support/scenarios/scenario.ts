import {
  compileAttempt,
  type CompiledAttempt,
  type CompileOptions,
} from '../../../src/scenario/compile/compile.ts';
import { describeMistake, readScenario } from '../../../src/scenario/read/load.ts';
import type { Scenario } from '../../../src/scenario/scenario.ts';

/** A scenario of the steps, for the microphone unless `file` says otherwise. @throws for one with mistakes. */
export function scenarioOf(server: unknown, file: Readonly<Record<string, unknown>> = {}): Scenario {
  const text = JSON.stringify({ dialect: 'scriptix', summary: 'x', server, ...file });
  const read = readScenario('of-a-test', 'of-a-test.yaml', text);
  if (read.kind === 'scenario') return read.scenario;
  throw new Error(read.mistakes.map(describeMistake).join('\n'));
}

/** What a server with these steps does. */
export function compile(server: unknown, options: Partial<CompileOptions> = {}): CompiledAttempt {
  const { dialect = 'scriptix' } = options;
  return compileAttempt(scenarioOf(server, { dialect }), { dialect, seed: 1, attempt: 0, ...options });
}
