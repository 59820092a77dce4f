import { createRequire } from 'node:module';
import type * as Ws from 'ws';

// When a CommonJS package is imported, Node.js first reads each of its files to find the exported names. That takes
// longer than loading it, and every start has to wait for it.
/** All of `ws`, also what its types do not mention. */
export const ws = createRequire(import.meta.url)('ws') as typeof Ws;
export const { WebSocket, WebSocketServer } = ws;
/** A WebSocket of `ws`. */
export type WebSocket = Ws.WebSocket;
