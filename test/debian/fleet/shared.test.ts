import { expect, it } from 'vitest';
import { control } from '../../support/clients/control.ts';
import { silence } from '../../support/audio.ts';
import { connect } from '../../support/clients/client.ts';
import { client, expectAttemptsInTurn, expectSessionsTogether } from '../../support/fleet/together.ts';
import { fleetOf } from './replicas.ts';

it('numbers sessions together, and every call finds a session wherever it lives', async () => {
  await using fleet = await fleetOf(2);
  const [one, two = one] = fleet.replicas;
  await expectSessionsTogether(one, two);
});

it('takes what tests say to one replica for all of them, before the call is answered', async () => {
  await using fleet = await fleetOf(2);
  const [one, two = one] = fleet.replicas;
  await expectAttemptsInTurn(one, two);
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
