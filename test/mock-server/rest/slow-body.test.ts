import { once } from 'node:events';
import { createServer, request as call, type IncomingMessage, type ServerResponse } from 'node:http';
import { expect, it } from 'vitest';
import { limitBody } from '../../../src/mock-server/rest/slow-body.ts';
import { manualClock } from '../../../src/runtime/clock.ts';
import { portOf } from '../../../src/wire/tcp.ts';

// A call that was answered and cut off before its body was read used to leave a timer of 15 s, which kept a program from
// ending.
it('a body is no longer waited for when its connection has ended', async () => {
  const clock = manualClock();
  await using server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const asking = call({ port: portOf(server), host: '127.0.0.1', method: 'POST' });
  asking.on('error', () => undefined);
  asking.end(Buffer.alloc(200_000));
  const [request, response] = (await once(server, 'request')) as [IncomingMessage, ServerResponse];
  const closed = once(request.socket, 'close');

  limitBody(request, response, clock, 15_000);
  expect(clock.pending).toBe(1);

  response.writeHead(200, { 'content-length': '2' }).end('{', () => request.socket.destroySoon());
  await closed;
  await new Promise(setImmediate);
  expect(clock.pending).toBe(0);
});
