import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { LoadPlan } from './plan.ts';

type ConnectionsPlan = Extract<LoadPlan, { kind: 'connections' }>;

/** Opening more at once overflows the listen backlog. */
const OPENING_AT_ONCE = 50;
const OPEN_TIMEOUT_MS = 60_000;

/**
 * Opens connections to any server.
 *
 * @param heard is called with each message, from the beginning of its connection
 * @param lost is called when a connection breaks, which makes the measurement invalid
 */
export async function openConnections(
  { url, headers, connections }: Pick<ConnectionsPlan, 'url' | 'headers' | 'connections'>,
  heard: (message: string, connection: number) => void,
  lost: (error: Error) => void,
): Promise<readonly WebSocket[]> {
  const sockets: WebSocket[] = [];
  while (sockets.length < connections) {
    const wanted = Math.min(OPENING_AT_ONCE, connections - sockets.length);
    const opening = Array.from({ length: wanted }, async (_, i) => {
      const number = sockets.length + i;
      const socket = new WebSocket(url, {
        ...{ headers, perMessageDeflate: false, handshakeTimeout: OPEN_TIMEOUT_MS },
      });
      socket.on('message', (data: Buffer) => heard(data.toString(), number));
      await once(socket, 'open');
      socket.on('error', lost);
      socket.on('close', (code) => lost(new Error(`the server closed connection ${number} with ${code}`)));
      return socket;
    });
    sockets.push(...(await Promise.all(opening)));
  }
  return sockets;
}

/** Ends all of them without waiting for data that is still on its way. */
export function dropConnections(sockets: readonly WebSocket[]): void {
  for (const socket of sockets) {
    socket.removeAllListeners();
    socket.on('error', () => undefined);
    socket.terminate();
  }
}

/** Opens connections and leaves them idle until the server has been measured. */
export async function runSilent(
  plan: ConnectionsPlan,
  ready: (phase: 'opened') => Promise<void>,
  lost: (error: Error) => void,
): Promise<{ kind: 'closed' }> {
  const sockets = await openConnections(plan, () => undefined, lost);
  await ready('opened');
  dropConnections(sockets);
  return { kind: 'closed' };
}
