import { expect, it } from 'vitest';
import { filledIn } from '../../src/mock-server/rest-placeholders.ts';
import { startMockServer } from '../../src/mock-server/server.ts';

const PLACE = { scheme: 'wss', host: 'fake.test:8443', port: '8443' } as const;

it.each([
  ['{scheme}://{host}/v2/realtime', 'wss://fake.test:8443/v2/realtime'],
  [{ deep: [{ endpoint: 'ws://localhost:{port}/' }] }, { deep: [{ endpoint: 'ws://localhost:8443/' }] }],
  ['{"status":"ready"} {token} {}', '{"status":"ready"} {token} {}'],
  [
    { ready: true, count: 3, none: null },
    { ready: true, count: 3, none: null },
  ],
  [undefined, undefined],
])('%j becomes %j', (body, filled) => {
  expect(filledIn(body, PLACE)).toEqual(filled);
});

it('an endpoint of a scenario is there, under another name than the one that was asked', async () => {
  await using fake = await startMockServer({ scenario: 'scriptix-rest/endpoint-elsewhere' });
  const answer = await fetch(`${fake.urls.scriptix.api}/initialize`, {
    method: 'POST',
    headers: { 'x-zoom-s2t-key': 'any-token' },
  });
  const { endpoint } = (await answer.json()) as { endpoint: string };
  const port = new URL(fake.urls.url).port;
  expect(endpoint).toBe(`ws://localhost:${port}/v2/realtime`);
  // Whatever is at the address answers plain HTTP in its own words.
  expect((await fetch(endpoint.replace('ws:', 'http:'))).status).toBe(426);
});
