import { expect, it } from 'vitest';
import { filledIn, filledText, withoutPlaceholders } from '../../../src/scenario/placeholders.ts';
import { startMockServer } from '../../../src/mock-server/server.ts';
import type { Told } from '../../../src/scenario/told.ts';

const TOLD: Told = {
  place: { scheme: 'wss', host: 'fake.test:8443', port: '8443' },
  query: { language: 'nl' },
  message: { id: 'a"1', deep: { count: 3, none: null } },
  id: 'a"1',
};

it.each([
  [
    'a text with placeholders has their values',
    '{scheme}://{host}/v2/realtime',
    'wss://fake.test:8443/v2/realtime',
  ],
  [
    'placeholders deep in an object have their values',
    { deep: [{ endpoint: 'ws://localhost:{port}/' }] },
    { deep: [{ endpoint: 'ws://localhost:8443/' }] },
  ],
  ['braces around anything else stay', '{"status":"ready"} {}', '{"status":"ready"} {}'],
  [
    'each text of an object has its values',
    { id: '{id}', in: 'in {query.language}' },
    { id: 'a"1', in: 'in nl' },
  ],
  // A text that is one placeholder becomes the value itself.
  ['a placeholder alone becomes its number', '{message.deep.count}', 3],
  ['a placeholder alone becomes its object', '{message.deep}', { count: 3, none: null }],
  ['a missing query parameter becomes null', '{query.type}', null],
  ['a missing field of the start becomes null', '{start.partial}', null],
  ['a missing value within a text becomes empty', 'type {query.type}', 'type '],
  ['an inherited property is missing', '{query.constructor}', null],
  ['doubled braces become single ones', '{{id}} and {{query.language}}', '{id} and {query.language}'],
  [
    'an object without placeholders stays',
    { ready: true, count: 3, none: null },
    { ready: true, count: 3, none: null },
  ],
  ['nothing stays nothing', undefined, undefined],
])('%s', (_what, body, filled) => {
  expect(filledIn(body, TOLD)).toEqual(filled);
});

it.each(['{id}', '{{id}}', '{{{id}}}', 'a {host}{port} {}', '{"a":{"b":1}}'])(
  'a text from a recording is sent unchanged: %s',
  (text) => {
    expect(filledText(withoutPlaceholders(text), TOLD)).toBe(text);
  },
);

it('an endpoint in a scenario can be reached, under another host name than the request', async () => {
  await using fake = await startMockServer({ scenario: 'scriptix-rest/endpoint-elsewhere' });
  const answer = await fetch(`${fake.urls.scriptix.api}/initialize`, {
    method: 'POST',
    headers: { 'x-zoom-s2t-key': 'any-token' },
  });
  const { endpoint } = (await answer.json()) as { endpoint: string };
  const port = new URL(fake.urls.url).port;

  expect(endpoint).toBe(`ws://localhost:${port}/v2/realtime`);
  // A socket answers plain HTTP with 426.
  expect((await fetch(endpoint.replace('ws:', 'http:'))).status).toBe(426);
});
