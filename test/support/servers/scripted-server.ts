import { createHash } from 'node:crypto';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import type { Clock } from '../../../src/runtime/clock.ts';
import { encodeClose, encodeFrame, OPCODES } from '../../../src/wire/encode.ts';

/** What a hand-made server does with a connection: the bytes that it writes, and how it finally ends TCP. */
export interface HandMade {
  /** Instead of the 101. */
  readonly answer?: string;
  /** More headers of the 101. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly writes?: readonly Uint8Array[];
  readonly then?: 'fin' | 'reset' | 'stay';
  /** How long after the connection began, in milliseconds (500). */
  readonly afterMs?: number;
}

export interface HandMadeServer extends AsyncDisposable {
  readonly port: number;
}

export const text = (message: unknown): Uint8Array =>
  encodeFrame({ opcode: OPCODES.text, payload: Buffer.from(JSON.stringify(message)) });
export const part = (payload: string, fin: boolean, isFirst: boolean): Uint8Array =>
  encodeFrame({
    opcode: isFirst ? OPCODES.text : OPCODES.continuation,
    payload: Buffer.from(payload),
    fin,
  });
export const ping = encodeFrame({ opcode: OPCODES.ping, payload: new Uint8Array() });
export const close = encodeClose;

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** A server on bare TCP that reads nothing but the upgrade, and sends exactly the given bytes. */
export async function startHandMade(does: readonly HandMade[], clock: Clock): Promise<HandMadeServer> {
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    const mine = does[Math.min(connections++, does.length - 1)] ?? {};
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('data', (request: Buffer) => say(socket, mine, clock, request.toString('latin1')));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function say(
  socket: Socket,
  { answer, headers = {}, writes = [], then = 'stay', afterMs = 500 }: HandMade,
  clock: Clock,
  request: string,
): void {
  const key = /sec-websocket-key: *(\S+)/i.exec(request)?.[1] ?? '';
  const accept = createHash('sha1').update(`${key}${GUID}`).digest('base64');
  const lines = Object.entries({ ...headers, 'Sec-WebSocket-Accept': accept }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  const upgrade = `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n${lines.join('')}\r\n`;
  const bytes = Buffer.concat([Buffer.from(answer ?? upgrade), ...writes]);
  if (bytes.length > 0) socket.write(bytes);
  if (then === 'stay') return;
  // Not at once, because Node.js treats a RST that comes together with data as a FIN.
  clock.at(clock.now() + afterMs, () => {
    if (then === 'fin') socket.end();
    else socket.resetAndDestroy();
  });
}
