import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../runtime/clock.ts';

/** Whether a request announces a body. */
function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/**
 * Cuts off a client that has not sent the body of a request within `limitMs` of real time, after a 408 if nothing was
 * answered yet.
 */
export function limitBody(
  request: IncomingMessage,
  response: ServerResponse,
  wall: Clock,
  limitMs: number,
): void {
  if (request.complete || !hasBody(request)) return;
  const cancel = wall.at(wall.now() + limitMs, () => {
    if (request.complete) return;
    if (response.headersSent) return void request.destroy();
    response.writeHead(408, { connection: 'close' }).end(() => request.destroy());
  });
  const { socket } = request;
  const end = () => {
    cancel();
    request.off('close', end);
    socket.off('close', end);
  };
  request.once('close', end);
  // A request whose body was not read emits no `close`, whatever happens to its connection.
  socket.once('close', end);
}
