import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { PACKAGE } from '../support/programs/cli.ts';
import { Program, serve } from '../support/programs/program.ts';

/** The result of the health check in an environment. */
async function checked(variables: Readonly<Record<string, string>>) {
  const env = { ...process.env, ...variables };
  await using program = new Program(process.execPath, [join(PACKAGE, 'dist/cli/health.js')], env);
  const { code } = await program.exit;
  return { code, stderr: program.stderr };
}

async function answering(listener: RequestListener): Promise<{ port: string } & AsyncDisposable> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: String((server.address() as AddressInfo).port),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

it.each([
  ['on loopback', [], {}],
  ['on every address, without a control API', ['--host', '0.0.0.0'], { UNDERSTUDY_HOST: '0.0.0.0' }],
  ['with a control token', ['--control-token', 'a-control-token'], {}],
  ['with a certificate of its own', ['--tls'], { UNDERSTUDY_TLS: 'true' }],
])('a fake is healthy %s', async (_where, flags, variables) => {
  await using fake = await serve(...flags);

  const result = await checked({ ...variables, UNDERSTUDY_PORT: new URL(fake.urls.url).port });

  expect(result).toEqual({ code: 0, stderr: '' });
});

it('a server that answers with 404 is not healthy', async () => {
  await using other = await answering((_request, response) => response.writeHead(404).end());

  expect(await checked({ UNDERSTUDY_PORT: other.port })).toEqual({ code: 1, stderr: '' });
});

it('a server that never answers is not healthy, and the reason is given', async () => {
  await using other = await answering(() => undefined);

  const { code, stderr } = await checked({ UNDERSTUDY_PORT: other.port });

  expect(code).toBe(1);
  expect(stderr).toMatch(
    /^127\.0\.0\.1:\d+ took the connection and did not answer within 2 s \(no answer within 2000 ms\)\n$/,
  );
});

it('a port on which nothing listens is not healthy, and the reason is given', async () => {
  const { code, stderr } = await checked({ UNDERSTUDY_PORT: '1' });

  expect(code).toBe(1);
  expect(stderr).toContain('ECONNREFUSED');
});

it('the check fails for an invalid variable, and names it', async () => {
  const { code, stderr } = await checked({ UNDERSTUDY_PORT: 'x' });

  expect(code).toBe(1);
  expect(stderr).toContain('UNDERSTUDY_PORT: expected a number, got "x"');
});
