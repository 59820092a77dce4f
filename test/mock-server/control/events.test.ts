import { writeFile } from 'node:fs/promises';
import type { z } from 'zod';
import { describe, expect, expectTypeOf, it } from 'vitest';
import type { eventShape } from '../../../src/mock-server/control/streams/event-shape.ts';
import { MOST_READERS } from '../../../src/mock-server/control/streams/events.ts';
import type { LiveEvent } from '../../../src/mock-server/feed/event.ts';
import { startMockServer } from '../../../src/mock-server/server.ts';
import { ask } from '../../support/clients/ask.ts';
import { control } from '../../support/clients/control.ts';
import { askForEvents, lookOn } from '../../support/clients/feed.ts';
import { silence } from '../../support/audio.ts';
import { folder } from '../../support/programs/folder.ts';
import { dial } from '../../support/reson8.ts';
import { microphone } from '../../support/scriptix/scriptix.ts';

const named = (event: LiveEvent['event']) => (found: LiveEvent) => found.event === event;

describe('the events of a fake', () => {
  it('report a connection: that it opens, how far it has come, and that it ends', async () => {
    await using fake = await startMockServer();
    await using reader = await lookOn(fake);
    await reader.next(named('start'));
    await using client = await microphone(fake, {
      query: { language: 'nl', scenario: 'first-partial-late' },
    });
    await client.sendAudio(silence(400), { frameBytes: 3200 });
    const progressed = await reader.next((event) => event.event === 'session' && event.audioMs === 400);
    client.close();

    expect(progressed).toMatchObject({ id: 's1', results: 0, frames: 5 });
    expect(progressed).toHaveProperty('atMs', expect.any(Number));
    expect(await reader.next(named('session-close'))).toMatchObject({ n: 2, id: 's1', audioMs: 400 });
    expect(reader.events[0]).toMatchObject({ event: 'start', next: 1 });
    expect(reader.events[1]).toMatchObject({
      ...{ n: 1, event: 'session-open', id: 's1', life: 'scriptix-microphone', edition: 'documents' },
      ...{ language: 'nl', scenario: 'first-partial-late' },
    });
    expect(reader.events.at(-1)).toMatchObject({ event: 'session-close' });
  });

  it('report refusals and calls, under the ids of their traces and without keys', async () => {
    await using fake = await startMockServer({ keys: ['good-key'] });
    await using reader = await lookOn(fake);
    await using client = dial(fake.urls.reson8.realtime, '', { Authorization: 'ApiKey secret-key' });
    await client.refused;
    await ask(`${fake.urls.scriptix.api}/status?token=secret-key`);
    const refused = await reader.next(named('refused'));
    const called = await reader.next(named('request'));

    expect(refused).toMatchObject({ id: 'h1', method: 'GET', status: 401 });
    expect(called).toMatchObject({ id: 'h2', path: '/api/v4/realtime/status', status: 401 });
    expect(JSON.stringify(reader.events)).not.toContain('secret-key');
    expect((await control(fake, 'GET sessions/h1/trace')).text).toContain('"status":401');
  });

  it('report changes of scenarios, the service and the clock, and a reset', async () => {
    await using fake = await startMockServer({ clock: 'manual' });
    await using reader = await lookOn(fake);
    await fake.addScenario('ends', { dialect: 'reson8', summary: 'Ends', server: [{ close: 4000 }] });
    await fake.setScenario('ends');
    fake.removeScenario('ends');
    await control(fake, 'PUT service', { state: 'starting' });
    await control(fake, 'POST clock/advance', { ms: 60_000 });
    await fake.reset({ journal: true, service: true });
    await reader.next(named('reset'));

    expect(reader.events.slice(1)).toEqual([
      { n: 1, atMs: 0, event: 'scenario', change: 'added', name: 'ends' },
      { n: 2, atMs: 0, event: 'scenario', change: 'default' },
      { n: 3, atMs: 0, event: 'scenario', change: 'removed', name: 'ends' },
      { n: 4, atMs: 0, event: 'service', state: 'starting' },
      { n: 5, atMs: expect.any(Number) as number, event: 'service', state: 'ready' },
      { n: 6, atMs: 60_000, event: 'clock', nowMs: 60_000 },
      { n: 7, atMs: 60_000, event: 'reset', parts: ['journal', 'service'] },
    ]);
  });

  it('report scenario files that are read again', async () => {
    await using place = await folder();
    const file = place.path('live.yaml');
    const ending = (step: string) => `dialect: reson8\nsummary: Ends\nserver: [{ ${step}: 4000 }]\n`;
    await writeFile(file, ending('close'));
    await using fake = await startMockServer({ scenarios: [place.path('')], watch: true });
    await using reader = await lookOn(fake);
    await reader.next(named('start'));
    await writeFile(file, ending('clsoe'));
    // A file may be read while it is being written; it then has another mistake first.
    await reader.next(
      (event) => event.event === 'scenario' && /live\.yaml:3:.*"close"/.test(event.message ?? ''),
    );
    await writeFile(file, ending('close'));
    const loaded = await reader.next((event) => event.event === 'scenario' && event.change === 'loaded');

    expect(loaded).toMatchObject({ name: 'live' });
  });

  it('continue after the number that a reader gives', async () => {
    await using fake = await startMockServer({ clock: 'manual' });
    {
      await using first = await lookOn(fake);
      await first.next(named('start'));
      await fake.clock.advance(1);
      await first.next((event) => event.event === 'clock' && event.n === 1);
    }
    await fake.clock.advance(1);
    await fake.clock.advance(1);
    await using second = await lookOn(fake, '?since=1');
    await second.next((event) => event.event === 'clock' && event.n === 3);

    expect(second.events).toMatchObject([{ event: 'start', next: 4 }, { n: 2 }, { n: 3 }]);
  });

  it('that were not kept are a gap, and a number from another run starts over', async () => {
    await using fake = await startMockServer({ clock: 'manual' });
    // No one reads, so they are only counted.
    for (let i = 0; i < 3; i++) await fake.clock.advance(1);
    await using late = await lookOn(fake, '?since=1');
    await using stranger = await lookOn(fake, '?since=99');
    await fake.clock.advance(1);
    const fourth = (event: LiveEvent) => event.event === 'clock' && event.n === 4;
    await Promise.all([late.next(fourth), stranger.next(fourth)]);

    expect(late.events).toMatchObject([{ event: 'start' }, { event: 'gap', missed: 2 }, { n: 4 }]);
    expect(stranger.events).toMatchObject([{ event: 'start', next: 4 }, { n: 4 }]);
  });

  it('are refused to readers beyond the maximum', async () => {
    await using fake = await startMockServer();
    const answers = await Promise.all(Array.from({ length: MOST_READERS }, () => askForEvents(fake)));
    const refused = await control(fake, 'GET events');

    expect(refused.status).toBe(429);

    answers[0]?.destroy();
    await expect
      .poll(async () => {
        const next = await askForEvents(fake);
        next.destroy();
        return next.statusCode;
      })
      .toBe(200);
    for (const answer of answers) answer.destroy();
  });

  it.each([
    ['since=-1', 'since does not fit'],
    ['since=x', 'since does not fit'],
    ['from=1', 'Unknown parameter'],
  ])('are refused for %s', async (query, error) => {
    await using fake = await startMockServer();
    const { status, json } = await control(fake, `GET events?${query}`);

    expect([status, json]).toMatchObject([400, { error }]);
  });

  it('need the control token', async () => {
    await using fake = await startMockServer({ controlToken: 'open-sesame' });

    expect((await control(fake, 'GET events')).status).toBe(401);
  });

  it('end as soon as the server stops', async () => {
    const fake = await startMockServer();
    const reader = await lookOn(fake);
    await reader.next(named('start'));
    const closed = new Promise((resolve) => reader.answer.on('close', resolve));
    await fake.stop();
    await closed;
  });

  it('are only counted when no one reads them', async () => {
    await using fake = await startMockServer();
    await using client = dial(fake.urls.reson8.realtime);
    await client.open;
    client.close();
    await client.closed;
    await expect.poll(() => fake.sessions.length).toBe(0);
    await using reader = await lookOn(fake, '?since=0');
    await reader.next(named('gap'));

    expect(reader.events).toMatchObject([
      { event: 'start', next: 3 },
      { event: 'gap', missed: 2 },
    ]);
  });

  it('have the type that their schema says', () => {
    expectTypeOf<LiveEvent['event']>().toEqualTypeOf<z.infer<typeof eventShape>['event']>();
    // The type and the documented schema have the same fields.
    expectTypeOf<Fields<z.infer<typeof eventShape>>>().toEqualTypeOf<Fields<LiveEvent>>();
  });
});

/** The names of the fields of each event. */
type Fields<T extends { readonly event: string }> = {
  [E in T['event']]: T extends { readonly event: infer Own } ? (E extends Own ? keyof T : never) : never;
};
