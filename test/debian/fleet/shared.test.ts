import { expect, it } from 'vitest';
import { control, lines } from '../../support/clients/control.ts';
import { silence } from '../../support/audio.ts';
import { connect } from '../../support/clients/client.ts';
import { client, fleetOf } from './replicas.ts';

it('numbers sessions together, and every call finds a session wherever it lives', async () => {
  await using fleet = await fleetOf(2);
  const [one, two = one] = fleet.replicas;
  await using first = await client(one, 't1');
  await using second = await client(two, 't2');
  await using third = await client(one, 't3');
  await using fourth = await client(two, 't4');
  for (const each of [first, second, third, fourth]) {
    each.send({ action: 'start' });
    await each.sendAudio(silence(100));
  }
  const ids = ['s1', 's2', 's3', 's4'];
  const handed = [];
  for (const id of ids) {
    expect(await control(two, `GET sessions/${id}/wait?for=audio`)).toMatchObject({
      status: 200,
      json: { session: id },
    });
    handed.push((await control(one, 'GET sessions/next')).json);
    expect((await control(one, `GET sessions/${id}/count?of=start`)).json).toMatchObject({ count: 1 });
    const trace = lines((await control(two, `GET sessions/${id}/trace`)).text);
    expect(trace.some(({ kind, session }) => kind === 'binary' && session === id)).toBe(true);
  }
  expect(handed).toMatchObject(ids.map((id) => ({ id })));
  for (const fake of [one, two]) {
    expect((await control(fake, 'GET sessions')).json).toMatchObject({ sessions: ids.map((id) => ({ id })) });
    expect((await control(fake, 'GET sessions?limit=2&after=s1')).json).toMatchObject({
      sessions: [{ id: 's2' }, { id: 's3' }],
      next: 's3',
    });
    const expectations = [
      { of: 'start', exactly: 4 },
      { message: { action: 'start' }, exactly: 3 },
    ];
    expect((await control(fake, 'POST verify', { expectations })).json).toMatchObject({
      ok: false,
      results: [
        { ok: true, count: 4 },
        { ok: false, count: 4 },
      ],
    });
    expect((await control(fake, 'GET usage')).json).toMatchObject({
      total: { sessions: 4, audioSeconds: 0.4 },
    });
  }
  await control(two, 'POST sessions/s1/send', { text: 'hello' });
  expect(await first.next(({ text }) => text === 'hello', 'what was sent')).toBeDefined();
  await control(one, 'POST sessions/s2/close', { code: 4001, reason: 'enough' });
  expect(await second.closed).toEqual({ code: 4001, reason: 'enough' });
  expect(await control(two, 'GET sessions/s9')).toMatchObject({ status: 404 });
});

it('takes what tests say to one replica for all of them, before the call is answered', async () => {
  await using fleet = await fleetOf(2);
  const [one, two = one] = fleet.replicas;
  const attempts = {
    dialect: 'scriptix',
    summary: 'Three',
    server: { attempts: [[{ close: 4001 }], [{ close: 4002 }], [{ close: 4003 }]] },
  };
  expect(await control(one, 'POST scenarios', { name: 'in-turn', scenario: attempts })).toMatchObject({
    status: 201,
  });
  expect(await control(two, 'PUT assignments/own', { scenario: 'in-turn' })).toMatchObject({ status: 200 });
  const codes = [];
  for (const fake of [one, two, one, two]) {
    await using each = await client(fake, 'own');
    codes.push((await each.closed).code);
  }
  expect(codes).toEqual([4001, 4002, 4003, 4003]);
  expect(await control(one, 'DELETE assignments/own')).toMatchObject({ status: 204 });
  expect(await control(two, 'DELETE assignments/own')).toMatchObject({ status: 404 });

  await control(one, 'PUT scenario', { scenario: 'in-turn' });
  expect((await control(two, 'GET scenario')).json).toEqual({ scenario: { scriptix: 'in-turn' } });
  await using other = await client(two, 'any');
  expect((await other.closed).code).toBe(4001);

  await control(two, 'PUT service', { state: 'scaled_down' });
  expect((await control(one, 'GET service')).json).toEqual({ state: 'scaled_down' });
  await using open = await fleetClient(one);
  await control(two, 'POST reset');
  expect((await open.closed).code).toBe(1001);
  expect((await control(one, 'GET scenario')).json).toEqual({ scenario: {} });
  expect((await control(one, 'GET service')).json).toEqual({ state: 'ready' });
  expect((await control(one, 'GET sessions')).json).toEqual({ sessions: [], requests: [] });
});

async function fleetClient(fake: Parameters<typeof client>[0]) {
  const opened = connect(fake.urls.reson8.realtime, { headers: { authorization: 'ApiKey any' } });
  await opened.open;
  return opened;
}

it('tells those who look on at one replica what happens in all of them', async () => {
  await using fleet = await fleetOf(2);
  const [one, two = one] = fleet.replicas;
  const leaving = new AbortController();
  const answer = await fetch(`${one.urls.control}/events`, { signal: leaving.signal });
  const told: string[] = [];
  void (async () => {
    for await (const part of answer.body ?? []) told.push(Buffer.from(part as Uint8Array).toString());
  })().catch(() => undefined);
  await using here = await client(one, 'here');
  await expect.poll(() => told.join(''), { timeout: 10_000 }).toContain('"id":"s1"');
  // Those who look on elsewhere are heard a moment later.
  await new Promise((resolve) => setTimeout(resolve, 500));
  await using there = await client(two, 'there');
  await expect.poll(() => told.join(''), { timeout: 10_000 }).toContain('"event":"session-open","id":"s2"');
  there.send({ action: 'start' });
  await there.sendAudio(silence(100));
  await expect.poll(() => told.join(''), { timeout: 10_000 }).toContain('"event":"session","id":"s2"');
  await control(two, 'PUT service', { state: 'scaled_down' });
  await control(two, 'POST sessions/s2/close', {});
  await expect.poll(() => told.join(''), { timeout: 10_000 }).toContain('"event":"session-close","id":"s2"');
  await expect.poll(() => told.join('').match(/"event":"service"/g)?.length, { timeout: 10_000 }).toBe(1);
  expect(here.errors).toEqual([]);
  leaving.abort();
});
