import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type ServerOptions } from 'ws';
import { messageOf } from '../runtime/errors.ts';
import type { HttpAnswer, Opening, ServerDialect, UpgradeRequest } from './dialect.ts';
import { answerUpgrade } from './http-answer.ts';
import { RecordedSocket } from './recorded-socket.ts';

/** An upgrade that was answered with 101. */
export interface Connection {
  readonly opening: Opening;
  readonly ws: RecordedSocket;
  readonly duplex: Duplex;
}

export interface UpgradeOptions {
  readonly dialects: readonly ServerDialect[];
  readonly maxFrameBytes: number;
  /** Real milliseconds that a client has to answer a Close frame. */
  readonly closeTimeoutMs: number;
  /** Lets a request in, or says what to answer it. What it throws is answered with 500. */
  readonly admit: (dialect: ServerDialect, request: UpgradeRequest) => Opening | HttpAnswer;
  /** `lines` are the status line and the headers of the 101. */
  readonly onConnection: (connection: Connection, request: IncomingMessage, lines: readonly string[]) => void;
  readonly onRefused: (answer: HttpAnswer, request: IncomingMessage) => void;
}

/** Turns upgrade requests into connections, or refuses them in their vendor's own form. */
export function upgrader(
  options: UpgradeOptions,
): (request: IncomingMessage, duplex: Duplex, head: Buffer) => void {
  const openings = new WeakMap<IncomingMessage, Opening>();
  // closeTimeout is newer than the types.
  const settings: ServerOptions<typeof RecordedSocket> & { closeTimeout: number } = {
    noServer: true,
    WebSocket: RecordedSocket,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: options.maxFrameBytes,
    closeTimeout: options.closeTimeoutMs,
    handleProtocols: (_offered, request) => openings.get(request)?.subprotocol ?? false,
  };
  const wss = new WebSocketServer(settings);
  let lines: readonly string[] = [];
  wss.on('headers', (headers) => (lines = [...headers]));
  const refuse = (request: IncomingMessage, duplex: Duplex, answer: HttpAnswer) => {
    answerUpgrade(duplex, answer);
    options.onRefused(answer, request);
  };
  const dialectOf = (request: IncomingMessage) => {
    const path = readTarget(request)?.path;
    return path === undefined ? undefined : options.dialects.find(({ serves }) => serves(path));
  };
  // What is wrong with the upgrade itself: a bad Sec-WebSocket-Key, version, or list of subprotocols.
  wss.on('wsClientError', (error, duplex, request) => {
    refuse(request, duplex, dialectOf(request)?.problem(400, error.message) ?? plain(400, error.message));
  });

  return (request, duplex, head) => {
    // A reset before the answer is the client's choice; without a listener it would end the process.
    duplex.on('error', destroy);
    const target = readTarget(request);
    if (target === undefined) return refuse(request, duplex, plain(400, 'The request target is not valid'));
    const dialect = dialectOf(request);
    if (dialect === undefined) return refuse(request, duplex, plain(404, 'Not Found'));
    let admitted: Opening | HttpAnswer;
    try {
      admitted = options.admit(dialect, target);
    } catch (error) {
      return refuse(request, duplex, dialect.problem(500, `Internal error: ${messageOf(error)}`));
    }
    if ('status' in admitted) return refuse(request, duplex, admitted);
    const opening = admitted;
    openings.set(request, opening);
    wss.handleUpgrade(request, duplex, head, (ws) => {
      options.onConnection({ opening, ws, duplex }, request, lines);
    });
  };
}

/** Not a closure: one made for an upgrade would keep its request for as long as the connection lives. */
function destroy(this: Duplex): void {
  this.destroy();
}

function readTarget({ url = '/', headers }: IncomingMessage): UpgradeRequest | undefined {
  const query = url.indexOf('?');
  const path = query < 0 ? url : url.slice(0, query);
  if (!path.startsWith('/')) return undefined;
  return { path, query: new URLSearchParams(query < 0 ? '' : url.slice(query + 1)), headers };
}

function plain(status: number, message: string): HttpAnswer {
  return { status, body: { detail: message } };
}
