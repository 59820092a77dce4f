import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { expect } from 'vitest';

/** A client on bare TCP, for things that no WebSocket library would do. It keeps everything that it receives. */
export interface RawClient extends AsyncDisposable {
  /** Everything received and not yet taken by `answer()` or `nextFrame()`. */
  readonly bytes: Buffer;
  readonly socket: Socket;
  /** How the server ended the TCP connection. */
  readonly ended: Promise<'fin' | 'reset'>;
  write(bytes: string | Uint8Array): void;
  /** The next HTTP answer, with its body. */
  answer(): Promise<RawAnswer>;
  /** The next WebSocket frame. */
  nextFrame(): Promise<RawFrame>;
  /** Ends the connection with a RST; does nothing if it has already ended. */
  reset(): void;
}

export interface RawAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The connection ended before the whole body had come. */
  readonly isCut: boolean;
}

export interface RawFrame {
  readonly fin: boolean;
  readonly opcode: number;
  readonly masked: boolean;
  readonly payload: Buffer;
}

export const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** Longer than anything here takes on a busy machine, so only a failing test waits this long. */
const PATIENCE_MS = 20_000;

export async function connectRaw(url: string, options: { readonly allowHalfOpen?: boolean } = {}) {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), ...options });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  return rawClient(socket);
}

/** Connects and upgrades to WebSocket; the answer must be a 101. */
export async function openRaw(url: string, headers: Readonly<Record<string, string>> = {}) {
  const client = await connectRaw(url);
  client.write(upgradeRequest(url, headers));
  const answer = await client.answer();
  if (answer.status !== 101) {
    client.reset();
    throw new Error(`expected 101, got ${answer.status} ${answer.body}`);
  }
  return client;
}

/** An upgrade as a client would send it. Headers given here replace the usual ones; an empty one leaves it out. */
export function upgradeRequest(url: string, headers: Readonly<Record<string, string>> = {}): string {
  const { host, pathname, search } = new URL(url);
  return requestText('GET', pathname + search, {
    Host: host,
    Upgrade: 'websocket',
    Connection: 'Upgrade',
    'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
    'Sec-WebSocket-Version': '13',
    ...headers,
  });
}

/** A request with the target exactly as given, which a URL class would tidy up. */
export function requestText(
  method: string,
  target: string,
  headers: Readonly<Record<string, string>>,
): string {
  const lines = Object.entries(headers)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${target} HTTP/1.1\r\n${lines.join('')}\r\n`;
}

/** A frame as a client sends it: masked, unless the missing mask is the intended mistake. */
export function frame(
  opcode: number,
  payload: string | Uint8Array,
  wrong: { readonly fin?: boolean; readonly masked?: boolean; readonly rsv?: number } = {},
): Buffer {
  const { fin = true, masked = true, rsv = 0 } = wrong;
  const content = typeof payload === 'string' ? Buffer.from(payload) : Buffer.from(payload);
  const { length } = content;
  const first = (fin ? 0x80 : 0) | (rsv << 4) | opcode;
  const bit = masked ? 0x80 : 0;
  let head: Buffer;
  if (length < 126) head = Buffer.from([first, bit | length]);
  else if (length < 65_536) head = Buffer.from([first, bit | 126, length >> 8, length & 0xff]);
  else {
    head = Buffer.alloc(10);
    head.set([first, bit | 127]);
    head.writeBigUInt64BE(BigInt(length), 2);
  }
  if (!masked) return Buffer.concat([head, content]);
  const mask = randomBytes(4);
  return Buffer.concat([head, mask, content.map((byte, i) => byte ^ (mask[i & 3] ?? 0))]);
}

/** A Close frame with any number for a code, also those that must never be sent. */
export function closeFrame(code: number, reason = ''): Buffer {
  return frame(OPCODE.close, Buffer.concat([Buffer.from([code >> 8, code & 0xff]), Buffer.from(reason)]));
}

/** The code of a Close frame; 1005 when it has none. */
export function closeCodeOf({ payload }: RawFrame): number {
  return payload.length < 2 ? 1005 : payload.readUInt16BE(0);
}

/** How a server ended a connection. */
export interface Farewell {
  /** What the server said before it closed. */
  readonly said: readonly string[];
  /** The code of its Close frame. */
  readonly code: number;
  readonly ended: 'fin' | 'reset';
}

/** Listens until the server closes the connection, and answers its Close frame as a client should. */
export async function farewell(client: RawClient): Promise<Farewell> {
  const said: string[] = [];
  for (;;) {
    const { opcode, payload, fin, masked } = await client.nextFrame();
    expect({ fin, masked }).toEqual({ fin: true, masked: false });
    if (opcode === OPCODE.close) {
      client.write(frame(OPCODE.close, payload));
      const ended = await client.ended;
      // TR-004: nothing follows a Close frame.
      expect(client.bytes).toHaveLength(0);
      return { said, code: closeCodeOf({ opcode, payload, fin, masked }), ended };
    }
    said.push(payload.toString());
  }
}

function rawClient(socket: Socket): RawClient {
  let bytes = Buffer.alloc(0);
  let over: 'fin' | 'reset' | undefined;
  let look: () => void = () => undefined;
  const ended = new Promise<'fin' | 'reset'>((resolve) => {
    const end = (how: 'fin' | 'reset') => {
      over ??= how;
      resolve(over);
      look();
    };
    socket.on('end', () => end('fin'));
    socket.on('error', () => end('reset'));
    socket.on('close', () => end('reset'));
  });
  socket.on('data', (chunk: Buffer) => {
    bytes = Buffer.concat([bytes, chunk]);
    look();
  });

  /** Waits until `found` finds something in the received bytes; removes as many bytes as it says. */
  const until = <T>(what: string, found: (isOver: boolean) => { value: T; taken: number } | undefined) =>
    new Promise<T>((resolve, reject) => {
      const stop = () => {
        clearTimeout(timer);
        look = () => undefined;
      };
      const fail = (why: string) => {
        stop();
        reject(new Error(`no ${what}: ${why}; received ${JSON.stringify(bytes.toString('latin1'))}`));
      };
      const timer = setTimeout(() => fail(`${PATIENCE_MS} ms passed`), PATIENCE_MS);
      look = () => {
        const hit = found(over !== undefined);
        if (hit !== undefined) {
          bytes = bytes.subarray(hit.taken);
          stop();
          resolve(hit.value);
        } else if (over !== undefined) fail(`the connection ended (${over})`);
      };
      look();
    });

  const reset = () => {
    // While a FIN is on its way, Node.js cannot reset the connection, and would leave the handle open forever.
    if (socket.writableEnded) socket.destroy();
    else if (!socket.destroyed) socket.resetAndDestroy();
  };
  return {
    get bytes() {
      return bytes;
    },
    socket,
    ended,
    write: (content) => void socket.write(content),
    answer: () => until('HTTP answer', (isOver) => readAnswer(bytes, isOver)),
    nextFrame: () => until('frame', () => readFrame(bytes)),
    reset,
    async [Symbol.asyncDispose]() {
      reset();
      if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve));
    },
  };
}

/** The HTTP answer at the beginning of the bytes, once it is complete, and its length in bytes. */
export function readAnswer(bytes: Buffer, isOver: boolean): { value: RawAnswer; taken: number } | undefined {
  const headEnd = bytes.indexOf('\r\n\r\n');
  if (headEnd < 0) return undefined;
  const [statusLine = '', ...lines] = bytes.subarray(0, headEnd).toString('latin1').split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  const status = Number(statusLine.split(' ')[1]);
  const bodyAt = headEnd + 4;
  const length = headers['content-length'];
  // Without a length the body goes on until the end; an upgrade has none.
  if (length === undefined && status !== 101 && !isOver) return undefined;
  const taken = status === 101 ? bodyAt : length === undefined ? bytes.length : bodyAt + Number(length);
  const isCut = bytes.length < taken;
  if (isCut && !isOver) return undefined;
  return { value: { status, headers, body: bytes.subarray(bodyAt, taken).toString(), isCut }, taken };
}

/** The frame at the beginning of the bytes, once it is complete, and its length in bytes. */
export function readFrame(bytes: Buffer): { value: RawFrame; taken: number } | undefined {
  const [first, second] = bytes;
  if (first === undefined || second === undefined) return undefined;
  const short = second & 0x7f;
  const headLength = 2 + (short === 127 ? 8 : short === 126 ? 2 : 0);
  if (bytes.length < headLength) return undefined;
  const length =
    short === 127 ? Number(bytes.readBigUInt64BE(2)) : short === 126 ? bytes.readUInt16BE(2) : short;
  const taken = headLength + length;
  if (bytes.length < taken) return undefined;
  const payload = Buffer.from(bytes.subarray(headLength, taken));
  return { value: { fin: first >= 0x80, opcode: first & 0xf, masked: second >= 0x80, payload }, taken };
}
