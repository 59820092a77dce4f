import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { portOf } from '../wire/tcp.ts';
import type { Clock } from '../runtime/clock.ts';
import { checkTrust } from '../runtime/network/trust.ts';
import { noteWrongScheme } from '../runtime/network/wrong-scheme.ts';
import { listenError } from '../runtime/network/listen-error.ts';
import { isWebSocketHandshake, offeredProtocols } from '../wire/request-head.ts';
import type { TraceFact } from '../wire/trace.ts';
import { takeUpgrades } from '../wire/upgrades.ts';
import type { Forwarding } from './exchange.ts';
import { forwardRequest } from './forward-request.ts';
import { forwardUpgrade } from './forward-upgrade.ts';
import { headText } from './http-head.ts';
import type { Leads } from './leading.ts';
import type { Upstream } from './upstream.ts';

/** What the proxy records, and where it passes it on to. */
export interface ProxyOptions {
  readonly port: number;
  readonly host: string;
  /** Where WebSocket upgrades go. */
  readonly upstream: Upstream;
  /** Where plain HTTP requests go. */
  readonly apiUpstream: Upstream;
  /** Which answers of that service say where to connect. */
  readonly leads: Leads;
  /** Keep the bytes of binary messages; otherwise their length and hash. */
  readonly keepAudio: boolean;
  /** Real time. */
  readonly clock: Clock;
  /** Called for a client that begins with TLS, and is not understood. */
  readonly onTls?: () => void;
  /** Called with each event as it was on the wire, including secrets. */
  readonly onFact: (session: string, fact: TraceFact) => void;
}

/** A proxy that reports what passes through it. */
export interface Proxy extends AsyncDisposable {
  readonly port: number;
  /** Stops listening and cuts open connections; nothing more is reported about them. */
  stop(): Promise<void>;
}

/** The maximum number of simultaneous connections and requests. */
const MOST_SESSIONS = 1000;
/** A client that sends its headers one byte at a time is cut off. */
const HEADERS_TIMEOUT_MS = 15_000;

/**
 * Starts a proxy for the WebSocket connections and HTTP requests of one service. Every connection, and every request,
 * is a session.
 *
 * @throws UserError for an unavailable port or host, and over TLS for a wrong SSL_CERT_FILE
 */
export async function startProxy(options: ProxyOptions): Promise<Proxy> {
  checkTrust(options.upstream.origin, options.apiUpstream.origin);
  const cuts = new Map<string, () => void>();
  let count = 0;
  const leading = { ...options.leads, upstream: options.upstream };
  const begin = (upstream: Upstream, work: (exchange: Forwarding) => () => void) => {
    count += 1;
    const session = `s${count}`;
    cuts.set(session, () => undefined);
    const { clock, keepAudio } = options;
    const cut = work({
      upstream,
      clock,
      keepAudio,
      onFact: (fact) => options.onFact(session, fact),
      onEnd: () => void cuts.delete(session),
    });
    // The exchange may be over already.
    if (cuts.has(session)) cuts.set(session, cut);
  };

  const server = createServer({
    headersTimeout: HEADERS_TIMEOUT_MS,
    keepAliveTimeout: 5000,
    requestTimeout: 0,
  });
  noteWrongScheme(server, () => options.onTls?.());
  const upgrades = takeUpgrades(server, mayBecomeWebSocket, (request, client, head) => {
    if (cuts.size >= MOST_SESSIONS) {
      client.on('error', () => client.destroy());
      client.once('finish', () => client.destroy());
      return void client.end(headText(503, 'Service Unavailable', ['Connection', 'close']));
    }
    begin(options.upstream, (exchange) => forwardUpgrade(exchange, request, client, head));
  });
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    if (cuts.size >= MOST_SESSIONS) return void response.writeHead(503, { connection: 'close' }).end();
    begin(options.apiUpstream, (exchange) => forwardRequest(exchange, leading, request, response));
  });

  const { port, host } = options;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(listenError(error, port, host)));
    server.listen(port, host, resolve);
  });
  const stop = async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const cut of [...cuts.values()]) cut();
    upgrades.endAll();
    server.closeAllConnections();
    await closed;
  };
  let stopping: Promise<void> | undefined;
  return {
    port: portOf(server),
    stop: () => (stopping ??= stop()),
    [Symbol.asyncDispose]: () => (stopping ??= stop()),
  };
}

/**
 * Whether a request is meant as a WebSocket handshake: either it offers nothing else, or it offers several protocols
 * and its handshake is complete. With a method other than GET it is meant as a handshake only if it has a key and no
 * body; then the service has to refuse it (RFC 6455, 4.2).
 */
function mayBecomeWebSocket(request: IncomingMessage): boolean {
  const [first, ...others] = offeredProtocols(request);
  const { 'content-length': length = '0', 'transfer-encoding': coding } = request.headers;
  const isMeant = 'sec-websocket-key' in request.headers && Number(length) === 0 && coding === undefined;
  return (
    (first === 'websocket' && others.length === 0 && (request.method === 'GET' || isMeant)) ||
    isWebSocketHandshake(request)
  );
}
