import type { SocketDialect } from '../../protocol/dialects.ts';
import type { RunnerDialect } from './dialect.ts';
import { reson8 } from './reson8.ts';
import { reson8Turns } from './reson8-turns.ts';
import { scriptix, scriptixStream } from './scriptix.ts';

/** What the runner knows about each socket. */
export const RUNNER_DIALECTS: Readonly<Record<SocketDialect, RunnerDialect>> = {
  scriptix,
  'scriptix-stream': scriptixStream,
  reson8,
  'reson8-turns': reson8Turns,
};
