import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import { freePort } from '../support/programs/free-port.ts';

/** A server that speaks none of the documented protocols. */
export interface Hostile {
  readonly does: string;
  /** Listens on loopback and returns its port. */
  readonly start: () => Promise<Running>;
}

export interface Running extends AsyncDisposable {
  readonly port: number;
}

/** The number of messages of a flood: at first, and again after each message received. */
const FLOOD = 400;

async function listening(server: Server): Promise<Running> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    socket.on('error', () => undefined);
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function raw(onConnection: (socket: Socket) => void): () => Promise<Running> {
  return () => listening(createServer(onConnection));
}

function webSocket(onConnection: (socket: WebSocket) => void): () => Promise<Running> {
  return () => {
    const server = createHttpServer((_request, response) => response.writeHead(404).end());
    new WebSocketServer({ server }).on('connection', (socket) => {
      socket.on('error', () => undefined);
      onConnection(socket);
    });
    return listening(server);
  };
}

function flood(socket: WebSocket): void {
  for (let i = 0; i < FLOOD && socket.readyState === WebSocket.OPEN; i++) socket.send(`{"n":${i}}`);
}

export const HOSTILE: readonly Hostile[] = [
  { does: 'accepts connections and sends nothing', start: raw((socket) => void socket.resume()) },
  { does: 'ends every connection at once', start: raw((socket) => void socket.end()) },
  { does: 'resets every connection', start: raw((socket) => void socket.resetAndDestroy()) },
  {
    does: 'answers with meaningless bytes',
    start: raw((socket) => {
      socket.resume();
      socket.write(Buffer.from([...Array(512).keys()].map((i) => (i * 89 + 7) % 256)));
    }),
  },
  {
    does: 'accepts the upgrade and sends nothing',
    start: webSocket(() => undefined),
  },
  {
    does: 'accepts the upgrade and closes',
    start: webSocket((socket) => socket.close(1000)),
  },
  {
    does: 'accepts the upgrade and sends meaningless bytes',
    start: () => {
      const server = createHttpServer((_request, response) => response.writeHead(404).end());
      const acceptor = new WebSocketServer({ noServer: true });
      server.on('upgrade', (request, socket, head) => {
        acceptor.handleUpgrade(request, socket, head, (front) => {
          front.on('error', () => undefined);
          socket.write(Buffer.alloc(4096, 0xff));
        });
      });
      return listening(server);
    },
  },
  {
    does: 'echoes everything',
    start: webSocket((socket) => {
      socket.on('message', (data: Buffer, isBinary) => socket.send(data, { binary: isBinary }));
    }),
  },
  {
    does: 'floods its clients',
    start: webSocket((socket) => {
      flood(socket);
      socket.on('message', () => flood(socket));
    }),
  },
  {
    does: 'does not exist',
    start: async () => ({ port: await freePort(), [Symbol.asyncDispose]: () => Promise.resolve() }),
  },
];
