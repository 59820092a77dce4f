import type { Duplex } from 'node:stream';
import { atEndOfTurn } from '../../runtime/turn.ts';
import type { Frame } from '../../wire/frame.ts';
import type { Socket } from '../../wire/socket.ts';
import { endTcp } from '../../wire/tcp.ts';
import type { RecordedSocket } from './recorded-socket.ts';

/**
 * A `ws` connection, reduced to what a session needs; `duplex` is the TCP or TLS connection below.
 *
 * @param onSent called for each message that goes out
 */
export function wsSocket(ws: RecordedSocket, duplex: Duplex, onSent: (frame: Frame) => void): Socket {
  let isSilent = false;
  let isCorked = false;
  const uncork = () => {
    if (!isCorked) return;
    isCorked = false;
    duplex.uncork();
  };
  // Everything that sessions send in a turn of the event loop is written together at its end. Otherwise every write
  // wakes the client's process and yields the processor to it, which costs more than the frame itself.
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
      onSent(frame);
    },
    write(bytes) {
      if (isSilent || !duplex.writable) return;
      cork();
      duplex.write(bytes);
      ws.log?.fact({ kind: 'bytes', from: 'server', base64: Buffer.from(bytes).toString('base64') });
    },
    close(code, reason) {
      if (!isSilent) ws.close(code, reason);
    },
    abort(how) {
      ws.aborting(how);
      uncork();
      switch (how) {
        case 'fin':
        case 'reset':
          return endTcp(duplex, how);
        case 'silence':
          isSilent = true;
          // Incoming data is still read, so that the end of the connection is noticed, but it is discarded.
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
