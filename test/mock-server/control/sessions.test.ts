import { describe, expect, it } from 'vitest';
import { startMockServer } from '../../../src/mock-server/server.ts';
import { connect } from '../../support/clients/client.ts';
import { control } from '../../support/clients/control.ts';
import { judge } from '../../support/programs/judge.ts';
import { frame, OPCODE, openRaw } from '../../support/clients/raw.ts';
import { confirmation, dial, flush, KEY } from '../../support/reson8.ts';
import { microphone, microphoneUrl } from '../../support/scriptix/scriptix.ts';

// It used to be answered as unknown, although GET sessions listed it.
it('a session that is open, but beyond what the journal keeps, is shown without its trace', async () => {
  await using fake = await startMockServer({ journal: { sessions: 1 }, judge });
  await using first = connect(microphoneUrl(fake));
  await first.open;
  await using second = connect(microphoneUrl(fake));
  await second.open;

  expect((await control(fake, 'GET sessions')).json).toMatchObject({
    sessions: expect.arrayContaining([
      expect.objectContaining({ id: 's1' }),
      expect.objectContaining({ id: 's2' }),
    ]) as unknown,
  });
  expect((await control(fake, 'GET sessions/s1')).status).toBe(200);
  expect(await control(fake, 'GET sessions/s1/trace')).toMatchObject({
    status: 404,
    json: { error: 'The trace of this session is not kept' },
  });
  expect(await control(fake, 'GET sessions/s1/judge')).toMatchObject({
    status: 404,
    json: { error: 'The trace of this session is not kept' },
  });
  expect((await control(fake, 'POST sessions/s1/close', {})).status).toBe(200);
  expect((await first.closed).code).toBe(1000);
  expect((await control(fake, 'GET sessions/s1/trace')).json).toMatchObject({ error: 'Unknown session' });
});

describe('a session', () => {
  it('sends text and bytes unchanged, and an object as compact JSON', async () => {
    await using fake = await startMockServer();
    await using client = dial(fake.urls.reson8.realtime);
    const [session] = await Promise.all([fake.nextSession(), client.open]);
    const bytes = new Uint8Array([0, 255, 128]);
    for (const message of ['{ not json', '', { a: [1, null, 'é'] }, [], null, bytes]) session.send(message);
    await client.settled();

    expect(client.messages.map(({ kind, text }) => (kind === 'text' ? text : kind))).toEqual([
      '{ not json',
      '',
      '{"a":[1,null,"é"]}',
      '[]',
      'null',
      'binary',
    ]);
    expect(new Uint8Array(client.messages[5]?.bytes ?? [])).toEqual(bytes);
  });

  it('sends nothing to a client that is gone', async () => {
    await using fake = await startMockServer();
    await using client = dial(fake.urls.reson8.realtime);
    const [session] = await Promise.all([fake.nextSession(), client.open]);
    client.terminate();
    await session.received('close');
    session.send('too late');
    session.close();
    for (const how of ['fin', 'reset', 'silence'] as const) session.abort(how);

    expect(session.closeCode).toBe(1006);
  });

  it.each([
    { closed: { code: 1000, reason: '' } },
    { code: 1011, closed: { code: 1011, reason: '' } },
    { code: 4321, reason: 'maintenance', closed: { code: 4321, reason: 'maintenance' } },
  ])('closes with $closed.code', async ({ code, reason, closed }) => {
    await using fake = await startMockServer();
    await using client = dial(fake.urls.reson8.realtime);
    const [session] = await Promise.all([fake.nextSession(), client.open]);
    session.close(code, reason);

    expect(await client.closed).toEqual(closed);

    await session.received('close');
    expect([session.isOpen, session.closeCode]).toEqual([false, closed.code]);
  });

  it.each([1006, 1005, 1015, 999, 0, 5000])('cannot close with %i, which is never sent', async (code) => {
    await using fake = await startMockServer();
    await using client = dial(fake.urls.reson8.realtime);
    const [session] = await Promise.all([fake.nextSession(), client.open]);

    expect(() => session.close(code)).toThrow();

    flush(client);
    await confirmation(client);
  });

  it.each(['fin', 'reset'] as const)(
    'aborted with %s ends TCP in that way, and WebSocket with 1006',
    async (how) => {
      await using fake = await startMockServer();
      await using client = await microphone(fake);
      const session = await fake.nextSession();
      session.abort(how);

      expect((await client.closed).code).toBe(1006);

      await session.received('close');
      expect(session.closeCode).toBe(1006);

      await using raw = await openRaw(fake.urls.reson8.realtime, KEY);
      const other = await fake.nextSession();
      // A FIN comes after what was sent before; a RST may overtake it.
      if (how === 'fin') other.send('last words');
      other.abort(how);

      expect(await raw.ended).toBe(how);

      if (how === 'fin') expect((await raw.nextFrame()).payload.toString()).toBe('last words');
      // There is no Close frame.
      expect(raw.bytes).toHaveLength(0);

      await other.received('close');
      expect([fake.sessions, fake.clock.pending]).toEqual([[], 0]);
    },
  );

  it.each(
    (['fin', 'reset', 'silence'] as const).flatMap((first) =>
      (['fin', 'reset', 'close'] as const).map((second) => ({ first, second })),
    ),
  )('may be aborted with $first and then end with $second', async ({ first, second }) => {
    const fake = await startMockServer();
    await using client = await openRaw(fake.urls.reson8.realtime, KEY);
    const session = await fake.nextSession();
    session.abort(first);
    if (second === 'close') session.close();
    else session.abort(second);
    // Silence also hides a Close, so such a session ends only when the client leaves or the server stops.
    if (first === 'silence' && second === 'close') client.reset();
    await session.received('close', { timeoutMs: 20_000 });

    expect([fake.sessions, fake.clock.pending]).toEqual([[], 0]);

    await fake.stop();
  });
});

describe('a session aborted with silence', () => {
  it.each(['at once', 'after a while'])('%s stays open and answers nothing', async (when) => {
    await using fake = await startMockServer();
    await using client = await openRaw(fake.urls.reson8.realtime, KEY);
    const session = await fake.nextSession();
    await using control = dial(fake.urls.reson8.realtime);
    await control.open;
    if (when !== 'at once') {
      client.write(frame(OPCODE.text, '{"type":"flush_request"}'));
      await client.nextFrame();
    }
    session.abort('silence');
    const flushes = session.count('flush');
    client.write(frame(OPCODE.ping, 'x'));
    client.write(frame(OPCODE.text, '{"type":"flush_request"}'));
    for (let i = 0; i < 10; i++) await control.settled();

    expect(client.bytes).toHaveLength(0);
    expect([session.isOpen, session.count('flush') - flushes, client.socket.readyState]).toEqual([
      true,
      0,
      'open',
    ]);
  });

  it('stays silent: no time-out message, no Close', async () => {
    await using fake = await startMockServer({ clock: 'manual' });
    await using client = await openRaw(microphoneUrl(fake));
    await using control = dial(fake.urls.reson8.realtime);
    await control.open;
    await control.settled();
    const session = await fake.nextSession();
    session.abort('silence');
    await fake.clock.advance(59_000);
    await control.settled();

    expect(client.bytes).toHaveLength(0);
    expect([session.isOpen, client.socket.readyState]).toEqual([true, 'open']);
  });

  it('is silent even when pings are due, and is not cut off for missing them', async () => {
    // Long enough for a busy machine to begin the silence before the first Ping is missed.
    await using fake = await startMockServer({ pingMs: 1000 });
    await using client = await openRaw(fake.urls.reson8.realtime, KEY);
    const session = await fake.nextSession();
    session.abort('silence');
    await using control = dial(fake.urls.reson8.realtime);
    await control.open;
    await control.settled();
    const before = client.bytes.length;
    let pings = 0;
    const threePings = new Promise<void>((resolve) => {
      control.socket.on('ping', () => {
        pings += 1;
        if (pings === 3) resolve();
      });
    });

    await threePings;
    await control.settled();

    expect(client.bytes).toHaveLength(before);
    expect([session.isOpen, client.socket.readyState]).toEqual([true, 'open']);
  });

  it('ends when the client ends it or the server stops', async () => {
    const fake = await startMockServer();
    await using first = await openRaw(fake.urls.reson8.realtime, KEY);
    await using second = await openRaw(fake.urls.reson8.realtime, KEY);
    const sessions = [await fake.nextSession(), await fake.nextSession()];
    for (const session of sessions) session.abort('silence');
    first.reset();
    await fake.stop();
    await second.ended;

    expect(sessions.map(({ isOpen }) => isOpen)).toEqual([false, false]);
  });
});
