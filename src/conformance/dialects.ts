import type { SocketDialect } from '../protocol/dialects.ts';
import type { RunnerDialect } from './dialects/dialect.ts';
import { reson8 } from './dialects/reson8.ts';
import { scriptix, scriptixStream } from './dialects/scriptix.ts';

/** What the runner knows of each socket. */
export const RUNNER_DIALECTS: Readonly<Record<SocketDialect, RunnerDialect>> = {
  scriptix,
  'scriptix-stream': scriptixStream,
  reson8,
};
