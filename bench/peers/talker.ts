import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import { ASKS_FOR_PUSHES, PUSH, PUSH_EVERY_MS } from './pushes.ts';

/**
 * The yardstick for the peers: a server with only `ws` that sends back what it gets, or pushes.
 *
 * @returns its port, and a function that stops it
 */
export async function serveTalker(port: number): Promise<{ readonly port: number; stop(): void }> {
  const server = new WebSocketServer({ host: '127.0.0.1', port, perMessageDeflate: false });
  server.on('connection', (socket: WebSocket) => {
    socket.on('message', (data: Buffer) => {
      const text = data.toString();
      if (text === ASKS_FOR_PUSHES) push(socket);
      else socket.send(text);
    });
  });
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    stop() {
      for (const socket of server.clients) socket.terminate();
      server.close();
    },
  };
}

/** Each push is due at a multiple of the interval, however late the previous one was. */
function push(socket: WebSocket): void {
  const beganMs = performance.now();
  let pushes = 0;
  let timer: NodeJS.Timeout;
  const wait = () => {
    pushes += 1;
    timer = setTimeout(next, beganMs + pushes * PUSH_EVERY_MS - performance.now());
  };
  const next = () => {
    socket.send(PUSH);
    wait();
  };
  wait();
  socket.on('close', () => clearTimeout(timer));
}
