import { expect, it, vi } from 'vitest';
import type { LiveEvent, Numbered } from '../../../src/mock-server/feed/event.ts';
import { RedisConnection } from '../../../src/mock-server/fleet/connection.ts';
import { BEAT, OPEN } from '../../../src/mock-server/fleet/scripts.ts';
import { control } from '../../support/clients/control.ts';
import { silence } from '../../support/audio.ts';
import { lookOn } from '../../support/clients/feed.ts';
import { connect } from '../../support/clients/client.ts';
import { client, expectAttemptsInTurn, expectSessionsTogether } from '../../support/fleet/together.ts';
import { fleetOf } from './replicas.ts';

it('replicas number sessions together, and calls find a session on any of them', async () => {
  await using fleet = await fleetOf(2);
  const [one, two = one] = fleet.replicas;
  await expectSessionsTogether(one, two);
});

it('what tests set on one replica has taken effect on all when the call is answered', async () => {
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

it('replicas ask Redis once for each upgrade', async () => {
  await using fleet = await fleetOf(2);
  const [one, two = one] = fleet.replicas;
  await control(one, 'PUT assignments/assigned', { scenario: 'first-partial-late' });
  using asked = vi.spyOn(RedisConnection.prototype, 'run');
  // By default, the client library creates one for each command, and keeps it for seconds.
  using timeouts = vi.spyOn(AbortSignal, 'timeout');
  const UPGRADES = 20;
  for (let i = 0; i < UPGRADES; i++) {
    await using each = await client(i % 2 === 0 ? one : two, i % 3 === 0 ? 'assigned' : `t${i}`);
    expect(each.errors).toEqual([]);
  }
  // Heartbeats are not counted; the second replica may have to read the assignment first.
  const scripts = asked.mock.calls.map(([script]) => script).filter((script) => script !== BEAT);

  expect(timeouts).not.toHaveBeenCalled();
  expect(scripts.filter((script) => script === OPEN).length).toBeLessThanOrEqual(UPGRADES + 1);
  expect(scripts.filter((script) => script !== OPEN).length).toBeLessThanOrEqual(1);
});

const named = (event: LiveEvent['event']) => (found: LiveEvent) => found.event === event;
const opening = (id: string) => (found: LiveEvent) => found.event === 'session-open' && found.id === id;

it('a reader of one replica gets the events of all, from the first line on', async () => {
  await using fleet = await fleetOf(2);
  const [one, two = one] = fleet.replicas;
  for (const looked of [one, two]) {
    await using reader = await lookOn(looked);
    await reader.next(named('start'));
    await using here = await client(one, 'here');
    await using there = await client(two, 'there');
    there.send({ action: 'start' });
    await there.sendAudio(silence(100));
    await reader.next((event) => event.event === 'session' && event.audioMs > 0);
    const scenario = { dialect: 'scriptix', summary: 'Ends', server: [{ close: 4001 }] };
    await control(two, 'POST scenarios', { name: looked === one ? 'first' : 'second', scenario });
    here.close();
    there.close();
    const told = () =>
      (['session-open', 'session-close', 'scenario', 'gap'] as const).map(
        (name) => reader.events.filter(named(name)).length,
      );
    // A replica learns of what tests set with its next heartbeat at the latest.
    await expect.poll(told).toEqual([2, 2, 1, 0]);
  }
});

it('the events of all replicas are numbered together, so that a reader can continue through another one', async () => {
  await using fleet = await fleetOf(3);
  const [one, two = one, three = one] = fleet.replicas;
  // No one reads the events.
  for (const fake of [one, two, three]) {
    await using each = await client(fake, 'before');
    expect(each.errors).toEqual([]);
    each.close();
    await each.closed;
  }

  await expect
    .poll(async () => (await control(one, 'GET sessions?open=false')).json)
    .toMatchObject({ sessions: [{ id: 's1' }, { id: 's2' }, { id: 's3' }] });

  let last = 0;
  {
    await using reader = await lookOn(two, '?since=0');
    await using open = await client(three, 'first');
    const first = await reader.next(opening('s4'));
    expect(reader.events).toMatchObject([{ event: 'start', next: 7 }, { event: 'gap', missed: 6 }, { n: 7 }]);
    last = (first as Numbered).n;
    expect(open.errors).toEqual([]);
    // It ends while no one reads the events.
  }
  await using open = await client(two, 'second');
  await using reader = await lookOn(three, `?since=${last}`);
  await reader.next(opening('s5'));

  expect(reader.events.filter(({ event }) => event !== 'session')).toMatchObject([
    { event: 'start' },
    { n: 8, event: 'session-close', id: 's4' },
    { n: 9, event: 'session-open', id: 's5' },
  ]);
  expect(open.errors).toEqual([]);
});

it('when the replica that numbers events has ended, another one does, and readers that return start over', async () => {
  await using fleet = await fleetOf(2);
  const [one, two = one] = fleet.replicas;
  await using before = await lookOn(two);
  await before.next(named('start'));
  await fleet.replicas[0].stop();
  await expect.poll(() => before.answer.destroyed || before.answer.complete).toBe(true);
  await using reader = await lookOn(two, '?since=0');
  await using open = await client(two, 'open');
  await reader.next(opening('s1'));

  const [start, opened] = reader.events;
  expect((start as { next: number }).next).toBeGreaterThan(10 ** 6);
  expect(opened).toMatchObject({ event: 'session-open', n: (start as { next: number }).next });
  expect(open.errors).toEqual([]);
});
