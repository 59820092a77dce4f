import { describe, expect, it } from 'vitest';
import { countsOf, rowsOf } from '../../src/page/sessions/filter.ts';
import { EMPTY, MOST_ROWS, withEvents, withList, type WorldEvent } from '../../src/page/world.ts';

const opening = (n: number, more: Partial<WorldEvent> = {}): WorldEvent => ({
  ...{ event: 'session-open', n, atMs: n, id: `s${n}`, life: 'scriptix-microphone', edition: 'documents' },
  ...more,
});

describe('the state of the page', () => {
  it('follows a session from its opening to its end', () => {
    const world = withEvents(EMPTY, [
      { event: 'start', next: 1, nowMs: 0 },
      opening(1, { language: 'nl', scenario: 'drop-mid-word' }),
      { event: 'session', atMs: 440, id: 's1', audioMs: 400, results: 2, frames: 4 },
      { event: 'session-note', n: 2, atMs: 450, id: 's1', message: 'It left early' },
      { event: 'session-close', n: 3, atMs: 500, id: 's1', code: 1006, audioMs: 420, results: 3 },
    ]);

    expect(world.sessions.get('s1')).toEqual({
      ...{ id: 's1', life: 'scriptix-microphone', edition: 'documents', language: 'nl' },
      ...{ scenario: 'drop-mid-word', audioMs: 420, results: 3, frames: 4, code: 1006 },
      ...{ openedMs: 1, closedMs: 500, note: 'It left early' },
    });
    expect([world.nowMs, world.last]).toEqual([500, 3]);
  });

  it('has the current time while a session makes progress', () => {
    const progress = { event: 'session', atMs: 2500, id: 's1', audioMs: 2400, results: 2, frames: 4 };

    expect(withEvents(EMPTY, [opening(1), progress]).nowMs).toBe(2500);
  });

  it('is replaced by the list of the server, and continues from there', () => {
    const before = withEvents(EMPTY, [opening(1), opening(2)]);
    const listed = withList(before, {
      sessions: [
        {
          ...{
            id: 's2',
            life: 'reson8-realtime',
            edition: 'documents',
            audioMs: 20,
            results: 0,
            openedMs: 7,
          },
          received: { frame: 1 },
        },
      ],
      requests: [
        { id: 'h1', method: 'GET', target: '/v2/realtime?type=x', status: 400, isRefused: true, openedMs: 8 },
        { id: 'h2', method: 'GET', target: '/api/v4/realtime/status', status: 200, openedMs: 9 },
      ],
    });
    const after = withEvents(listed, [{ event: 'session', id: 's2', audioMs: 40, results: 1, frames: 2 }]);

    expect([...after.sessions.values()]).toMatchObject([{ id: 's2', audioMs: 40, results: 1, openedMs: 7 }]);
    expect([...after.calls.values()]).toMatchObject([
      { kind: 'refused', path: '/v2/realtime', status: 400 },
      { kind: 'request', path: '/api/v4/realtime/status' },
    ]);
  });

  it('does not grow without limit, and keeps open sessions', () => {
    const ended = Array.from({ length: MOST_ROWS * 2 }, (_, i) => [
      opening(i + 2),
      { event: 'session-close', n: i, id: `s${i + 2}`, code: 1000 },
      { event: 'request', n: i, id: `h${i}`, method: 'GET', path: '/', status: 200 },
    ]).flat();
    const world = withEvents(withEvents(EMPTY, [opening(1)]), ended);

    expect([world.sessions.size, world.calls.size]).toEqual([MOST_ROWS, MOST_ROWS]);
    expect(world.sessions.has('s1')).toBe(true);
    expect(world.sessions.has('s2')).toBe(false);
  });

  it('forgets what the fake forgets', () => {
    const before = withEvents(EMPTY, [
      ...[opening(1), opening(2)],
      { event: 'session-close', n: 3, id: 's1', code: 1000 },
      { event: 'refused', n: 4, id: 'h1', method: 'GET', path: '/v2/realtime', status: 401 },
    ]);
    const { sessions, calls, scenarios } = withEvents(before, [{ event: 'reset', n: 5, parts: ['journal'] }]);

    expect([[...sessions.keys()], calls.size, scenarios]).toEqual([['s2'], 0, 1]);
  });
});

describe('the filter', () => {
  const world = withEvents(EMPTY, [
    opening(1, { scenario: 'drop-mid-word' }),
    opening(2, { life: 'reson8-realtime', edition: '2026-08' }),
    { event: 'session-close', n: 3, id: 's1', code: 1006 },
    { event: 'refused', n: 4, atMs: 4, id: 'h1', method: 'GET', path: '/v2/realtime', status: 401 },
    { event: 'request', n: 5, atMs: 5, id: 'h2', method: 'POST', path: '/v1/auth/token', status: 200 },
  ]);
  const ids = (filter: Parameters<typeof rowsOf>[1]) =>
    rowsOf(world, filter).map((row) => ('session' in row ? row.session.id : row.call.id));

  it('shows everything by default, the newest first', () => {
    expect(ids({ kind: undefined, text: '' })).toEqual(['h2', 'h1', 's2', 's1']);
    expect(countsOf(world)).toEqual({ open: 1, ended: 1, refused: 1, calls: 1 });
  });

  it.each([
    ['open', '', ['s2']],
    ['ended', '', ['s1']],
    ['refused', '', ['h1']],
    ['calls', '', ['h2']],
    [undefined, 'RESON8', ['s2']],
    [undefined, 'drop 1006', ['s1']],
    [undefined, 'realtime', ['h1', 's2']],
    ['open', 'drop', []],
  ] as const)('with %s and "%s" shows the rows %s', (kind, text, expected) => {
    expect(ids({ kind, text })).toEqual(expected);
  });
});
