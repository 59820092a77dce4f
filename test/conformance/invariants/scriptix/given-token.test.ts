import { expect, it } from 'vitest';
import { context, events, outcomes, play, request, response } from '../../play.ts';

const GIVEN = context({ token: 'redacted-1' });
const STREAM = context({ dialect: 'scriptix-stream' });

it.each([
  ['the given token in the query', [GIVEN, request('/v2/realtime?token=redacted-1')], ['held']],
  ['another token in the query', [GIVEN, request('/v2/realtime?token=redacted-2')], ['broken']],
  ['the given token in the path', [GIVEN, STREAM, request('/v2/client/redacted-1?url=x')], ['held']],
  ['another token in the path', [GIVEN, STREAM, request('/v2/client/redacted-2?url=x')], ['broken']],
  // Headers need no encoding.
  ['a token in a header', [GIVEN, request('/v2/realtime', { 'x-api-key': 'redacted-2' })], []],
  ['a token that cannot be compared with the given one', [request('/v2/realtime?token=redacted-2')], []],
])('SX-CONN-020 is judged for %s', (_what, facts, expected) => {
  expect(outcomes('SX-CONN-020', play(events([...facts, response(401)])))).toEqual(expected);
});
