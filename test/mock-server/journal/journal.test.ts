import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Journal, type JournalOptions } from '../../../src/mock-server/journal/journal.ts';
import type { SessionLog } from '../../../src/mock-server/journal/session-log.ts';
import type { TraceEvent } from '../../../src/wire/trace.ts';

function journal(options: Partial<JournalOptions> = {}, secrets: readonly string[] = []) {
  let nowMs = 0;
  const kept = new Journal({ sessions: 10, bytes: 65_536, audio: false, ...options }, () => nowMs, secrets);
  return { kept, pass: (ms: number) => void (nowMs += ms) };
}

function opened(kept: Journal, id: string, token = 'some-token'): SessionLog {
  const log = kept.begin(id);
  log.fact({ kind: 'request', method: 'GET', target: `/v2/realtime?token=${token}`, headers: {} });
  log.fact({ kind: 'response', status: 101, headers: {} });
  return log;
}

const kinds = (events: readonly TraceEvent[]) => events.map(({ kind }) => kind);

describe('a log', () => {
  it('has what happened, in order and with times', () => {
    const { kept, pass } = journal();
    const log = opened(kept, 's1');
    pass(12.34);
    log.text('client', '{"action":"start"}');
    log.text('server', '{"state":"listening"}');
    pass(1000);
    log.fact({ kind: 'ping', from: 'server', base64: '' });
    log.end({ kind: 'end', by: 'client', how: 'close', code: 1000 });

    expect(log.events()).toEqual([
      {
        session: 's1',
        atMs: 0,
        kind: 'request',
        method: 'GET',
        target: '/v2/realtime?token=redacted-1',
        headers: {},
      },
      { session: 's1', atMs: 0, kind: 'response', status: 101, headers: {} },
      { session: 's1', atMs: 12.3, kind: 'text', from: 'client', text: '{"action":"start"}' },
      { session: 's1', atMs: 12.3, kind: 'text', from: 'server', text: '{"state":"listening"}' },
      { session: 's1', atMs: 1012.3, kind: 'ping', from: 'server', base64: '' },
      { session: 's1', atMs: 1012.3, kind: 'end', by: 'client', how: 'close', code: 1000 },
    ]);
    expect(log.tail(2)).toEqual(log.events().slice(-2));
  });

  it('combines consecutive binary messages', () => {
    const { kept } = journal();
    const log = kept.begin('s1');
    for (const size of [10, 20, 30]) log.binary('client', Buffer.alloc(size));
    log.binary('server', Buffer.alloc(1));
    log.binary('client', Buffer.alloc(5));
    log.text('server', 'x');
    log.binary('client', Buffer.alloc(6));
    const told = log.events().map((event) => {
      return event.kind === 'binary' ? [event.from, event.byteCount, event.frameCount] : event.kind;
    });

    expect(told).toEqual([
      ['client', 60, 3],
      ['server', 1, undefined],
      ['client', 5, undefined],
      'text',
      ['client', 6, undefined],
    ]);
  });

  it('keeps the bytes and a hash of each binary message when asked to', () => {
    const { kept } = journal({ audio: true });
    const log = kept.begin('s1');
    const bytes = Buffer.from('-abc-').subarray(1, 4);
    log.binary('client', bytes);
    log.binary('client', bytes);
    const event = { session: 's1', atMs: 0, kind: 'binary', from: 'client', byteCount: 3 } as const;
    // SHA-256 of "abc", from FIPS 180-2.
    const whole = { ...event, sha256: 'ba7816bf8f01cfea', base64: 'YWJj' };

    expect(log.events()).toEqual([whole, whole]);
  });

  it('can be read in parts; events that have been read do not change', () => {
    const { kept } = journal();
    const log = opened(kept, 's1');
    log.binary('client', Buffer.alloc(10));
    const first = log.part(0, 2);
    const second = log.part(first.next, 10);
    log.binary('client', Buffer.alloc(20));
    const third = log.part(second.next, 10);

    expect([first, second, third].map(({ events }) => kinds(events))).toEqual([
      ['request', 'response'],
      ['binary'],
      ['binary'],
    ]);
    expect(third.events).toMatchObject([{ byteCount: 20 }]);
    expect(log.part(third.next, 10)).toEqual({ events: [], next: 4 });
  });

  it('redacts a secret even if the message that revealed it is no longer kept', () => {
    const { kept } = journal();
    const log = opened(kept, 's1');
    log.text('client', '{"api_key":"sesame-street"}');
    for (let i = 0; i < 3000; i++) log.text('server', `filler number ${i}`);
    log.text('server', 'Unknown: sesame-street');

    expect(JSON.stringify(log.events())).not.toContain('api_key');
    expect(log.events().at(-1)).toMatchObject({ text: 'Unknown: redacted-1' });
  });

  it('redacts the secrets of the server, even if no client sent them', () => {
    const { kept } = journal({}, ['server-secret']);
    const log = opened(kept, 's1');
    log.text('client', 'is it server-secret?');

    expect(log.events().at(-1)).toMatchObject({ text: 'is it redacted-1?' });
    expect(log.redact('server-secret and some-token')).toBe('redacted-1 and redacted-2');
  });
});

describe('in a journal with limits', () => {
  it('the sessions that ended first are forgotten first, and open ones last', () => {
    const { kept } = journal({ sessions: 3 });
    const logs = ['s1', 's2', 's3'].map((id) => opened(kept, id));
    logs[1]?.end();
    logs[0]?.end();
    opened(kept, 's4');

    expect(kept.connections.map(({ id }) => id)).toEqual(['s1', 's3', 's4']);

    opened(kept, 's5');
    opened(kept, 's6');
    expect(kept.connections.map(({ id }) => id)).toEqual(['s4', 's5', 's6']);
    expect(kept.get('s1')).toBeUndefined();
    expect(kept.size).toBe(3);
  });

  it('a session that is forgotten after its end is not searched for secrets, and its texts are not shown later', () => {
    const { kept } = journal({ sessions: 2 });
    const [ended, read, open] = ['first-token', 'second-token', 'third-token'].map((token, at) => {
      const log = opened(kept, `s${at}`, token);
      if (at < 2) log.end();
      if (at === 1) log.events();
      return log;
    });
    for (const id of ['s3', 's4', 's5']) opened(kept, id, 'another-token');

    expect(kept.get('s0') ?? kept.get('s1') ?? kept.get('s2')).toBeUndefined();
    expect(ended?.events()).toMatchObject([{ kind: 'note', dropped: 2 }]);
    // The search used to take longer than everything else for a connection.
    expect(kept.standIns.knownOf('first-token')).toBeUndefined();
    expect(ended?.redact('first-token')).toBe('(not shown, as this session is forgotten)');
    // A session that was read before has stand-ins already, and an open one is still searched.
    expect(read?.redact('second-token')).toMatch(/^redacted-[0-9]+$/);
    expect(open?.redact('third-token')).toMatch(/^redacted-[0-9]+$/);
  });

  it('HTTP requests are kept apart from sessions', () => {
    const { kept } = journal({ sessions: 2 });
    opened(kept, 's1');
    for (let i = 0; i < 5; i++) kept.beginRequest().end();

    expect(kept.requests.map(({ id }) => id)).toEqual(['h4', 'h5']);
    expect(kept.connections.map(({ id }) => id)).toEqual(['s1']);
  });

  it('of 0 sessions nothing is kept, and messages are still counted', () => {
    const { kept } = journal({ sessions: 0 });
    const log = opened(kept, 's1');
    log.text('client', 'x');
    log.binary('server', Buffer.alloc(1));
    log.end();
    kept.beginRequest().end();

    expect([kept.size, kept.byteCount, log.events()]).toEqual([0, 0, []]);
    expect(kept.messages).toEqual({ client: 1, server: 1 });
  });

  it('a message that is too long is noted instead of kept', () => {
    const { kept } = journal();
    const log = opened(kept, 's1');
    log.text('client', 'x'.repeat(20_000));

    expect(log.events().at(-1)).toMatchObject({ kind: 'note', dropped: 1 });
    expect(JSON.stringify(log.events())).not.toContain('xxx');
  });

  it('an endless session keeps its beginning and its end, and says how many events are missing', () => {
    const { kept } = journal();
    const log = opened(kept, 's1');
    const total = 20_000;
    for (let i = 0; i < total; i++) log.text('server', `message ${i}`);
    const events = log.events();

    expect(kinds(events.slice(0, 4))).toEqual(['request', 'response', 'note', 'text']);

    const gap = events[2];
    const dropped = gap?.kind === 'note' ? (gap.dropped ?? 0) : 0;
    expect(dropped).toBeGreaterThan(0);
    expect(events.length - 3 + dropped).toBe(total);
    expect(events[3]).toMatchObject({ text: `message ${dropped}` });
    expect(events.at(-1)).toMatchObject({ text: `message ${total - 1}` });
    expect(log.tail(events.length * 2)).toEqual(events.slice(2));
    expect(log.tail(total * 2)).toEqual(events);
  });

  it('a late reader is told how many events it missed', () => {
    const { kept } = journal();
    const log = opened(kept, 's1');
    log.text('server', 'first');
    const { next } = log.part(0, 3);
    for (let i = 0; i < 5000; i++) log.text('server', `message ${i}`);
    const late = log.part(next, 2);

    expect(kinds(late.events)).toEqual(['note', 'text']);

    const [gap, text] = late.events;
    const missed = gap?.kind === 'note' ? (gap.dropped ?? 0) : 0;
    expect(text).toMatchObject({ text: `message ${missed}` });
    expect(log.part(late.next, 1).events).toMatchObject([{ text: `message ${missed + 1}` }]);
  });

  const action = fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({ kind: fc.constant('text' as const), at: fc.nat(9), length: fc.nat(9000) }),
    },
    {
      weight: 4,
      arbitrary: fc.record({ kind: fc.constant('binary' as const), at: fc.nat(9), length: fc.nat(9000) }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant('open' as const), at: fc.nat(9), length: fc.nat(9000) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('end' as const), at: fc.nat(9), length: fc.nat(9) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('http' as const), at: fc.nat(9), length: fc.nat(9000) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('read' as const), at: fc.nat(9), length: fc.nat(9) }),
    },
  );

  const MOST_BYTES = 20_000;

  it('the limits are always kept, and every event is kept or counted as missing', () => {
    fc.assert(
      fc.property(fc.array(action, { size: 'max', maxLength: 200 }), fc.nat(4), (actions, sessions) => {
        const { kept } = journal({ sessions, bytes: MOST_BYTES });
        const logs: { log: SessionLog; events: number; audio: boolean }[] = [];
        for (const { kind, at, length } of actions) {
          // One of the latest sessions, as earlier ones are soon forgotten.
          const open = logs.at(-1 - (at % 3));
          if (kind === 'open') {
            const log = kept.begin(`s${logs.length + 1}`);
            log.fact({ kind: 'request', method: 'GET', target: `/${'x'.repeat(length)}`, headers: {} });
            logs.push({ log, events: 1, audio: false });
          } else if (kind === 'http') {
            kept
              .beginRequest()
              .fact({ kind: 'response', status: 200, headers: {}, body: 'x'.repeat(length) });
          } else if (open !== undefined && !open.log.isOver) {
            // Its stand-in is longer than the secret.
            if (kind === 'text') open.log.text('client', `{"token":"${length}","x":"${'x'.repeat(length)}"}`);
            if (kind === 'binary') open.log.binary('client', Buffer.alloc(length));
            if (kind === 'end') open.log.end();
            if (kind === 'read') open.log.events();
            if (kind === 'text' || (kind === 'binary' && !open.audio)) open.events += 1;
            if (kind === 'text' || kind === 'binary') open.audio = kind === 'binary';
          }
          expect(kept.byteCount).toBeLessThanOrEqual(MOST_BYTES);
          expect(kept.connections.length).toBeLessThanOrEqual(sessions);
          expect(kept.requests.length).toBeLessThanOrEqual(sessions);
          const bytes = [...kept.connections, ...kept.requests].reduce((sum, log) => sum + log.byteCount, 0);
          expect(kept.byteCount).toBe(bytes);
        }
        for (const { log, events } of logs) {
          if (kept.get(log.id) === undefined) continue;
          // Audio after a dropped event begins a new one, so there may be more events, but never fewer.
          expect(log.total).toBeGreaterThanOrEqual(events);
          const read = log.events();
          const gaps = read.filter((event) => event.kind === 'note' && (event.dropped ?? 0) === log.dropped);
          const here = log.dropped === 0 ? read.length : read.length - Math.min(1, gaps.length);
          expect(here + log.dropped).toBe(log.total);
        }
      }),
    );
  });
});
