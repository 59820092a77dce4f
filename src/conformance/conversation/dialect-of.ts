import { PATHS as RESON8 } from '../../protocol/reson8/handshake.ts';
import { PATHS as SCRIPTIX } from '../../protocol/scriptix/handshake.ts';
import { ENDPOINTS } from '../../protocol/scriptix/rest.ts';
import type { TraceContext } from '../../wire/trace.ts';

/** Whose protocol a conversation speaks, and which part of it. */
export type Dialect = NonNullable<TraceContext['dialect']>;

const STREAM = SCRIPTIX.stream.slice(0, SCRIPTIX.stream.indexOf('{'));
const CALLS: readonly string[] = Object.values(ENDPOINTS).map(({ path }) => path);

/** The dialect that is served at a path. A proxy may have put something before it. */
export function dialectOf(path: string): Dialect | undefined {
  if (path.endsWith(SCRIPTIX.microphone)) return 'scriptix';
  if (path.endsWith(RESON8.realtime)) return 'reson8';
  if (CALLS.some((call) => path.endsWith(call))) return 'scriptix-rest';
  return path.includes(STREAM) ? 'scriptix-stream' : undefined;
}
