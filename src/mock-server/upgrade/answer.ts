import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { HttpAnswer } from '../dialects/dialect.ts';

/** Answers an upgrade request with plain HTTP and ends the connection. */
export function answerUpgrade(socket: Duplex, answer: HttpAnswer): void {
  const { status } = answer;
  const text = answerText(answer);
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Unknown'}`,
    ...Object.entries(answerHeaders(answer)).map(([name, value]) => `${name}: ${value}`),
  ];
  // A client that keeps its side open must not keep ours: end() alone would wait for it.
  socket.once('finish', () => socket.destroy());
  socket.end(`${lines.join('\r\n')}\r\n\r\n${text}`);
}

/** The body as it is sent: a text as it is, anything else as JSON. */
export function answerText({ body }: HttpAnswer): string {
  if (body === undefined) return '';
  return typeof body === 'string' ? body : JSON.stringify(body);
}

/** All headers of an answer; its own replace ours. */
export function answerHeaders(answer: HttpAnswer): Record<string, string> {
  const { headers = {}, body } = answer;
  const own = new Set(Object.keys(headers).map((name) => name.toLowerCase()));
  const type = typeof body === 'string' ? 'text/plain; charset=utf-8' : 'application/json';
  const ours = {
    Connection: 'close',
    ...(body === undefined ? {} : { 'Content-Type': type }),
    'Content-Length': String(Buffer.byteLength(answerText(answer))),
  };
  return {
    ...Object.fromEntries(Object.entries(ours).filter(([name]) => !own.has(name.toLowerCase()))),
    ...headers,
  };
}
