import { describe, expect, it } from 'vitest';
import { judgeTrace } from '../../../src/conformance/judge-trace.ts';
import type { TraceEvent } from '../../../src/wire/trace.ts';

function refused(status: number): readonly TraceEvent[] {
  const session = 's1';
  return [
    { session, atMs: 0, kind: 'context', about: { credential: 'valid' } },
    {
      session,
      atMs: 1,
      kind: 'request',
      method: 'GET',
      target: '/v2/realtime?token=redacted-1',
      headers: { upgrade: 'websocket' },
    },
    { session, atMs: 20, kind: 'response', status, headers: {} },
    { session, atMs: 25, kind: 'end', by: 'server', how: 'fin', code: 1006 },
  ];
}

const failed = (status: number) => {
  const { report } = judgeTrace(refused(status), { side: 'server' });
  const found = report.requirements.filter(({ verdict }) => verdict === 'fail' || verdict === 'warn');
  return { ids: found.map(({ id }) => id), causes: report.causes };
};

// A run reports a refused credential once, as the cause of everything; judging the trace of the same run used to accuse
// the service.
describe('what a cause of the whole trace explains', () => {
  it.each([
    [401, 'The credential of'],
    [403, 'The credential of'],
    [503, 'The service is not running'],
  ])('is not blamed on the service where it answered %i', (status, cause) => {
    expect(failed(status)).toEqual({ ids: [], causes: [expect.stringContaining(cause)] });
  });

  it('is blamed on the path where that is missing', () => {
    expect(failed(404)).toEqual({
      ids: ['SX-CONN-002'],
      causes: [expect.stringContaining('There is nothing at the microphone socket')],
    });
  });

  it('does not keep the client from being judged by what it sent', () => {
    const { report } = judgeTrace(refused(401), { only: ['SX-CONN-004', 'SX-CONN-005'] });
    expect(report.requirements.map(({ id, verdict }) => [id, verdict])).toEqual([
      ['SX-CONN-004', 'pass'],
      ['SX-CONN-005', 'not-exercised'],
    ]);
  });
});
