import { randomUUID } from 'node:crypto';
import { MOST_PUSHES, PUSH, PUSH_EVERY_MS } from './pushes.ts';

/** The input of the fake: a scenario that pushes. */
export function pushScenario(): object {
  return {
    dialect: 'reson8',
    summary: 'A push every 100 ms',
    server: [
      { repeat: MOST_PUSHES, steps: [{ wait: `${PUSH_EVERY_MS}ms` }, { send: JSON.parse(PUSH) as object }] },
      'hang',
    ],
  };
}

/** The input of aimock: an answer that is sent one character at a time. */
export function aimockFixtures(): object {
  return {
    fixtures: [
      {
        match: { userMessage: 'push' },
        response: { content: 'x'.repeat(MOST_PUSHES) },
        latency: PUSH_EVERY_MS,
        chunkSize: 1,
      },
    ],
  };
}

/** The input of Mockoon: a route that answers each message, and one that streams. */
export function mockoonEnvironment(): object {
  const routes = [
    mockoonRoute('replies', 'hello', { streamingMode: null, streamingInterval: 0 }),
    mockoonRoute('pushes', PUSH, { streamingMode: 'UNICAST', streamingInterval: PUSH_EVERY_MS }),
  ];
  return {
    ...{ uuid: randomUUID(), lastMigration: 33, name: 'bench', endpointPrefix: '', latency: 0 },
    ...{ port: 3000, hostname: '127.0.0.1', folders: [], routes },
    rootChildren: routes.map(({ uuid }) => ({ type: 'route', uuid })),
    ...{ proxyMode: false, proxyHost: '', proxyRemovePrefix: false, cors: true, headers: [] },
    tlsOptions: {
      ...{ enabled: false, type: 'CERT', pfxPath: '', certPath: '', keyPath: '', caPath: '', passphrase: '' },
    },
    ...{ proxyReqHeaders: [], proxyResHeaders: [], data: [], callbacks: [] },
  };
}

function mockoonRoute(endpoint: string, body: string, streaming: object) {
  const response = {
    ...{ uuid: randomUUID(), body, latency: 0, statusCode: 200, label: '', headers: [], bodyType: 'INLINE' },
    ...{ filePath: '', databucketID: '', sendFileAsBody: false, rules: [], rulesOperator: 'OR' },
    ...{ disableTemplating: true, fallbackTo404: false, default: true, crudKey: 'id', callbacks: [] },
  };
  return {
    ...{ uuid: randomUUID(), type: 'ws', documentation: '', method: '', endpoint, responses: [response] },
    ...{ responseMode: null, ...streaming },
  };
}

/**
 * Mockttp is a library: the program that starts it. It has no option for the address to listen on, and would be
 * reachable from outside, so here a mere port stands for one of this machine.
 */
export const MOCKTTP_PROGRAM = `import { Server } from 'node:net';
import { getLocal } from 'mockttp';

const { listen } = Server.prototype;
Server.prototype.listen = function (port, ...rest) {
  return listen.call(this, port, '127.0.0.1', ...rest);
};
const server = getLocal();
await server.start(Number(process.argv[2]));
await server.forAnyWebSocket().thenEcho();
`;
