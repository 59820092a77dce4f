import { createRequire } from 'node:module';
import type * as Ws from 'ws';

// For an import of a CommonJS package, Node reads each of its files first for the names that it exports. That takes
// longer than to load it, and every start has to wait for it.
export const { WebSocket, WebSocketServer } = createRequire(import.meta.url)('ws') as typeof Ws;
export type WebSocket = Ws.WebSocket;
