import type { Dialect } from '../protocol/dialects.ts';
import type { ScenarioDialect } from './dialects/dialect.ts';
import { reson8 } from './dialects/reson8.ts';
import { scriptix, scriptixRest, scriptixStream } from './dialects/scriptix.ts';

/** What scenarios know of each dialect. */
export const SCENARIO_DIALECTS: Readonly<Record<Dialect, ScenarioDialect>> = {
  scriptix,
  'scriptix-stream': scriptixStream,
  'scriptix-rest': scriptixRest,
  reson8,
};
