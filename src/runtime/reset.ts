import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';

/** Ends a connection with RST; a TLS connection, which has no handle of its own to reset, just ends. */
export function reset(duplex: Duplex): void {
  // What has said FIN already cannot be reset any more.
  if (duplex instanceof Socket && !(duplex instanceof TLSSocket) && !duplex.writableEnded) {
    // resetAndDestroy() says FIN first when there is something left to write. The flag that it sets makes
    // destroy() reset at once.
    Object.assign(duplex, { resetAndClosing: true });
  }
  duplex.destroy();
}
