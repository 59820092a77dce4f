import type { SocketDialect } from '../../protocol/dialects.ts';
import type { EditionNames } from '../../protocol/editions.ts';
import type { CompiledAttempt } from '../../scenario/compile/compile.ts';
import type { Selected } from './selection.ts';

/** What a scenario says about one connection. */
export interface Plan extends CompiledAttempt {
  readonly name: string;
  readonly seed: number;
}

/** Scenarios are compiled for each connection, since chance and attempts are different. */
export async function planOf(
  { scenario, attempt }: Selected,
  dialect: SocketDialect,
  seed: number,
  editions: EditionNames,
): Promise<Plan> {
  const { compileAttempt } = await import('../../scenario/compile/compile.ts');
  const { name, file } = scenario;
  return { ...compileAttempt(scenario, { dialect, editions, seed, attempt }), name, seed: file.seed ?? seed };
}
