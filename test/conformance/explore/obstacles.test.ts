import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { expect, it } from 'vitest';
import { runConformance } from '../../../src/conformance/run-server.ts';
import { startMutant } from '../../broken/harness/mutant.ts';
import { BROKEN_SERVERS } from '../../broken/servers/servers.ts';

/*
 * The search for counterexamples judged each session by itself: a session that was refused because the key had expired
 * was reported as the smallest one that breaks a requirement on connecting.
 */

const ANSWERS = {
  'refuses the key': 'HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n',
  'is down': 'HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n',
  'has nothing there': 'HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n',
  'ends connections': '',
} as const;

const broken = BROKEN_SERVERS.find(({ id }) => id === 'R8-FL-003');

const MOMENTS = Object.entries(ANSWERS).flatMap(([what, answer]) =>
  [20, 40].map((most) => [what, most, answer] as const),
);

it.concurrent.each(MOMENTS)(
  'a server that %s after %i connections gives no counterexample for that',
  async (_what, most, answer) => {
    const { report, counterexamples } = await runBehind({}, most, answer);

    expect(counterexamples.map(({ id }) => id)).toEqual([]);
    expect(report.requirements.filter(({ verdict }) => verdict === 'fail').map(({ id }) => id)).toEqual([]);
  },
);

it.concurrent('a fault that was seen before the key expired keeps its own counterexample', async () => {
  if (broken === undefined) throw new Error('no such broken server');
  const { counterexamples } = await runBehind(broken.mutation, 45, ANSWERS['refuses the key']);

  expect(counterexamples.map(({ id }) => id)).toContain('R8-FL-003');

  for (const { played } of counterexamples) {
    expect(played.events.filter((event) => event.kind === 'response' && event.status !== 101)).toEqual([]);
  }
});

async function runBehind(mutation: NonNullable<typeof broken>['mutation'], most: number, answer: string) {
  await using mutant = await startMutant(mutation, 1);
  await using gateway = await startGateway(Number(new URL(mutant.url).port), most, answer);
  return await runConformance({
    dialect: 'reson8',
    url: `ws://127.0.0.1:${gateway.port}`,
    credentials: { valid: 'right-key' },
    only: ['R8-CONN-001', 'R8-AUTH-002', 'R8-FL-003'],
    runs: 30,
    shrinkMs: 10_000,
  });
}

/** Passes this many connections on, and answers all later ones in the same way. */
async function startGateway(upstream: number, most: number, answer: string) {
  let count = 0;
  const sockets = new Set<Socket>();
  const server = createServer((front) => {
    sockets.add(front);
    count += 1;
    front.on('error', () => undefined);
    if (count > most) {
      front.once('data', () => front.end(answer));
      return;
    }
    const back = connect(upstream, '127.0.0.1');
    sockets.add(back);
    back.on('error', () => front.destroy());
    front.on('close', () => back.destroy());
    back.on('close', () => front.destroy());
    front.pipe(back).pipe(front);
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
