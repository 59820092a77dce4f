import { expect, it } from 'vitest';
import { withStrays } from '../../../../src/conformance/client/reports/strays.ts';
import { conversationsOf } from '../../../../src/conformance/conversation/conversation.ts';
import { context, events, request, response } from '../../play.ts';

const UPGRADE = { Upgrade: 'websocket' };
const dialects = (
  run: Parameters<typeof withStrays>[1],
  target: string,
  headers: Record<string, string> = UPGRADE,
) => {
  const given = events([context({ scenario: 'x' }), request(target, headers), response(404)]);
  return conversationsOf(withStrays(given, run)).map(({ dialect }) => dialect);
};

it.each([
  ['reson8', '/v1/speech-to-text/live?x=1', 'reson8'],
  ['scriptix', '/v2/live', 'scriptix'],
  ['scriptix-rest', '/v2/live', 'scriptix'],
  // A path of another service shows what the connection is for.
  ['reson8', '/v2/realtime', 'scriptix'],
] as const)('in a run for %s a connection to %s counts as one of %s', (run, target, dialect) => {
  expect(dialects(run, target)).toEqual([dialect]);
});

it('a call is not assigned to a service', () => {
  expect(dialects('scriptix', '/health', {})).toEqual([undefined]);
});
