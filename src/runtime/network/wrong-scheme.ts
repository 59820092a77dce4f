import type { Server } from 'node:http';
import { codeOf } from '../errors.ts';

/** What a client began with that the port does not speak. */
export type WrongScheme = 'tls' | 'http';

/** What to say of such a client. */
export const WRONG_SCHEME: Readonly<Record<WrongScheme, string>> = {
  tls: 'a client began with TLS: is wss:// meant to be ws://?',
  http: 'a client began without TLS: is ws:// meant to be wss://?',
};

/**
 * Reports clients that begin with TLS where the server speaks plain HTTP, and the reverse. How they are answered is left
 * to Node.js: a listener for `clientError` would have to answer in its place, for all mistakes.
 */
export function noteWrongScheme(server: Server, tell: (what: WrongScheme) => void): void {
  const emit = server.emit.bind(server) as (...all: readonly unknown[]) => boolean;
  server.emit = (...all: readonly unknown[]) => {
    const [event, error] = all;
    if (event === 'clientError') {
      if (isTls(packetOf(error))) tell('tls');
      else if (codeOf(error) === 'ERR_SSL_HTTP_REQUEST') tell('http');
    }
    return emit(...all);
  };
}

/** Whether bytes begin with a TLS record: an alert or a handshake. */
export function isTls(bytes: Uint8Array | undefined): boolean {
  return (bytes?.[0] === 0x15 || bytes?.[0] === 0x16) && bytes[1] === 0x03;
}

/** What the parser of Node.js could not read. */
export function packetOf(error: unknown): Uint8Array | undefined {
  if (!(error instanceof Error) || !('rawPacket' in error)) return undefined;
  return error.rawPacket instanceof Uint8Array ? error.rawPacket : undefined;
}
