import type { Duplex } from 'node:stream';
import type { RawData } from 'ws';
import { codeOf } from '../../runtime/errors.ts';
import { WebSocket } from '../../wire/ws.ts';
import type { Frame } from '../../wire/frame.ts';
import type { AbortHow } from '../../wire/socket.ts';
import type { Peer } from '../../wire/trace.ts';
import type { SessionLog } from '../journal/session-log.ts';

type SendOptions = Parameters<WebSocket['send']>[1];
type Sent = (error?: Error) => void;
type Data = Parameters<WebSocket['send']>[0];

/** Recorded as the code of a Close frame without one, and of a connection that ended without a Close frame. */
const NO_CODE = 1005;
const NO_CLOSE = 1006;

/**
 * What attends to a connection: an object, since a function for each event of each connection would take more memory.
 */
export interface SocketHolder {
  /** A message of the client has arrived. */
  hear(frame: Frame): void;
  /** The client has answered a ping, or sent a pong without one. */
  ponged(data: Buffer): void;
  /** The client has broken the protocol, or the connection. */
  failed(error: Error): void;
  /** Called once, when the client's Close frame has arrived. */
  clientClosed(): void;
  /** Called once, when the server's Close frame goes out. */
  closing(): void;
  /** The connection has ended. */
  ended(code: number, reason: string): void;
}

/**
 * A connection that records what it sends. `ws` answers pings, Close frames and broken frames by itself, with the same
 * methods that everyone else calls, so everything sent is seen here, in order.
 */
export class RecordedSocket extends WebSocket {
  log: SessionLog | undefined;
  holder: SocketHolder | undefined;
  #closedFirst: Peer | undefined;
  #hasClientClosed = false;
  #aborted: AbortHow | undefined;

  override send(data: Data, callback?: Sent): void;
  override send(data: Data, options: SendOptions, callback?: Sent): void;
  override send(data: Data, options?: SendOptions | Sent, callback?: Sent): void {
    const isOpen = this.readyState === this.OPEN;
    if (typeof options === 'object') super.send(data, options, callback);
    else super.send(data, options);
    if (!isOpen || this.log === undefined) return;
    if (typeof data === 'string') this.log.text('server', data);
    else if (data instanceof Uint8Array) this.log.binary('server', data);
  }

  override ping(data?: unknown, mask?: boolean, callback?: (error: Error) => void): void {
    if (this.readyState === this.OPEN) this.#control('ping', data);
    super.ping(data, mask, callback);
  }

  override pong(data?: unknown, mask?: boolean, callback?: (error: Error) => void): void {
    if (this.readyState === this.OPEN) this.#control('pong', data);
    super.pong(data, mask, callback);
  }

  override close(code?: number, reason?: string | Buffer): void {
    const isOpen = this.readyState === this.OPEN;
    // If the client's Close frame has arrived, `ws` answers with its code.
    if (hasReceivedClose(this)) this.clientClosed(code ?? NO_CODE, String(reason ?? ''));
    // Throws for a code that must not be sent.
    super.close(code, reason);
    if (!isOpen) return;
    this.#closedFirst ??= 'server';
    this.holder?.closing();
    this.log?.fact({
      kind: 'close',
      from: 'server',
      code: code ?? NO_CODE,
      reason: code === undefined ? '' : String(reason ?? ''),
    });
  }

  override terminate(): void {
    this.aborting('fin');
    super.terminate();
  }

  /** Records that the server ends the connection, or stops answering, without a closing handshake. */
  aborting(how: AbortHow): void {
    this.#aborted ??= how;
  }

  /** Records that the client's Close frame has arrived. Only the first call counts. */
  clientClosed(code: number, reason: string): void {
    if (this.#hasClientClosed) return;
    this.#hasClientClosed = true;
    this.#closedFirst ??= 'client';
    this.log?.fact({ kind: 'close', from: 'client', code, reason });
    this.holder?.clientClosed();
  }

  /** Records that the connection has ended. Returns which side ended it, if that is known. */
  ended(code: number, reason: string, duplex: Duplex): Peer | undefined {
    if (code !== NO_CLOSE) this.clientClosed(code, reason);
    const { how, by } = this.#ending(code, duplex);
    this.log?.end({ kind: 'end', ...(by === undefined ? {} : { by }), how, code });
    return by;
  }

  #ending(code: number, duplex: Duplex): { how: 'close' | AbortHow; by?: Peer | undefined } {
    if (this.#aborted !== undefined) return { how: this.#aborted, by: 'server' };
    if (code !== NO_CLOSE) return { how: 'close', by: this.#closedFirst };
    // A connection broken off by the client, in whatever way, is an error here; EPIPE means that we noticed late.
    const isReset = ['ECONNRESET', 'EPIPE'].includes(codeOf(duplex.errored) ?? '');
    if (isReset) return { how: 'reset', by: 'client' };
    // After our Close frame it is unknown which side lost patience.
    return { how: 'fin', by: this.#closedFirst === undefined ? 'client' : undefined };
  }

  #control(kind: 'ping' | 'pong', data: unknown): void {
    const bytes =
      data instanceof Uint8Array || typeof data === 'string' ? Buffer.from(data) : Buffer.alloc(0);
    this.log?.fact({ kind, from: 'server', base64: bytes.toString('base64') });
  }
}

/** `ws` does not publish this; without it the Close frame would be noticed only when the connection ends. */
function hasReceivedClose(socket: WebSocket): boolean {
  return '_closeFrameReceived' in socket && socket._closeFrameReceived === true;
}

/** A message from `ws` as a frame. `ws` has checked that text is UTF-8. */
function toFrame(data: RawData, isBinary: boolean): Frame {
  const bytes = Buffer.isBuffer(data) ? data : Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
  return isBinary ? { kind: 'binary', bytes } : { kind: 'text', text: bytes.toString('utf8') };
}

/** Passes what happens on a connection on to its holder. */
export function holdSocket(ws: RecordedSocket, holder: SocketHolder): void {
  ws.holder = holder;
  ws.on('ping', onPing).on('pong', onPong).on('error', onError).on('message', onMessage).on('close', onClose);
}

function onPing(this: WebSocket, data: Buffer): void {
  if (this instanceof RecordedSocket)
    this.log?.fact({ kind: 'ping', from: 'client', base64: data.toString('base64') });
}

function onPong(this: WebSocket, data: Buffer): void {
  if (this instanceof RecordedSocket) this.holder?.ponged(data);
}

function onError(this: WebSocket, error: Error): void {
  if (this instanceof RecordedSocket) this.holder?.failed(error);
}

function onMessage(this: WebSocket, data: RawData, isBinary: boolean): void {
  if (this instanceof RecordedSocket) this.holder?.hear(toFrame(data, isBinary));
}

function onClose(this: WebSocket, code: number, reason: Buffer): void {
  if (this instanceof RecordedSocket) this.holder?.ended(code, reason.toString());
}
