import type { Duplex } from 'node:stream';
import { Socket as TcpSocket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { WebSocket } from 'ws';
import type { Socket } from '../wire/socket.ts';

/** A `ws` connection as what a session needs of it; `duplex` is the TCP or TLS connection below. */
export function wsSocket(ws: WebSocket, duplex: Duplex): Socket {
  return {
    send(frame) {
      if (ws.readyState !== ws.OPEN) return;
      if (frame.kind === 'text') ws.send(frame.text);
      else ws.send(frame.bytes, { binary: true });
    },
    close: (code, reason) => ws.close(code, reason),
    abort(how) {
      switch (how) {
        case 'fin':
          return duplex instanceof TcpSocket ? duplex.destroySoon() : void duplex.destroy();
        case 'reset':
          // A TLS connection has no handle of its own to reset; ending it without a word is as near.
          if (duplex instanceof TcpSocket && !(duplex instanceof TLSSocket)) duplex.resetAndDestroy();
          else duplex.destroy();
          return;
        case 'silence':
          // Unread pings are unanswered, so to the peer this is a dead host.
          return ws.pause();
      }
    },
    get bufferedBytes() {
      return ws.bufferedAmount;
    },
  };
}
