import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';

const FIRST_CONTROL_OPCODE = 0x8;

/**
 * Reports once if a client sends data after its Close frame, which has just arrived. `ws` no longer checks at that
 * point, so it would go unnoticed. Nothing else is checked.
 */
export function tellLateData(ws: WebSocket, duplex: Duplex, tell: (message: string) => void): void {
  const look = (bytes: Buffer) => {
    duplex.off('data', look);
    const [first = FIRST_CONTROL_OPCODE] = bytes;
    if ((first & 0x0f) < FIRST_CONTROL_OPCODE) tell('data-after-close: a message after the Close frame');
  };
  const rest = unreadOf(ws);
  if (rest === undefined) duplex.on('data', look);
  else look(rest);
}

/** Data in the same piece as the Close frame, which `ws` has read but does not report. */
function unreadOf(ws: WebSocket): Buffer | undefined {
  const receiver: unknown = Reflect.get(ws, '_receiver');
  const pieces: unknown =
    typeof receiver === 'object' && receiver !== null ? Reflect.get(receiver, '_buffers') : undefined;
  const first: unknown = Array.isArray(pieces) ? pieces[0] : undefined;
  return Buffer.isBuffer(first) && first.length > 0 ? first : undefined;
}
