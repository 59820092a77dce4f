import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Server as SecureServer } from 'node:https';
import { Socket as TcpSocket } from 'node:net';
import type { Duplex } from 'node:stream';
import { withoutUpgrade } from './request-head.ts';

/** Called for an upgrade when its turn has come; `head` is what the client has sent after it. */
export type UpgradeHandler = (request: IncomingMessage, duplex: Duplex, head: Buffer) => void;

/** Upgrades that wait for the answers to earlier requests. */
export interface Upgrades {
  /** Ends the waiting connections. */
  endAll(): void;
}

/** A client that sends more than this before its turn is not read any further until then. */
const MOST_EARLY_BYTES = 65_536;

/**
 * Passes wanted upgrades of a server to a handler, and returns all others to the server as the plain requests that they
 * also are: an offer that is not taken up is ignored (RFC 9110, 7.8). Node.js can only pass on all upgrades or none. It
 * also does not wait until earlier requests on the connection are answered. This function does, so that answers come in
 * the order of their requests and none comes in the middle of a WebSocket.
 */
export function takeUpgrades(
  server: Server,
  isWanted: (request: IncomingMessage) => boolean,
  onUpgrade: UpgradeHandler,
): Upgrades {
  const unanswered = new WeakMap<Duplex, Set<ServerResponse>>();
  const waiting = new Set<Duplex>();
  server.prependListener('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    const before = unanswered.get(socket) ?? new Set();
    unanswered.set(socket, before.add(response));
    response.once('close', () => before.delete(response));
  });
  server.on('upgrade', (request, duplex, head) => {
    const proceed = (early: Buffer) => {
      // In HTTP/1.0, an offer is no offer (RFC 9110, 7.8).
      if (request.httpVersion !== '1.0' && isWanted(request)) onUpgrade(request, duplex, early);
      else handBack(server, request, duplex, early);
    };
    const before = unanswered.get(duplex);
    if (before === undefined || before.size === 0) return proceed(head);
    waiting.add(duplex);
    awaitTurn(duplex, before, head, (early) => {
      waiting.delete(duplex);
      if (early !== undefined) proceed(early);
    });
  });
  return {
    endAll() {
      for (const duplex of waiting) duplex.destroy();
    },
  };
}

/**
 * Calls back when all earlier answers have been sent, with the bytes that came in the meantime; with undefined if the
 * connection has ended.
 */
function awaitTurn(
  duplex: Duplex,
  before: ReadonlySet<ServerResponse>,
  head: Buffer,
  then: (early: Buffer | undefined) => void,
): void {
  const early = [head];
  let byteCount = head.length;
  // Keeps reading, since the end of the connection would otherwise go unnoticed.
  const hear = (bytes: Buffer) => {
    early.push(bytes);
    byteCount += bytes.length;
    if (byteCount > MOST_EARLY_BYTES) duplex.pause();
  };
  const leave = () => duplex.destroy();
  // Node.js has detached the connection, and no longer notifies an answer when it may continue.
  const goOn = () => {
    const [answering] = before;
    if (answering?.writableNeedDrain === true) answering.emit('drain');
  };
  const settle = (what: Buffer | undefined) => {
    duplex.off('data', hear).off('end', leave).off('error', leave).off('drain', goOn).off('close', gone);
    then(what);
  };
  const gone = () => settle(undefined);
  const look = () => {
    if (before.size > 0 || duplex.destroyed || duplex.writableEnded) return;
    // The state in which Node.js passes on an upgrade: the first listener starts the flow, and nothing is lost until
    // then.
    Object.assign(duplex, { readableFlowing: null });
    settle(Buffer.concat(early));
  };
  duplex.on('data', hear).on('end', leave).on('error', leave).on('drain', goOn).on('close', gone);
  // `look` runs after the other listener for this event, which has removed the answer from the set by then.
  for (const response of before) response.once('close', look);
}

/** Lets the server parse a request again, without what made it an upgrade. */
function handBack(server: Server, request: IncomingMessage, duplex: Duplex, head: Buffer): void {
  // These listeners belong to the detached parser; together with those of the next parser they would accumulate with
  // each request.
  duplex.removeAllListeners('resume').removeAllListeners('pause');
  // Clears the time limit of the server for the next request, because this is that request.
  if (duplex instanceof TcpSocket) duplex.setTimeout(0);
  duplex.unshift(Buffer.concat([Buffer.from(withoutUpgrade(request), 'latin1'), head]));
  server.emit(server instanceof SecureServer ? 'secureConnection' : 'connection', duplex);
}
