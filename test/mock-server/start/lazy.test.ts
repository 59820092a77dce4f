import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { lazily } from '../../../src/mock-server/start/lazy.ts';

it('a handler that cannot be loaded answers each request with the reason', async () => {
  let loads = 0;
  const handler = lazily(() => {
    loads += 1;
    return Promise.reject(new Error("Cannot find package 'express'"));
  });
  const server = createServer(handler).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  const ask = async () => {
    const response = await fetch(`http://127.0.0.1:${port}/`);
    return { status: response.status, body: await response.json() };
  };
  const answers = [await ask(), await ask()];
  server.close();
  server.closeAllConnections();

  const reason = { error: "Internal error: Cannot find package 'express'" };
  expect(answers).toEqual([
    { status: 500, body: reason },
    { status: 500, body: reason },
  ]);
  expect(loads).toBe(1);
});
