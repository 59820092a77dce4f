import type { SocketDialect } from '../protocol/dialects.ts';
import type { EditionNames } from '../protocol/editions.ts';
import { inEdition } from './compile/in-edition.ts';
import { SCENARIO_DIALECTS } from './dialects/dialects.ts';
import { IDLE_MS } from './limits.ts';
import type { Step } from './script.ts';

/** The documented course of a connection, without any problem. */
export function happyPath(dialect: SocketDialect, editions: EditionNames): readonly Step[] {
  const { opening } = SCENARIO_DIALECTS[dialect];
  return inEdition(
    [...opening, { kind: 'transcribe', idleMs: IDLE_MS }, { kind: 'close' }],
    dialect,
    editions,
  );
}
