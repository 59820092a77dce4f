import { expect, it } from 'vitest';
import { preflight } from '../../../src/conformance/player/preflight.ts';
import { startMockServer } from '../../../src/mock-server/server.ts';
import { manualClock, realClock } from '../../../src/runtime/clock.ts';
import { startTcp } from '../../support/servers/tcp.ts';
import { startHandMade, type HandMade } from '../../support/servers/scripted-server.ts';
import { targetAt } from './target.ts';
import { freePort } from '../../support/programs/free-port.ts';

/** No server here takes this long for anything, however busy the machine is. */
const ESTABLISH_MS = 60_000;

const look = (url: string, isLive = false) =>
  preflight('scriptix', targetAt(url, { establishMs: ESTABLISH_MS }), isLive);

async function lookAt(...does: readonly HandMade[]) {
  await using server = await startHandMade(does, realClock());
  return await look(`ws://127.0.0.1:${server.port}`);
}

it('the preflight finds no obstacle to a run against the fake', async () => {
  await using fake = await startMockServer();
  const seen = await look(fake.urls.url.replace('http', 'ws'));

  expect(seen).toMatchObject({ obstacle: undefined, form: undefined, notes: [] });
  expect(seen.plays).toHaveLength(1);
});

it.each<[string, HandMade, RegExp]>([
  ['hangs up', { answer: '', then: 'fin', afterMs: 50 }, /ended the connection instead of answering/],
  ['resets', { answer: '', then: 'reset', afterMs: 50 }, /ended the connection instead of answering/],
  [
    'expects TLS',
    {
      answer:
        'HTTP/1.1 400 Bad Request\r\nContent-Length: 47\r\n\r\nClient sent an HTTP request to an HTTPS server.',
      then: 'fin',
    },
    /expects TLS: is ws:\/\/ meant to be wss:\/\/\?/,
  ],
  ['speaks something else', { answer: 'SSH-2.0-OpenSSH\r\n', then: 'fin' }, /is not HTTP/],
])('the preflight reports a server that %s', async (_what, does, message) => {
  expect((await lookAt(does)).obstacle).toMatch(message);
});

it('the preflight reports when nothing listens, a name is unknown, or the server does not speak TLS', async () => {
  const port = await freePort();
  const refused = await look(`ws://127.0.0.1:${port}`);
  expect(refused.obstacle).toMatch(/nothing listens on 127\.0\.0\.1/);
  expect(refused.isOver).toBe(true);
  expect((await look('ws://nowhere.invalid')).obstacle).toMatch(/the name nowhere\.invalid is not known/);

  await using fake = await startMockServer();
  const { obstacle } = await look(fake.urls.url.replace('http', 'wss'));
  expect(obstacle).toMatch(/does not speak TLS/);
  // The place in the source of OpenSSL is of no use.
  expect(obstacle).not.toMatch(/\.c:|routines|\n/);
});

// A server that never spoke TLS was reported not to answer the upgrade, which it had never received.
it.each([
  ['ws', 'answer'],
  ['wss', 'finish the TLS handshake'],
])('the preflight reports when a server at %s does not %s', async (scheme, what) => {
  const clock = manualClock();
  await using server = await startTcp((socket) => {
    socket.once('data', () => void clock.advance(300));
  });
  const target = targetAt(`${scheme}://${server.host}`, { clock, establishMs: 300 });
  const { obstacle, pending } = await preflight('scriptix', target, false);

  expect(obstacle).toContain(`took the connection and did not ${what} within 0.3 s`);
  expect(pending).toBeUndefined();
});

it('the preflight reports when a server ends its side of the TLS handshake', async () => {
  await using server = await startTcp((socket) => void socket.once('data', () => socket.end()));
  const target = targetAt(`wss://${server.host}`, { clock: manualClock() });
  const { obstacle } = await preflight('scriptix', target, false);

  expect(obstacle).toContain('ended the connection during the TLS handshake');
});

it.each([
  ['wss', 'finished the TLS handshake'],
  ['ws', 'answered the upgrade'],
])('the report says what was missing when a run ends during the preflight of %s', async (scheme, what) => {
  const stop = new AbortController();
  await using server = await startTcp((socket) => void socket.once('data', () => stop.abort()));
  const target = targetAt(`${scheme}://${server.host}`, { signal: stop.signal, clock: manualClock() });
  const { obstacle, pending, isOver } = await preflight('scriptix', target, false);

  expect(pending).toBe(`${server.host} had taken the connection and not ${what}`);
  expect({ obstacle, isOver }).toEqual({ obstacle: undefined, isOver: true });
});

it('the preflight reports when the certificate is not trusted', async () => {
  await using fake = await startMockServer({ tls: true });
  const { obstacle } = await look(fake.urls.url.replace('https', 'wss'));
  expect(obstacle).toMatch(
    /^No connection: the certificate of 127\.0\.0\.1 is self-signed: SSL_CERT_FILE or NODE_EXTRA_CA_CERTS .* \(self-signed certificate, DEPTH_ZERO_SELF_SIGNED_CERT\)$/,
  );
});

it('the preflight continues with another form of the credential when the usual one is refused', async () => {
  const refused = 'HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n';
  await using server = await startHandMade([{ answer: refused, then: 'fin', afterMs: 50 }, {}], realClock());
  const seen = await look(`ws://127.0.0.1:${server.port}`);

  expect(seen).toMatchObject({ obstacle: undefined, form: 'x-zoom-s2t-key' });
  expect(seen.notes).toEqual([
    'The credential is accepted as x-zoom-s2t-key only; the probes use this form.',
  ]);
  expect(seen.plays).toHaveLength(2);
});

it('the preflight does not try again after the refusal of a live service, which may block the token', async () => {
  const refused = 'HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n';
  await using server = await startHandMade([{ answer: refused, then: 'fin', afterMs: 50 }, {}], realClock());
  const seen = await look(`ws://127.0.0.1:${server.port}`, true);

  expect(seen).toMatchObject({ isOver: true, obstacle: undefined });
  expect(seen.plays).toHaveLength(1);
});

it('the preflight reveals the credential nowhere', async () => {
  await using fake = await startMockServer({ keys: ['another-key'] });
  const seen = await look(fake.urls.url.replace('http', 'ws'));
  expect(JSON.stringify(seen)).not.toContain('right-key');
});

it('the preflight tries again when a service says how long to wait, and reports it', async () => {
  const busy = 'HTTP/1.1 503 x\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n';
  await using server = await startHandMade([{ answer: busy, then: 'fin', afterMs: 50 }, {}], realClock());
  const seen = await look(`ws://127.0.0.1:${server.port}`, true);

  expect(seen).toMatchObject({
    obstacle: undefined,
    notes: ['Tried again after 1 s: 503 with Retry-After: 1.'],
  });
  expect(seen.plays.map(({ name }) => name)).toEqual(['preflight', 'preflight-again-1']);
});

it('the preflight does not wait for a service that names no time, or too long a time', async () => {
  const busy = (after: string) => `HTTP/1.1 503 x\r\n${after}Content-Length: 0\r\n\r\n`;
  for (const after of ['', 'Retry-After: 3600\r\n', 'Retry-After: Fri, 31 Dec 1999 23:59:59 GMT\r\n']) {
    const seen = await lookAt({ answer: busy(after), then: 'fin', afterMs: 50 });
    expect(seen.plays).toHaveLength(1);
  }
});
