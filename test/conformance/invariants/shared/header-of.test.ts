import { expect, it } from 'vitest';
import { headerOf } from '../../../../src/conformance/invariants/shared/header-of.ts';
import { events, outcomes, play, request, response } from '../../play.ts';

it.each([
  ['a head in lower case', { 'x-api-key': 'a' }, 'a'],
  ['a head in mixed case', { 'X-Api-Key': 'a' }, 'a'],
  ['a head in upper case', { 'X-API-KEY': 'a', other: 'b' }, 'a'],
  ['a head without it', { other: 'b' }, ''],
  ['no head', undefined, ''],
])('the x-api-key in %s is found, or is empty', (_what, headers, value) => {
  expect(headerOf(headers, 'x-api-key')).toBe(value);
});

it.each([
  ['Authorization', { Authorization: 'ApiKey redacted-1' }],
  ['AUTHORIZATION', { AUTHORIZATION: 'Bearer redacted-1' }],
  ['Sec-WebSocket-Protocol', { 'Sec-WebSocket-Protocol': 'bearer, redacted-1' }],
])('R8-AUTH-001 is held by %s: the names of headers may be written in any way', (_what, headers) => {
  const given = events([request('/v1/speech-to-text/realtime', headers), response(101)]);
  expect(outcomes('R8-AUTH-001', play(given))).toEqual(['held']);
});
