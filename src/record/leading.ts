import { isUtf8 } from 'node:buffer';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { decodeContent } from '../runtime/content-coding.ts';
import { addressIn, withValue } from '../wire/lead.ts';
import { LONGEST_BODY } from './exchange.ts';
import { BETWEEN_NEIGHBOURS, without } from './http-head.ts';
import type { Upstream } from './upstream.ts';

/** Answers to plain requests that say where to connect. */
export interface Leads {
  readonly paths: readonly string[];
  /** The field of their JSON that has the address. */
  readonly field: string;
}

/** The same, with the service that recorded connections go to. */
export interface Leading extends Leads {
  readonly upstream: Upstream;
}

/** Whether the answer to a request says where to connect. */
export function isAsked({ paths }: Leads, target: string): boolean {
  return paths.includes(target.split('?', 1)[0] ?? '');
}

/** An answer that is held until it is complete. */
export interface Held {
  /** Another service that the complete answer leads to, bypassing the recorder. */
  readonly past: string | undefined;
}

/**
 * Passes on an answer that says where to connect. An address of the service becomes the address at which the client has
 * reached the recorder; otherwise the connections that follow would bypass it. Everything else is unchanged.
 */
export function passOnLeading(
  leading: Leading,
  host: string | undefined,
  answer: IncomingMessage,
  response: ServerResponse,
): Held {
  const { statusCode: status = 502, statusMessage = '', rawHeaders } = answer;
  const kept = without(rawHeaders, BETWEEN_NEIGHBOURS);
  const pieces: Buffer[] = [];
  let length = 0;
  const state: { past: string | undefined } = { past: undefined };
  const letGo = () => {
    answer.off('data', hold).off('end', end).off('close', letGo);
    response.writeHead(status, statusMessage, kept);
    for (const piece of pieces) response.write(piece);
  };
  const hold = (piece: Buffer) => {
    pieces.push(piece);
    length += piece.length;
    if (length <= LONGEST_BODY) return;
    letGo();
    answer.pipe(response);
  };
  const end = () => {
    const { text, past } = readdress(textOf(answer, Buffer.concat(pieces)), leading, host);
    state.past = past;
    if (text === undefined) {
      letGo();
      return void response.end();
    }
    answer.off('close', letGo);
    const body = Buffer.from(text);
    const headers = without(kept, ['content-encoding', 'transfer-encoding', 'content-length']);
    response.writeHead(status, statusMessage, [...headers, 'Content-Length', String(body.length)]);
    response.end(body);
  };
  // Also if the answer breaks off: then the client gets the part that arrived.
  answer.on('data', hold).on('end', end).on('close', letGo);
  return state;
}

function textOf({ headers }: IncomingMessage, bytes: Uint8Array): string | undefined {
  const decoded = decodeContent(bytes, headers['content-encoding'], LONGEST_BODY);
  return decoded.kind === 'decoded' && isUtf8(decoded.bytes)
    ? Buffer.from(decoded.bytes).toString()
    : undefined;
}

interface Readdressed {
  /** The answer with the address of the recorder; undefined if nothing has to be changed. */
  readonly text: string | undefined;
  readonly past: string | undefined;
}

function readdress(
  text: string | undefined,
  { field, upstream }: Leading,
  host: string | undefined,
): Readdressed {
  const url = text === undefined ? undefined : addressIn(text, field);
  if (text === undefined || host === undefined || url === undefined) return UNCHANGED;
  if (url.host !== upstream.host || (url.protocol === 'wss:') !== upstream.isSecure)
    return { text: undefined, past: `${url.protocol}//${url.host}` };
  const own = `ws://${host}${url.pathname}${url.search}${url.hash}`;
  return { text: withValue(text, field, own), past: undefined };
}

const UNCHANGED: Readdressed = { text: undefined, past: undefined };
