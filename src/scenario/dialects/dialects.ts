import type { Dialect } from '../../protocol/dialects.ts';
import type { ScenarioDialect } from './dialect.ts';
import { reson8, reson8Rest } from './reson8.ts';
import { reson8Turns } from './reson8-turns.ts';
import { scriptix, scriptixRest, scriptixStream } from './scriptix.ts';

/** What scenarios need to know about each dialect. */
export const SCENARIO_DIALECTS: Readonly<Record<Dialect, ScenarioDialect>> = {
  scriptix,
  'scriptix-stream': scriptixStream,
  'scriptix-rest': scriptixRest,
  reson8,
  'reson8-turns': reson8Turns,
  'reson8-rest': reson8Rest,
};
