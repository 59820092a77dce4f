import { STATUS_CODES, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ServerOptions } from 'ws';
import { encodeContent } from '../../runtime/content-coding.ts';
import { WebSocketServer } from '../../wire/ws.ts';
import type { HttpAnswer } from '../dialects/dialect.ts';
import { RecordedSocket } from '../session/recorded-socket.ts';

/** What the 101 for a request contains in addition to the usual headers. */
export interface Welcome {
  /** The subprotocol that is selected; false for none. */
  readonly subprotocol: string | false;
  readonly headers: Readonly<Record<string, string>>;
}

/** Answers upgrades with 101. */
export type Accept = (
  request: IncomingMessage,
  duplex: Duplex,
  head: Buffer,
  welcome: Welcome,
  /** `lines` are the status line and the headers of the 101. */
  then: (ws: RecordedSocket, lines: readonly string[]) => void,
) => void;

/** Called for an upgrade that is malformed: a bad Sec-WebSocket-Key, version, or list of subprotocols. */
export type OnMalformed = (message: string, duplex: Duplex, request: IncomingMessage) => void;

const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Answers upgrades in this process. */
export function newAcceptor(maxFrameBytes: number, onMalformed: OnMalformed): Accept {
  const welcomes = new WeakMap<IncomingMessage, Welcome>();
  // `closeTimeout` is missing from the types of `ws`.
  const settings: ServerOptions<typeof RecordedSocket> & { closeTimeout: number } = {
    noServer: true,
    WebSocket: RecordedSocket,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: maxFrameBytes,
    // The session has its own timer for this, on the clock of Node.js; a test that fakes timers could move that of
    // `ws`.
    closeTimeout: LONGEST_TIMER_MS,
    handleProtocols: (_offered, request) => welcomes.get(request)?.subprotocol ?? false,
  };
  const wss = new WebSocketServer(settings);
  /** The status line and headers of the 101 that is being written. */
  let lines: readonly string[] = [];
  wss.on('headers', (given, request) => {
    const { headers = {} } = welcomes.get(request) ?? {};
    for (const [name, value] of Object.entries(headers)) given.push(`${name}: ${value}`);
    lines = [...given];
  });
  wss.on('wsClientError', (error, duplex, request) => onMalformed(error.message, duplex, request));
  return (request, duplex, head, welcome, then) => {
    welcomes.set(request, welcome);
    wss.handleUpgrade(request, duplex, head, (ws) => then(ws, lines));
  };
}

/** Answers an upgrade request with plain HTTP and ends the connection. */
export function answerUpgrade(socket: Duplex, answer: HttpAnswer): void {
  const { status } = answer;
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Unknown'}`,
    ...Object.entries(answerHeaders(answer)).map(([name, value]) => `${name}: ${value}`),
  ];
  // A client that keeps its side open must not keep ours open: end() alone would wait for it.
  socket.once('finish', () => socket.destroy());
  socket.end(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), answerBytes(answer)]));
}

/** The body before compression: text unchanged, anything else as JSON. */
export function answerText({ body }: HttpAnswer): string {
  if (body === undefined) return '';
  return typeof body === 'string' ? body : JSON.stringify(body);
}

/** The body as it is sent: compressed with the Content-Encoding of the answer, if that is known. */
function answerBytes(answer: HttpAnswer): Uint8Array {
  return encodedText(answerText(answer), answer.headers);
}

/** A text compressed with the Content-Encoding of the headers, if that is known; an empty body is not compressed. */
export function encodedText(text: string, headers: HttpAnswer['headers'] = {}): Uint8Array {
  const bytes = Buffer.from(text);
  const [, coding] =
    Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-encoding') ?? [];
  return bytes.length === 0 ? bytes : (encodeContent(bytes, coding) ?? bytes);
}

/** All headers of an answer; its own ones replace the usual ones. */
export function answerHeaders(answer: HttpAnswer): Record<string, string> {
  const { headers = {}, body } = answer;
  const own = new Set(Object.keys(headers).map((name) => name.toLowerCase()));
  const type = typeof body === 'string' ? 'text/plain; charset=utf-8' : 'application/json';
  const ours = {
    Connection: 'close',
    ...(body === undefined ? {} : { 'Content-Type': type }),
    'Content-Length': String(answerBytes(answer).length),
  };
  return {
    ...Object.fromEntries(Object.entries(ours).filter(([name]) => !own.has(name.toLowerCase()))),
    ...headers,
  };
}
