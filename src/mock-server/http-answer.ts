import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { HttpAnswer } from './dialect.ts';

/** Answers an upgrade request with plain HTTP and ends the connection. A text is sent as it is, anything else as JSON. */
export function answerUpgrade(socket: Duplex, { status, headers, body }: HttpAnswer): void {
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
  const type = typeof body === 'string' ? 'text/plain; charset=utf-8' : 'application/json';
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Unknown'}`,
    'Connection: close',
    ...(body === undefined || hasHeader(headers, 'content-type') ? [] : [`Content-Type: ${type}`]),
    ...(hasHeader(headers, 'content-length') ? [] : [`Content-Length: ${Buffer.byteLength(text)}`]),
    ...Object.entries(headers ?? {}).map(([name, value]) => `${name}: ${value}`),
  ];
  // A client that keeps its side open must not keep ours: end() alone would wait for it.
  socket.once('finish', () => socket.destroy());
  socket.end(`${lines.join('\r\n')}\r\n\r\n${text}`);
}

function hasHeader(headers: HttpAnswer['headers'], name: string): boolean {
  return Object.keys(headers ?? {}).some((key) => key.toLowerCase() === name);
}
