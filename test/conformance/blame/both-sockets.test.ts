import { describe, expect, it } from 'vitest';
import type { Play } from '../../../src/conformance/judge/invariant.ts';
import type { RequirementResult } from '../../../src/conformance/judge/result.ts';
import { judgePlays, requirementsOf } from '../../../src/conformance/judging/plays.ts';
import type { TraceContext, TraceFact } from '../../../src/wire/trace.ts';
import { context, events, heard, play, request, response } from '../play.ts';

const PATHS = {
  reson8: '/v1/speech-to-text/realtime',
  'reson8-turns': '/v1/speech-to-text/turns',
} as const;
type Socket = keyof typeof PATHS;

/** What a client presented, and what it asked for. */
interface Asked {
  readonly credential: NonNullable<TraceContext['credential']>;
  readonly query?: string;
  readonly headers: Record<string, string>;
}
const INVALID: Asked = { credential: 'invalid', headers: { authorization: 'ApiKey redacted-1' } };
const MISSING: Asked = { credential: 'missing', headers: {} };
const BEARER: Asked = { credential: 'valid', headers: { authorization: 'Bearer redacted-1' } };
const WRONG: Asked = {
  credential: 'valid',
  query: 'encoding=mp3',
  headers: { authorization: 'ApiKey redacted-1' },
};

/** An upgrade of one socket, and how it is answered. */
function upgrade(socket: Socket, asked: Asked, status: number, ...after: readonly TraceFact[]): Play {
  const { credential, query = '', headers } = asked;
  return {
    ...play(
      events([
        context({ dialect: socket, credential }),
        request(`${PATHS[socket]}?${query}`, headers),
        response(status, undefined, {}),
        ...after,
      ]),
    ),
    name: socket,
  };
}

function judged(id: string, ...plays: readonly Play[]): RequirementResult | undefined {
  const requirements = requirementsOf('server', ['reson8', 'reson8-turns'], {});
  return judgePlays(plays, requirements, { side: 'server', strict: false, deviations: new Set() }).find(
    (result) => result.id === id,
  );
}

// A gateway before both sockets that answers 400 instead of 401 was reported twice.
describe.each([
  ['R8-AUTH-007', 'fail', 'R8-TURN-002', 'fail', 'an invalid credential', INVALID, 400],
  ['R8-AUTH-008', 'warn', 'R8-TURN-002', 'warn', 'a missing credential', MISSING, 404],
  ['R8-QRY-005', 'fail', 'R8-TURN-017', 'warn', 'a wrong parameter', WRONG, 422],
] as const)('%s (%s) is the cause of %s (%s)', (cause, worse, above, worst, what, asked, status) => {
  it(`for ${what} that is refused with ${status} on both sockets`, () => {
    const both = [upgrade('reson8', asked, status), upgrade('reson8-turns', asked, status)];

    expect(judged(cause, ...both)?.verdict).toBe(worse);
    expect(judged(above, ...both)).toMatchObject({ verdict: 'inconclusive', cause });
  });

  it(`but not for ${what} that is refused with ${status} for turns only`, () => {
    const turns = judged(above, upgrade('reson8-turns', asked, status));

    expect(turns?.verdict).toBe(worst);
    expect(turns).not.toHaveProperty('cause');
  });

  it('but not where it is refused in another way than on the realtime socket', () => {
    const other = [upgrade('reson8', asked, status), upgrade('reson8-turns', asked, 409)];

    expect(judged(cause, ...other)?.verdict).toBe(worse);
    expect(judged(above, ...other)?.verdict).toBe(worst);
  });
});

describe('R8-TURN-002 is reported by itself', () => {
  const wrongForBoth = [upgrade('reson8', INVALID, 400), upgrade('reson8-turns', INVALID, 400)];

  // It depended on R8-AUTH-007, too, because no connection shows both requirements.
  it('where a valid token is refused, whatever else depends on R8-AUTH-007', () => {
    const result = judged('R8-TURN-002', ...wrongForBoth, upgrade('reson8-turns', BEARER, 401));

    expect(result?.verdict).toBe('fail');
    expect(result).not.toHaveProperty('cause');
  });

  it('where an invalid token is accepted for turns', () => {
    const result = judged(
      'R8-TURN-002',
      upgrade('reson8', INVALID, 400),
      upgrade('reson8-turns', INVALID, 101, heard({ type: 'turn_start' })),
    );

    expect(result?.verdict).toBe('fail');
  });
});
