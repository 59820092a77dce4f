import type { SocketDialect } from '../../protocol/dialects.ts';
import type { ServerDialect } from './dialect.ts';
import { reson8 } from './reson8/realtime.ts';
import { reson8Turns } from './reson8/turns.ts';
import { scriptix, scriptixStream } from './scriptix.ts';

const BY_NAME: Readonly<Record<SocketDialect, ServerDialect>> = {
  scriptix,
  'scriptix-stream': scriptixStream,
  reson8,
  'reson8-turns': reson8Turns,
};

/** The sockets that the fake serves. */
export const SERVER_DIALECTS: readonly ServerDialect[] = Object.values(BY_NAME);
