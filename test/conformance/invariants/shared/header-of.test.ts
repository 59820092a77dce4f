import { expect, it } from 'vitest';
import { headerOf } from '../../../../src/conformance/invariants/shared/header-of.ts';
import { events, outcomes, play, request, response } from '../../play.ts';

it.each([
  [{ 'x-api-key': 'a' }, 'a'],
  [{ 'X-Api-Key': 'a' }, 'a'],
  [{ 'X-API-KEY': 'a', other: 'b' }, 'a'],
  [{ other: 'b' }, ''],
  [undefined, ''],
])('the x-api-key of %j is "%s"', (headers, value) => {
  expect(headerOf(headers, 'x-api-key')).toBe(value);
});

it.each([
  { Authorization: 'ApiKey redacted-1' },
  { AUTHORIZATION: 'Bearer redacted-1' },
  { 'Sec-WebSocket-Protocol': 'bearer, redacted-1' },
])('R8-AUTH-001 is held by %j: the names of headers may be written in any way', (headers) => {
  const given = events([request('/v1/speech-to-text/realtime', headers), response(101)]);
  expect(outcomes('R8-AUTH-001', play(given))).toEqual(['held']);
});
