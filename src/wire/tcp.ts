import { Socket as TcpSocket, type Server } from 'node:net';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';

/** The port of a server that listens on one. */
export function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('the server listens on no port');
  return address.port;
}

/** Ends a TCP or TLS connection without sending anything more: with FIN after what was written, or with RST. */
export function endTcp(duplex: Duplex, how: 'fin' | 'reset'): void {
  if (how === 'reset') return reset(duplex);
  if (duplex instanceof TcpSocket) duplex.destroySoon();
  else duplex.destroy();
}

/** Ends a connection with RST; a TLS connection, which has no handle of its own to reset, just ends. */
function reset(duplex: Duplex): void {
  // After a FIN a connection can no longer be reset.
  if (duplex instanceof TcpSocket && !(duplex instanceof TLSSocket) && !duplex.writableEnded) {
    // resetAndDestroy() sends FIN first if there is something left to write. The flag that it sets makes destroy()
    // reset at once.
    Object.assign(duplex, { resetAndClosing: true });
  }
  duplex.destroy();
}

/**
 * Stops reading a connection that is going to be passed to another process, and returns what was read already. `pause()` alone
 * goes on reading until a buffer is full, and what is in it would be lost.
 */
export function stopReading(socket: TcpSocket): Buffer {
  socket.pause();
  // Node.js has no other name for it.
  const { _handle: handle } = socket as { _handle?: { readStop?: () => void } | null };
  handle?.readStop?.();
  const rest: unknown = socket.read();
  return Buffer.from(rest instanceof Uint8Array ? rest : []);
}
