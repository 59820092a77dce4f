import { createServer as createHttpsServer } from 'node:https';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { generate } from 'selfsigned';
import { expect, it } from 'vitest';
import { parseAllowList } from '../../../src/audio/sources/allow.ts';
import { fetchStream } from '../../../src/audio/sources/fetch.ts';
import type { Portion } from '../../../src/audio/sources/request.ts';
import type { RequestContext } from '../../../src/audio/sources/request.ts';
import { readTarget } from '../../../src/audio/sources/target.ts';
import { all, context, failure, files, site, watchConnections } from './support.ts';

/** Fetches and reads a whole body. */
async function read(url: string, how: RequestContext = context(), portion: Partial<Portion> = {}) {
  const fetched = await fetchStream(readTarget(url), how, { limitBytes: 1_000_000, ...portion });
  try {
    return Buffer.concat(await all(fetched.body)).toString('utf8');
  } finally {
    fetched.close();
  }
}

it('sends one plain GET and returns the body', async () => {
  await using server = await files({ '/a.mp3': 'hello' });

  expect(await read(`${server.origin}/a.mp3`)).toBe('hello');
  expect(server.asked).toEqual(['/a.mp3']);
  expect(server.headers[0]).toEqual({
    host: `127.0.0.1:${server.port}`,
    'user-agent': 'asr-understudy',
    accept: '*/*',
    'accept-encoding': 'identity',
    connection: 'close',
  });
});

it('sends the signature of an Azure Blob URL unchanged', async () => {
  const query = "?sv=2024-05-04&se=2030-01-01T00%3A00%3A00Z&sr=b&sp=r&sig=a%2Bb%2F%3d%3D&rscd=it's;{x}";
  await using server = await files({ '/container/a.mp3': 'blob' });

  expect(await read(`${server.origin}/container/a.mp3${query}`)).toBe('blob');
  expect(server.asked).toEqual([`/container/a.mp3${query}`]);
});

it.each([301, 302, 303, 307, 308])(
  'follows the redirect %i, relative and absolute, with its query',
  async (status) => {
    await using server = await site((request, response) => {
      if (request.url === '/a') response.writeHead(status, { location: 'b?x=%2F' }).end();
      else if (request.url === '/b?x=%2F') {
        response.writeHead(status, { location: `http://${request.headers.host ?? ''}/dir/c?sig=%3D` }).end();
      } else response.end('there');
    });
    const fetched = await fetchStream(readTarget(`${server.origin}/a`), context(), { limitBytes: 100 });

    expect(await all(fetched.body)).toEqual([Buffer.from('there')]);
    expect(fetched.target.path).toBe('/dir/c');
    expect(server.asked).toEqual(['/a', '/b?x=%2F', '/dir/c?sig=%3D']);
  },
);

it('gives up after five redirects', async () => {
  await using server = await site((request, response) => {
    const left = Number((request.url ?? '').slice(1));
    if (left === 0) response.end('there');
    else response.writeHead(302, { location: `/${left - 1}` }).end();
  });
  expect(await read(`${server.origin}/5`)).toBe('there');

  const error = await failure(read(`${server.origin}/6`));
  expect(error.problem).toBe('invalid');
  expect(error.message).toContain('more than 5 redirects');
});

it('ends a redirect loop', async () => {
  await using server = await site((_request, response) => response.writeHead(302, { location: '/a' }).end());
  expect((await failure(read(`${server.origin}/a`))).message).toContain('more than 5 redirects');
  expect(server.asked).toHaveLength(6);
});

it.each([
  ['http://169.254.169.254/latest/meta-data/', '--allow-url 169.254.169.254'],
  ['http://[::ffff:169.254.169.254]/', '--allow-url 169.254.169.254'],
  ['http://0xa9fea9fe/', '--allow-url 169.254.169.254'],
  ['http://0.0.0.0/', '--allow-url 0.0.0.0'],
])('does not follow a redirect to the address %s', async (location, hint) => {
  await using server = await site((_request, response) => response.writeHead(302, { location }).end());
  using connections = watchConnections();
  const error = await failure(read(`${server.origin}/a`));

  expect(error.problem).toBe('invalid');
  expect(error.message).toMatch(/^Invalid stream: .*only fetched from loopback/);
  expect(error.message).toContain(hint);
  // Only the redirect itself was requested.
  expect(connections.tried).toEqual(['127.0.0.1']);
});

it.each(['file:///etc/passwd', 'ftp://127.0.0.1/a', 'gopher://127.0.0.1/'])(
  'does not follow a redirect to %s',
  async (location) => {
    await using server = await site((_request, response) => response.writeHead(302, { location }).end());
    const error = await failure(read(`${server.origin}/a`));

    expect(error.problem).toBe('invalid');
    expect(error.message).toContain('not an http or https URL');
  },
);

it('does not connect to a name whose address is not allowed', async () => {
  using connections = watchConnections();
  const asked: string[] = [];
  const resolve = (host: string) => {
    asked.push(host);
    return Promise.resolve(['10.0.0.5', '169.254.169.254']);
  };
  const plain = await failure(read('http://inside.example/a.mp3?sig=s3cret', context({ resolve })));

  expect(plain.problem).toBe('invalid');
  expect(plain.message).toContain('--allow-url inside.example');

  const allow = parseAllowList(['inside.example']);
  const named = await failure(read('http://inside.example/a.mp3', context({ resolve, allow })));
  expect(named.problem).toBe('invalid');
  expect(asked).toEqual(['inside.example', 'inside.example']);
  expect(connections.tried).toEqual([]);
});

it('connects to the address that it has checked, and looks it up once', async () => {
  await using server = await files({ '/a': 'hello' });
  let times = 0;
  // A second look-up would return an address that is not allowed.
  const resolve = () => Promise.resolve([times++ === 0 ? '127.0.0.1' : '10.0.0.5']);

  expect(await read(`http://any.example:${server.port}/a`, context({ resolve }))).toBe('hello');
  expect(times).toBe(1);
  expect(server.headers[0]?.['host']).toBe(`any.example:${server.port}`);
});

it('ignores the addresses that are not allowed if others are', async () => {
  await using server = await files({ '/a': 'hello' });
  const resolve = () => Promise.resolve(['10.0.0.5', '127.0.0.1']);
  using connections = watchConnections();

  expect(await read(`http://any.example:${server.port}/a`, context({ resolve }))).toBe('hello');
  expect(connections.tried).toEqual(['127.0.0.1']);
});

it('looks up localhost with the operating system', async () => {
  await using server = await files({ '/a': 'hello' });
  expect(await read(`http://localhost:${server.port}/a`)).toBe('hello');
});

it('says that a host is unknown', async () => {
  const resolve = () =>
    Promise.reject(Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' }));
  const error = await failure(read('http://nowhere.example/a', context({ resolve })));
  expect(error.problem).toBe('invalid');
  expect(error.message).toBe(
    'Invalid stream: http://nowhere.example/a cannot be fetched: its host is unknown',
  );

  const none = await failure(
    read('http://nowhere.example/a', context({ resolve: () => Promise.resolve([]) })),
  );
  expect(none.message).toContain('has no address');
});

it.each([
  [401, '', 'authentication', 'Authentication required'],
  [407, '', 'authentication', 'Authentication required'],
  [403, '', 'authentication', 'Authentication required'],
  [403, '?design=1', 'authentication', 'Authentication required'],
  [403, '?sv=1&sig=x', 'invalid', 'expired or is no longer valid'],
  [403, '?Expires=1&Signature=x', 'invalid', 'expired or is no longer valid'],
  [403, '?X-Amz-Date=1&X-Amz-Signature=x', 'invalid', 'expired or is no longer valid'],
  [401, '?sig=x', 'authentication', 'Authentication required'],
  [404, '', 'invalid', 'Invalid stream'],
  [410, '?sig=x', 'invalid', 'answers 410'],
  [500, '', 'invalid', 'answers 500'],
  [503, '', 'invalid', 'answers 503'],
  [302, '', 'invalid', 'answers 302'],
  [304, '', 'invalid', 'answers 304'],
] as const)('takes status %i to %s for the problem %s', async (status, query, problem, text) => {
  await using server = await site((_request, response) => response.writeHead(status).end());
  const error = await failure(read(`${server.origin}/a.mp3${query}`));

  expect(error.problem).toBe(problem);
  expect(error.message).toContain(text);
  expect(error.message).toContain(`${server.origin}/a.mp3`);
});

it('sends user name and password to their own origin only', async () => {
  await using other = await files({ '/a': 'there' });
  await using server = await site((request, response) => {
    if (request.url === '/first') response.writeHead(302, { location: '/second' }).end();
    else response.writeHead(302, { location: `${other.origin}/a` }).end();
  });
  expect(await read(`http://user:p%40ss@127.0.0.1:${server.port}/first`)).toBe('there');

  const basic = `Basic ${Buffer.from('user:p@ss').toString('base64')}`;
  expect(server.headers.map((headers) => headers['authorization'])).toEqual([basic, basic]);
  expect(other.headers[0]).not.toHaveProperty('authorization');
});

it('reports a connection that is refused, or cut before an answer', async () => {
  const taken = await files({});
  const { origin } = taken;
  await taken[Symbol.asyncDispose]();

  expect((await failure(read(`${origin}/a`))).message).toContain('the connection was refused');

  await using cutting = await site((request) => request.socket.resetAndDestroy());
  const cut = await failure(read(`${cutting.origin}/a`));
  expect(cut.problem).toBe('invalid');
  expect(cut.message).toContain('the connection was cut');
});

it.each([
  ['not HTTP', 'nonsense\r\n\r\n', 'answers is not HTTP'],
  ['another protocol', 'ICY nonsense\r\n\r\n', 'answers is not HTTP'],
  [
    'an upgrade',
    'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n',
    'without an answer',
  ],
])('reports an answer that is %s', async (_name, answer, text) => {
  const server = createTcpServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const { port } = server.address() as AddressInfo;
    const error = await failure(read(`http://127.0.0.1:${port}/a`));
    expect(error.problem).toBe('invalid');
    expect(error.message).toContain(text);
  } finally {
    server.close();
  }
});

it('uses https only with a server that it trusts', async () => {
  const made = await generate([{ name: 'commonName', value: 'localhost' }], { keySize: 2048 });
  const server = createHttpsServer({ key: made.private, cert: made.cert }, (request, response) => {
    response.end(`hello ${request.url ?? ''}`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await using redirecting = await site((_request, response) =>
    response.writeHead(302, { location: `https://localhost:${port}/a?sig=%3D` }).end(),
  );
  try {
    const resolve = () => Promise.resolve(['127.0.0.1']);
    expect(await read(`${redirecting.origin}/`, context({ ca: made.cert, resolve }))).toBe(
      'hello /a?sig=%3D',
    );
    const error = await failure(read(`https://localhost:${port}/a`, context({ resolve })));
    expect(error.problem).toBe('invalid');
    expect(error.message).toContain('the certificate of localhost is self-signed: SSL_CERT_FILE or');
    const plain = await failure(read(`https://127.0.0.1:${redirecting.port}/a`));
    expect(plain.problem).toBe('invalid');
  } finally {
    server.close();
    server.closeAllConnections();
  }
});

it.each([
  [
    'nginx',
    '<center>The plain HTTP request was sent to HTTPS port</center>',
    'expects TLS: is http:// meant to be',
  ],
  [
    'Go',
    'Client sent an HTTP request to an HTTPS server.\n',
    'expects TLS: is http:// meant to be https://?',
  ],
  ['anything else', 'Bad Request', 'answers 400'],
  ['a server that says no more', '', 'answers 400'],
])('names the scheme after a 400 of %s', async (_server, body, told) => {
  await using server = await site((_request, response) => void response.writeHead(400).end(body));

  expect(await failure(read(`${server.origin}/a.mp3`))).toMatchObject({
    problem: 'invalid',
    message: expect.stringContaining(told) as string,
  });
});
