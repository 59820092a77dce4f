import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { encodeContent } from '../../runtime/content-coding.ts';
import type { HttpAnswer } from '../dialects/dialect.ts';

/** Answers an upgrade request with plain HTTP and ends the connection. */
export function answerUpgrade(socket: Duplex, answer: HttpAnswer): void {
  const { status } = answer;
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Unknown'}`,
    ...Object.entries(answerHeaders(answer)).map(([name, value]) => `${name}: ${value}`),
  ];
  // A client that keeps its side open must not keep ours: end() alone would wait for it.
  socket.once('finish', () => socket.destroy());
  socket.end(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), answerBytes(answer)]));
}

/** The body before it is compressed: a text as it is, anything else as JSON. */
export function answerText({ body }: HttpAnswer): string {
  if (body === undefined) return '';
  return typeof body === 'string' ? body : JSON.stringify(body);
}

/** The body as it is sent: compressed as a Content-Encoding of the answer says, where that is known. */
function answerBytes(answer: HttpAnswer): Uint8Array {
  return encodedText(answerText(answer), answer.headers);
}

/** A text, compressed as a Content-Encoding says, where that is known; no body has no coding. */
export function encodedText(text: string, headers: HttpAnswer['headers'] = {}): Uint8Array {
  const bytes = Buffer.from(text);
  const [, coding] =
    Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-encoding') ?? [];
  return bytes.length === 0 ? bytes : (encodeContent(bytes, coding) ?? bytes);
}

/** All headers of an answer; its own replace ours. */
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
