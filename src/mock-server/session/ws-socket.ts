import type { Duplex } from 'node:stream';
import { atEndOfTurn } from '../../runtime/turn.ts';
import { encodeText } from '../../wire/encode.ts';
import type { Frame } from '../../wire/frame.ts';
import type { AbortHow, Socket } from '../../wire/socket.ts';
import { endTcp } from '../../wire/tcp.ts';
import type { RecordedSocket } from './recorded-socket.ts';

/** What sends on a connection. */
export interface Sending {
  /** A message has gone out. */
  sent(frame: Frame): void;
}

/**
 * A `ws` connection, reduced to what a session needs; `duplex` is the TCP or TLS connection below.
 *
 * @param holder learns of each message that goes out
 */
export function wsSocket(ws: RecordedSocket, duplex: Duplex, holder: Sending): Socket {
  return new WsSocket(ws, duplex, holder);
}

/** A class, so that thousands of connections share one set of functions. */
class WsSocket implements Socket {
  isSilent = false;
  readonly #ws: RecordedSocket;
  readonly #duplex: Duplex;
  readonly #holder: Sending;
  #isCorked = false;

  constructor(ws: RecordedSocket, duplex: Duplex, holder: Sending) {
    this.#ws = ws;
    this.#duplex = duplex;
    this.#holder = holder;
  }

  get bufferedBytes(): number {
    return this.#ws.bufferedAmount;
  }

  send(frame: Frame): void {
    const ws = this.#ws;
    if (this.isSilent || ws.readyState !== ws.OPEN) return;
    this.#cork();
    if (frame.kind === 'text') {
      this.#duplex.write(encodeText(frame.text));
      ws.log?.text('server', frame.text);
    } else ws.send(frame.bytes, { binary: true });
    this.#holder.sent(frame);
  }

  write(bytes: Uint8Array): void {
    if (this.isSilent || !this.#duplex.writable) return;
    this.#cork();
    this.#duplex.write(bytes);
    this.#ws.log?.fact({ kind: 'bytes', from: 'server', base64: Buffer.from(bytes).toString('base64') });
  }

  close(code?: number, reason?: string): void {
    if (!this.isSilent) this.#ws.close(code, reason);
  }

  abort(how: AbortHow): void {
    const duplex = this.#duplex;
    this.#ws.aborting(how);
    this.#uncork();
    switch (how) {
      case 'fin':
      case 'reset':
        return endTcp(duplex, how);
      case 'silence':
        this.isSilent = true;
        // Incoming data is still read, so that the end of the connection is noticed, but it is discarded.
        duplex.removeAllListeners('data');
        return void duplex.resume();
    }
  }

  /**
   * Everything that sessions send in a turn of the event loop is written together at its end. Otherwise every write
   * wakes the client's process and yields the processor to it, which costs more than the frame itself.
   */
  #cork(): void {
    if (this.#isCorked) return;
    this.#isCorked = true;
    this.#duplex.cork();
    atEndOfTurn(() => this.#uncork());
  }

  #uncork(): void {
    if (!this.#isCorked) return;
    this.#isCorked = false;
    this.#duplex.uncork();
  }
}
