import { describe, expect, it } from 'vitest';
import { startMockServer } from '../../../src/mock-server/server.ts';
import { MOST_WAITS } from '../../../src/mock-server/control/waits.ts';
import { ask } from '../../support/clients/ask.ts';
import { silence } from '../../support/audio.ts';
import { connect } from '../../support/clients/client.ts';
import { control, lines } from '../../support/clients/control.ts';
import { closeCodeOf, openRaw } from '../../support/clients/raw.ts';
import { dial, flush, KEY } from '../../support/reson8.ts';
import { microphone, microphoneUrl } from '../../support/scriptix/scriptix.ts';

describe('sessions', () => {
  it('are listed, both open and ended, together with the HTTP requests', async () => {
    await using fake = await startMockServer();
    await using first = await microphone(fake, { query: { language: 'nl' } });
    await first.sendAudio(silence(200));
    await first.settled();
    await using second = dial(fake.urls.reson8.realtime);
    await second.open;
    second.close(4000);
    await second.closed;
    await fake.session('s2')?.received('close');
    await using refused = connect(microphoneUrl(fake, { token: 'expired-key' }));
    await refused.refused;
    const { status, json } = await control(fake, 'GET sessions');

    expect(status).toBe(200);

    const received = { start: 0, audio: 0, flush: 0, stop: 0, close: 0, frame: 0, unreadable: 0 };
    expect(json).toEqual({
      sessions: [
        {
          id: 's1',
          dialect: 'scriptix',
          life: 'scriptix-microphone',
          edition: 'documents',
          language: 'nl',
          isOpen: true,
          audioMs: 200,
          results: 0,
          received: { ...received, start: 1, audio: 2, frame: 3 },
          openedMs: expect.any(Number) as number,
          events: expect.any(Number) as number,
          droppedEvents: 0,
        },
        {
          id: 's2',
          dialect: 'reson8',
          life: 'reson8-realtime',
          edition: 'documents',
          isOpen: false,
          closeCode: 4000,
          audioMs: 0,
          results: 0,
          received: { ...received, close: 1 },
          openedMs: expect.any(Number) as number,
          events: 5,
          droppedEvents: 0,
        },
      ],
      requests: [
        {
          id: 'h1',
          method: 'GET',
          target: expect.stringMatching(/^\/v2\/realtime\?token=redacted-\d$/) as string,
          status: 401,
          isRefused: true,
          openedMs: expect.any(Number) as number,
        },
      ],
    });

    const { sessions, requests } = json as { sessions: unknown[]; requests: unknown[] };
    expect((await control(fake, 'GET sessions/s1')).json).toMatchObject(sessions[0] as object);
    expect((await control(fake, 'GET sessions/h1')).json).toEqual(requests[0]);
  });

  it('have a trace that begins with a header', async () => {
    await using fake = await startMockServer();
    await using client = await microphone(fake);
    client.send({ action: 'stop' });
    await client.closed;
    const session = await fake.nextSession();
    await session.received('close');
    const answer = await control(fake, 'GET sessions/s1/trace');

    expect(answer.headers['content-type']).toBe('application/x-ndjson');

    const [header, ...events] = lines(answer.text);
    expect(header).toEqual({
      kind: 'trace',
      version: 1,
      tool: expect.stringMatching(/^asr-understudy \d+\.\d+\.\d+$/) as string,
      startedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string,
    });
    expect(events).toEqual(session.trace());
    expect(events.length).toBeGreaterThan(5);
  });

  it('are listed without a journal for as long as they are open', async () => {
    await using fake = await startMockServer({ journal: { sessions: 0 } });
    await using client = await microphone(fake);
    expect((await control(fake, 'GET sessions')).json).toMatchObject({
      sessions: [{ id: 's1' }],
      requests: [],
    });
    expect((await control(fake, 'GET sessions/s1/wait?for=start')).status).toBe(200);
    expect((await control(fake, 'GET sessions/s1/trace')).status).toBe(404);

    client.terminate();
    await fake.session('s1')?.received('close');
    expect((await control(fake, 'GET sessions/s1')).status).toBe(404);
    expect((await fake.nextSession()).trace()).toEqual([]);
  });
});

describe('a wait', () => {
  it.each(['start', 'audio', 'flush', 'stop', 'close', 'frame'])(
    'for %s ends when it happens',
    async (what) => {
      await using fake = await startMockServer();
      const isFlush = what === 'flush';
      await using client = isFlush ? dial(fake.urls.reson8.realtime) : connect(microphoneUrl(fake));
      await client.open;
      const waiting = control(fake, `GET sessions/s1/wait?for=${what}&timeout=20s`);
      if (isFlush) flush(client);
      else {
        client.send({ action: 'start' });
        client.send(silence(20));
        client.send({ action: 'stop' });
      }
      const { status, json } = await waiting;

      expect({ status, json }).toMatchObject({ status: 200, json: { session: 's1', for: what } });
      // A second wait does not wait for what has already happened.
      expect((await control(fake, `GET sessions/s1/wait?for=${what}&timeout=0s`)).status).toBe(200);
    },
  );

  it('can be for the third message of audio', async () => {
    await using fake = await startMockServer();
    await using client = await microphone(fake);
    const waiting = control(fake, 'GET sessions/s1/wait?for=audio&count=3&timeout=20s');
    for (let i = 0; i < 3; i++) client.send(silence(20));

    expect((await waiting).json).toEqual({ session: 's1', for: 'audio', count: 3 });
  });

  it('that times out is answered with 408 and the end of the trace, in real time even if the clock is manual', async () => {
    await using fake = await startMockServer({ clock: 'manual' });
    await using client = await microphone(fake);
    for (let i = 0; i < 30; i++) {
      client.send(silence(20));
      client.socket.ping(String(i));
    }
    await client.settled();
    const { status, json } = await control(fake, 'GET sessions/s1/wait?for=stop&timeout=30ms');
    const { error, trace } = json as { error: string; trace: { kind: string }[] };

    expect([status, error]).toEqual([408, expect.stringMatching(/s1 .*stop.*30 ms.*audio 30/)]);
    expect(trace).toEqual(fake.session('s1')?.trace().slice(-20));
  });

  it('for something that can no longer happen is answered with 409', async () => {
    await using fake = await startMockServer();
    await using client = await microphone(fake);
    const waiting = control(fake, 'GET sessions/s1/wait?for=stop&timeout=20s');
    await control(fake, 'GET sessions/s1/wait?for=start');
    client.close();

    expect((await waiting).status).toBe(409);
    expect((await control(fake, 'GET sessions/s1/wait?for=stop&timeout=20s')).status).toBe(409);
  });

  it('no longer counts towards the limit when its caller has left', async () => {
    await using fake = await startMockServer();
    await using client = await microphone(fake);
    const url = `${fake.urls.control}/sessions/s1/wait?for=stop&timeout=10m`;
    const started = new AbortController();
    // One more than may wait, so that it is refused once all the others are waiting. A call to find out whether they are
    // would take the place of one of them.
    const waits = Array.from({ length: MOST_WAITS + 1 }, () =>
      fetch(url, { signal: started.signal }).then(
        ({ status }) => status,
        () => 'given up',
      ),
    );
    expect(await Promise.race(waits)).toBe(429);
    const refused = async () =>
      (await control(fake, 'GET sessions/s1/wait?for=stop&timeout=0s')).status === 429;
    started.abort();
    await Promise.all(waits);
    while (await refused()) await client.settled();
    client.send({ action: 'stop' });

    expect((await control(fake, 'GET sessions/s1/wait?for=stop')).status).toBe(200);
  });
});

describe('a session', () => {
  it.each([
    ['an object', { state: 'shutting_down', n: 1 }, '{"state":"shutting_down","n":1}'],
    ['a text', { text: 'not { json' }, 'not { json'],
    ['an object with a text and more', { text: 'x', is_final: true }, '{"text":"x","is_final":true}'],
    ['an object as json', { json: { text: 'x' } }, '{"text":"x"}'],
    ['a null as json', { json: null }, 'null'],
    ['a string', '"a string"', '"a string"'],
    ['a list', '[1,  2]', '[1,2]'],
    ['an empty object', '{}', '{}'],
  ])('can be sent %s as a text message', async (_what, body, text) => {
    await using fake = await startMockServer();
    await using client = dial(fake.urls.reson8.realtime);
    await client.open;
    const answer = await control(fake, 'POST sessions/s1/send', body);

    expect(answer).toMatchObject({ status: 200, json: { sent: 'text', byteCount: text.length } });
    expect(await client.next()).toMatchObject({ kind: 'text', text });
  });

  it('can be sent bytes', async () => {
    await using fake = await startMockServer();
    await using client = dial(fake.urls.reson8.realtime);
    await client.open;
    const answer = await control(fake, 'POST sessions/s1/send', { base64: 'AP8=' });

    expect(answer).toMatchObject({ status: 200, json: { sent: 'binary', byteCount: 2 } });
    expect([...(await client.next()).bytes]).toEqual([0, 255]);
  });

  it.each([
    ['code 1000 by default', undefined, { code: 1000, reason: '' }],
    ['a code and a reason', { code: 1011, reason: 'maintenance' }, { code: 1011, reason: 'maintenance' }],
    ['a code alone', { code: 4999 }, { code: 4999, reason: '' }],
    ['the longest reason', { code: 1014, reason: 'é'.repeat(61) }, { code: 1014, reason: 'é'.repeat(61) }],
  ])('can be closed with %s', async (_what, body, closed) => {
    await using fake = await startMockServer();
    await using client = dial(fake.urls.reson8.realtime);
    await client.open;

    expect(await control(fake, 'POST sessions/s1/close', body)).toMatchObject({
      status: 200,
      json: { closing: closed.code },
    });
    expect(await client.closed).toEqual(closed);
  });

  it.each(['fin', 'reset'])('can be aborted with %s', async (how) => {
    await using fake = await startMockServer();
    await using client = dial(fake.urls.reson8.realtime);
    await client.open;

    expect((await control(fake, 'POST sessions/s1/abort', { how })).json).toEqual({ aborted: how });
    expect((await client.closed).code).toBe(1006);
  });

  it('that is closing is not closed again with another code: 409', async () => {
    await using fake = await startMockServer();
    // Does not answer the Close frame.
    await using client = await openRaw(fake.urls.reson8.realtime, KEY);
    await control(fake, 'POST sessions/s1/close', { code: 1011 });

    expect(await control(fake, 'POST sessions/s1/close', { code: 1012 })).toMatchObject({
      status: 409,
      json: { error: 'The session is closing, or silent' },
    });
    expect(closeCodeOf(await client.nextFrame())).toBe(1011);
    expect((await control(fake, 'POST sessions/s1/abort', { how: 'reset' })).status).toBe(200);
  });

  it('that is silent or has ended accepts no message: 409', async () => {
    await using fake = await startMockServer();
    await using silent = dial(fake.urls.reson8.realtime);
    await silent.open;
    await using over = dial(fake.urls.reson8.realtime);
    await over.open;

    expect((await control(fake, 'POST sessions/s1/abort', { how: 'silence' })).status).toBe(200);

    over.close();
    await fake.session('s2')?.received('close');
    for (const id of ['s1', 's2'])
      expect((await control(fake, `POST sessions/${id}/send`, {})).status).toBe(409);

    expect((await control(fake, 'POST sessions/s2/close')).status).toBe(409);
    expect((await control(fake, 'POST sessions/s2/abort', { how: 'fin' })).status).toBe(409);
  });
});

describe('assignments', () => {
  it('can be made and removed', async () => {
    await using fake = await startMockServer();
    const put = await control(fake, 'PUT assignments/some%2Ftoken', { scenario: 'happy-path' });

    expect(put).toMatchObject({ status: 200, json: { scenario: 'happy-path' } });
    expect((await control(fake, 'DELETE assignments/some%2Ftoken')).status).toBe(204);
    expect((await control(fake, 'DELETE assignments/some%2Ftoken')).status).toBe(404);
  });

  it('to a misspelt scenario are refused with the name that may have been meant', async () => {
    await using fake = await startMockServer();
    const { status, json } = await control(fake, 'PUT assignments/t', { scenario: 'hapy-path' });
    expect({ status, json }).toMatchObject({
      status: 400,
      json: { error: expect.stringContaining('did you mean "happy-path"?') as string },
    });
    expect(() => fake.assign('t', 'hapy-path')).toThrow(/hapy-path/);

    fake.assign('t', 'happy-path');
    expect((await control(fake, 'DELETE assignments/t')).status).toBe(204);
  });
});

async function firstLine(answer: Response): Promise<unknown> {
  for await (const part of answer.body?.pipeThrough(new TextDecoderStream()) ?? [])
    return JSON.parse(part.split('\n', 1)[0] ?? '');
  return undefined;
}

describe('the clock', () => {
  it('can be advanced if it is manual', async () => {
    await using fake = await startMockServer({ clock: 'manual' });
    await using client = connect(microphoneUrl(fake));
    await client.open;

    expect((await control(fake, 'GET clock')).json).toEqual({ mode: 'manual', nowMs: 0 });

    const moved = await control(fake, 'POST clock/advance', { ms: 15_000 });
    expect(moved).toMatchObject({ status: 200, json: { mode: 'manual', nowMs: 15_000 } });
    expect((await client.next()).text).toContain('15 seconds');
  });

  // It used to have all the digits of a float, unlike all other times.
  it('is reported in tenths of a millisecond, in answers and in events', async () => {
    await using fake = await startMockServer({ clock: 'manual' });
    const events = await fetch(`${fake.urls.control}/events`);
    await control(fake, 'POST clock/advance', { ms: 0.1 + 0.2 });
    const moved = await control(fake, 'POST clock/advance', { ms: 12.3456 });
    expect(moved.json).toEqual({ mode: 'manual', nowMs: 12.6 });
    expect((await control(fake, 'GET clock')).json).toEqual({ mode: 'manual', nowMs: 12.6 });

    const later = await fetch(`${fake.urls.control}/events`);
    expect(await firstLine(later)).toMatchObject({ event: 'start', nowMs: 12.6 });
    let seen = '';
    for await (const part of events.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      seen += part;
      if (seen.split('\n').length > 3) break;
    }
    expect(seen.match(/"nowMs":[^,}]+/g)).toEqual(['"nowMs":0', '"nowMs":0.3', '"nowMs":12.6']);
  });

  it('cannot be advanced if it is real', async () => {
    await using fake = await startMockServer();
    expect((await control(fake, 'GET clock')).json).toMatchObject({ mode: 'real' });

    const { status, json } = await control(fake, 'POST clock/advance', { ms: 1 });
    expect({ status, json }).toMatchObject({
      status: 409,
      json: { expected: expect.stringContaining('--clock manual') as string },
    });
  });
});

describe('the service', () => {
  it('can be read and set', async () => {
    await using fake = await startMockServer({ service: { startMs: 60_000 } });
    expect((await control(fake, 'GET service')).json).toEqual({ state: 'ready' });

    // Spelled as in `--service`; the answer is spelled as in the documents.
    expect((await control(fake, 'PUT service', { state: 'scaled-down' })).json).toEqual({
      state: 'scaled_down',
    });
    for (const state of ['scaled_down', 'starting', 'ready']) {
      expect((await control(fake, 'PUT service', { state })).json).toEqual({ state });
      expect(fake.service.status).toBe(state);
    }
    await control(fake, 'PUT service', { state: 'scaled_down', onInitialize: 'breaks' });
    const headers = { 'x-zoom-s2t-key': 'any' };
    const initialize = await ask(`${fake.urls.scriptix.api}/initialize`, { method: 'POST', headers });

    expect(initialize.status).toBe(500);
  });

  it('without auto-scaling is not changed by initialize', async () => {
    await using fake = await startMockServer();
    await control(fake, 'PUT service', { state: 'scaled_down', onInitialize: 'answers-at-once' });
    const headers = { 'x-zoom-s2t-key': 'any' };
    const initialize = await ask(`${fake.urls.scriptix.api}/initialize`, { method: 'POST', headers });

    expect(initialize.status).toBe(200);
    expect(fake.service.status).toBe('scaled_down');
  });
});

describe('reset', () => {
  const prepared = async (fake: Awaited<ReturnType<typeof startMockServer>>) => {
    const client = dial(fake.urls.reson8.realtime);
    await client.open;
    fake.assign('t', 'happy-path');
    fake.service.set('ready');
    return client;
  };
  const look = async (fake: Awaited<ReturnType<typeof startMockServer>>) => ({
    sessions: fake.sessions.length > 0,
    journal: fake.journal.ids.some((id) => fake.journal.events(id).some(({ kind }) => kind === 'request')),
    assignments: (await control(fake, 'DELETE assignments/t')).status === 204,
    service: fake.service.status === 'ready',
  });
  const ALL = { sessions: true, journal: true, assignments: true, service: true };

  it.each([
    ['no body', undefined, ['sessions', 'journal', 'assignments', 'scenarios', 'service', 'usage']],
    ['an empty object', {}, ['sessions', 'journal', 'assignments', 'scenarios', 'service', 'usage']],
    ['sessions', { sessions: true }, ['sessions']],
    ['the journal and no assignments', { journal: true, assignments: false }, ['journal']],
    ['assignments and service', { assignments: true, service: true }, ['assignments', 'service']],
    ['no sessions', { sessions: false }, []],
  ])('with %s resets what was asked for', async (_what, body, reset) => {
    await using fake = await startMockServer({ service: { status: 'scaled_down' } });
    await using client = await prepared(fake);
    expect(await control(fake, 'POST reset', body)).toMatchObject({ status: 200, json: { reset } });

    const left = Object.fromEntries(Object.keys(ALL).map((part) => [part, !reset.includes(part)]));
    expect(await look(fake)).toEqual(left);

    if (reset.includes('sessions')) expect((await client.closed).code).toBe(1001);
  });

  it('can be called by a test in the same process', async () => {
    await using fake = await startMockServer({ service: { status: 'scaled_down' } });
    await using client = await prepared(fake);
    await fake.reset();

    expect((await client.closed).code).toBe(1001);
    expect(Object.values(await look(fake))).toEqual([false, false, false, false]);

    // The session from before the reset is not handed out.
    await using next = dial(fake.urls.reson8.realtime);
    await next.open;
    expect((await fake.nextSession()).id).toBe('s2');
  });
});

describe('the control API', () => {
  it('lists the scenarios', async () => {
    await using fake = await startMockServer();
    const { json } = await control(fake, 'GET scenarios');

    expect((json as { scenarios: { name: string }[] }).scenarios).toContainEqual(
      expect.objectContaining({ name: 'happy-path' }),
    );
  });

  it('has metrics that add up', async () => {
    await using fake = await startMockServer();
    await using client = await microphone(fake);
    await client.sendAudio(silence(1000), { frameBytes: 3200 });
    await client.settled();
    await using other = dial(fake.urls.reson8.realtime);
    await other.open;
    other.send('no json');
    await other.closed;
    await fake.session('s2')?.received('close');
    await using refused = connect(microphoneUrl(fake, { token: 'invalid-key' }));
    await refused.refused;
    const answer = await control(fake, 'GET metrics');

    expect(answer.headers['content-type']).toMatch(/^text\/plain/);

    const values = Object.fromEntries(
      answer.text
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith('#'))
        .map((line) => line.split(' ')),
    ) as Record<string, string>;
    const { understudy_journal_bytes: bytes, ...counted } = values;
    expect(Number(bytes)).toBeGreaterThan(100);
    expect(counted).toEqual({
      'understudy_sessions_open{dialect="scriptix"}': '1',
      'understudy_sessions_open{dialect="reson8"}': '0',
      'understudy_sessions_total{dialect="scriptix"}': '1',
      'understudy_sessions_total{dialect="reson8"}': '1',
      'understudy_refused_total{status="401"}': '1',
      'understudy_messages_total{from="client"}': '12',
      'understudy_messages_total{from="server"}': '3',
      understudy_results_total: '0',
      understudy_audio_seconds_total: '1',
      understudy_session_errors_total: '1',
      understudy_journal_sessions: '3',
    });

    // Nothing is counted twice when they are read again.
    const again = await control(fake, 'GET metrics');
    expect(again.text).toBe(answer.text);
  });

  it('answers HEAD wherever it answers GET, without a body', async () => {
    await using fake = await startMockServer();
    await using client = await microphone(fake);
    const paths = [
      'sessions',
      'sessions/s1',
      'sessions/s1/trace',
      'sessions/s1/trace?follow=1',
      'clock',
      'service',
    ];
    for (const path of [...paths, 'scenarios', 'health', 'metrics', 'sessions/s1/wait?for=start']) {
      const { status, text } = await control(fake, `HEAD ${path}`);
      expect([path, status, text]).toEqual([path, 200, '']);
    }
    client.terminate();
  });
});
