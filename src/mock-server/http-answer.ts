import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { HttpAnswer } from './dialect.ts';

/** Answers an upgrade request with plain HTTP and ends the connection. */
export function answerUpgrade(socket: Duplex, answer: HttpAnswer): void {
  const { status } = answer;
  const text = JSON.stringify(answer.body);
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Unknown'}`,
    ...Object.entries(answerHeaders(answer, text)).map(([name, value]) => `${name}: ${value}`),
  ];
  // A client that keeps its side open must not keep ours: end() alone would wait for it.
  socket.once('finish', () => socket.destroy());
  socket.end(`${lines.join('\r\n')}\r\n\r\n${text}`);
}

/** All headers of an answer with this body. */
export function answerHeaders({ headers }: HttpAnswer, text: string): Record<string, string> {
  return {
    Connection: 'close',
    'Content-Type': 'application/json',
    'Content-Length': String(Buffer.byteLength(text)),
    ...headers,
  };
}
