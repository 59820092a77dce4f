import type { Duplex } from 'node:stream';
import { Socket as TcpSocket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { atEndOfTurn } from '../runtime/turn.ts';
import type { Socket } from '../wire/socket.ts';
import type { RecordedSocket } from './recorded-socket.ts';

/** A `ws` connection as what a session needs of it; `duplex` is the TCP or TLS connection below. */
export function wsSocket(ws: RecordedSocket, duplex: Duplex): Socket {
  let isSilent = false;
  let isCorked = false;
  const uncork = () => {
    if (!isCorked) return;
    isCorked = false;
    duplex.uncork();
  };
  // What all sessions say in a turn of the event loop is written at its end, in one go. Else every write wakes the
  // client's process and hands the processor over, which costs more than the frame itself.
  const cork = () => {
    if (isCorked) return;
    isCorked = true;
    duplex.cork();
    atEndOfTurn(uncork);
  };
  return {
    send(frame) {
      if (isSilent || ws.readyState !== ws.OPEN) return;
      cork();
      if (frame.kind === 'text') ws.send(frame.text);
      else ws.send(frame.bytes, { binary: true });
    },
    close(code, reason) {
      if (!isSilent) ws.close(code, reason);
    },
    abort(how) {
      ws.aborting(how);
      uncork();
      switch (how) {
        case 'fin':
          return duplex instanceof TcpSocket ? duplex.destroySoon() : void duplex.destroy();
        case 'reset':
          return reset(duplex);
        case 'silence':
          isSilent = true;
          // What comes is still read, so that the end of the connection is noticed, but nobody hears it.
          duplex.removeAllListeners('data');
          return void duplex.resume();
      }
    },
    get isSilent() {
      return isSilent;
    },
    get bufferedBytes() {
      return ws.bufferedAmount;
    },
  };
}

/** Ends a connection with RST; a TLS connection, which has no handle of its own to reset, just ends. */
function reset(duplex: Duplex): void {
  // What has said FIN already cannot be reset any more.
  if (duplex instanceof TcpSocket && !(duplex instanceof TLSSocket) && !duplex.writableEnded) {
    // resetAndDestroy() says FIN first when there is something left to write. The flag that it sets makes
    // destroy() reset at once.
    Object.assign(duplex, { resetAndClosing: true });
  }
  duplex.destroy();
}
