import { createHash } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import { Socket, type AddressInfo } from 'node:net';
import { encodeFrame } from '../../../src/wire/encode.ts';

/** The attacks of a server that wants to exhaust the time or the memory of its clients. */
export interface Flooding {
  /** Instead of 404. */
  readonly rest?: (response: ServerResponse) => void;
  /** After the upgrade. */
  readonly socket?: (socket: Socket) => void;
}

export interface Flood extends AsyncDisposable {
  /** The origin of its WebSockets. */
  readonly url: string;
}

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** Accepts every upgrade on loopback, reads nothing of what is sent, and floods. */
export async function startFlood({ rest, socket: flood }: Flooding): Promise<Flood> {
  const sockets = new Set<Socket>();
  const server = createServer((_request, response) => {
    if (rest === undefined) response.writeHead(404).end();
    else rest(response);
  });
  server.on('connection', (socket) => {
    socket.on('error', () => undefined);
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('upgrade', (request, duplex) => {
    const key = request.headers['sec-websocket-key'] ?? '';
    const accept = createHash('sha1').update(`${key}${GUID}`).digest('base64');
    duplex.write(
      `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    duplex.resume();
    // An HTTP server's connections are sockets of TCP.
    if (duplex instanceof Socket) flood?.(duplex);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Writes the same bytes again and again, as fast as they are accepted. */
export function endlessly(bytes: Uint8Array): (to: Socket | ServerResponse) => void {
  return (to) => {
    const go = () => {
      while (!to.destroyed && to.write(bytes));
    };
    to.on('drain', go);
    go();
  };
}

/** One frame many times. */
export function frames(count: number, opcode: number, payload: string, fin = true): Buffer {
  const frame = encodeFrame({ opcode, payload: Buffer.from(payload), fin });
  return Buffer.concat(Array.from({ length: count }, () => frame));
}
