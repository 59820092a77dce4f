import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { fileOrProbe } from '../../../src/conformance/player/probes.ts';
import { runConformance } from '../../../src/conformance/run-server.ts';
import { startMockServer } from '../../../src/mock-server/server.ts';

/*
 * An origin of the REST API that belongs to another site was reported in two or three sentences, and a site with a page for
 * every path was blamed for breaking three requirements on answers that it does not give.
 */

const PATHS = ['SX-REST-001', 'SX-REST-002'];
const PROBES = [
  'scriptix/ping',
  'scriptix-rest/key-invalid',
  'scriptix-rest/key-missing',
  'scriptix-rest/key-without-scope',
  'scriptix-rest/start-the-service',
];
const CALLS = 'GET /api/v4/realtime/status and POST /api/v4/realtime/initialize';

const answer =
  (status: number, headers: Record<string, string> = {}, body = ''): RequestListener =>
  (_request, response) =>
    void response.writeHead(status, headers).end(body);

it.concurrent.each<[string, RequestListener, readonly string[], string]>([
  ['that serves nothing there', answer(404), PATHS, `There is nothing at ${CALLS} (HTTP 404`],
  ['that does not allow the method', answer(405), PATHS, `There is nothing at ${CALLS} (HTTP 405`],
  ['whose path is gone', answer(410), PATHS, `There is nothing at ${CALLS} (HTTP 410`],
  [
    'with a page for every path',
    answer(200, { 'content-type': 'text/html; charset=utf-8' }, '\n<!doctype html><title>Hello</title>'),
    [],
    `${CALLS} are answered with a web page (HTTP 200 with a page in HTML`,
  ],
  [
    'that redirects',
    answer(302, { location: 'https://elsewhere.example/login' }),
    [],
    `${CALLS} send to another place (HTTP 302`,
  ],
  ['that requires an upgrade', answer(426), [], `${CALLS} accepted no one (HTTP 426`],
  [
    'that ends connections',
    (request) => void request.socket.destroy(),
    [],
    `${CALLS} cannot be reached (the end of the connection`,
  ],
])('--api-url of a server %s is reported in one sentence', async (_what, listener, paths, sentence) => {
  const { failed, causes, report } = await runAt(listener);
  expect(failed).toEqual(paths);
  expect(causes).toHaveLength(1);
  expect(causes[0]?.startsWith(sentence)).toBe(true);
  expect(causes[0]).toContain('--api-url');
  expect(report.outcome).toBe(paths.length === 0 ? 'incomplete' : 'violations');

  const result = report.requirements.find(({ id }) => id === 'SX-REST-004');
  expect(result).toMatchObject({ verdict: 'not-exercised', reason: causes[0] });
});

it.concurrent('JSON with the media type of a page counts as an answer of the service', async () => {
  const body = JSON.stringify({ status: 'ready', ready: true, message: 'x', endpoint: 'ws://127.0.0.1:1/' });
  const { causes, failed } = await runAt(answer(200, { 'content-type': 'text/html' }, body));

  expect(causes).toEqual([]);
  expect(failed).toContain('SX-REST-022');
});

async function runAt(listener: RequestListener) {
  await using fake = await startMockServer({ keys: ['gold-key-1:admin', 'plain-key:user'] });
  const site = createServer(listener);
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  try {
    const { report } = await runConformance({
      dialect: 'scriptix',
      url: fake.urls.url.replace('http', 'ws'),
      apiUrl: `http://127.0.0.1:${(site.address() as AddressInfo).port}`,
      credentials: { valid: 'gold-key-1', user: 'plain-key', invalid: 'nobody-has-it' },
      profile: 'quick',
      scenarios: await Promise.all(PROBES.map(fileOrProbe)),
    });
    const failed = report.requirements
      .filter(({ verdict }) => verdict === 'fail' || verdict === 'warn')
      .map(({ id }) => id);
    return { report, failed, causes: report.causes ?? [] };
  } finally {
    site.closeAllConnections();
    await new Promise((resolve) => site.close(resolve));
  }
}
