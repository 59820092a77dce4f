import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import type { Place, Told } from '../../scenario/told.ts';
import type { KeyVerdict } from '../dialects/keys.ts';

type Request = Pick<IncomingMessage, 'headers' | 'socket'>;

/**
 * What a request asks for, for scripts and answers that depend on it. Of parameters with the same name, the first
 * counts.
 */
export function askedBy(request: Request, query: URLSearchParams, verdict: KeyVerdict): Told {
  return {
    query: Object.fromEntries([...query].reverse()),
    place: placeOf(request),
    credential: verdict === 'unknown' ? 'invalid' : verdict,
  };
}

/** The address at which the client reached us: behind a port mapping, only the client knows it. */
export function placeOf({ headers: { host = '' }, socket }: Request): Place {
  const port = String(socket.localPort ?? 0);
  const isHost = /^[\w.:[\]-]{1,255}$/.test(host) && URL.canParse(`ws://${host}/`);
  return {
    scheme: socket instanceof TLSSocket ? 'wss' : 'ws',
    host: isHost ? host : `127.0.0.1:${port}`,
    port,
  };
}
