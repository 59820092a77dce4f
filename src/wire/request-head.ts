import type { IncomingMessage } from 'node:http';

/** The protocols that a request offers to upgrade to, in lower case. */
export function offeredProtocols({ headers }: IncomingMessage): readonly string[] {
  return listOf(headers.upgrade ?? '');
}

/** Whether a request is the first half of a WebSocket handshake, whatever else it offers. */
export function isWebSocketHandshake(request: IncomingMessage): boolean {
  return (
    request.method === 'GET' &&
    'sec-websocket-key' in request.headers &&
    offeredProtocols(request).includes('websocket')
  );
}

/**
 * The head of a request as it came, in Latin-1, except for the word in `Connection` that offers an upgrade: the offer
 * can still be read, but is no longer acted on.
 */
export function withoutUpgrade({
  method = 'GET',
  url = '/',
  httpVersion,
  rawHeaders,
}: IncomingMessage): string {
  const lines: string[] = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const [name = '', value = ''] = rawHeaders.slice(at, at + 2);
    const kept =
      name.toLowerCase() === 'connection'
        ? value.split(',').filter((option) => option.trim().toLowerCase() !== 'upgrade')
        : [value];
    if (kept.length > 0) lines.push(`${name}: ${kept.join(',').trim()}\r\n`);
  }
  return `${method} ${url} HTTP/${httpVersion}\r\n${lines.join('')}\r\n`;
}

function listOf(text: string): readonly string[] {
  return text
    .split(',')
    .map((each) => each.trim().toLowerCase())
    .filter((each) => each !== '');
}
