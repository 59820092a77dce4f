import { expect, it } from 'vitest';
import { Budget } from '../../../src/conformance/player/budget.ts';
import { playProbes } from '../../../src/conformance/player/play-probes.ts';
import type { Played } from '../../../src/conformance/player/play-scenario.ts';
import { startMockServer } from '../../../src/mock-server/server.ts';
import { scenarioOf } from '../../support/scenarios/scenario.ts';
import { targetAt } from './target.ts';

/*
 * A session that was meant to be alone was so only within its probe, while those of other probes went on. A server that
 * gave each session the words of another did so there too, so its words for a recording alone already came from
 * another.
 */
it('a probe that compares a session alone with simultaneous ones is played while no other probe of its dialect goes on', async () => {
  await using fake = await startMockServer();
  const target = targetAt(fake.urls.url.replace('http', 'ws'));
  const leaves = [{ wait: '50ms' }, { close: 1000 }];
  const scenario = (name: string, dialect: string, client: unknown) => ({
    ...scenarioOf(undefined, { client, dialect }),
    name,
  });
  const compared = { sessions: [{ steps: leaves }, { 'at-once': true, steps: leaves }] };
  const plays: Played[] = [];
  using budget = new Budget({ audioMs: 1000, sessions: 100, timeMs: 100_000 }, target.clock);
  const notes = await playProbes(
    [
      scenario('a', 'reson8', leaves),
      scenario('b', 'reson8', leaves),
      scenario('compared', 'reson8', compared),
      scenario('compared', 'scriptix', compared),
      scenario('z', 'reson8', leaves),
    ],
    {
      target,
      means: { credentials: target.credentials, streamSource: undefined, mayInitialize: false },
      budget,
      concurrency: 10,
      plays,
      onProgress: () => undefined,
    },
  );

  expect(notes).toEqual([]);
  expect(plays.map(({ name }) => name)).toEqual([
    'reson8/a',
    'reson8/b',
    'reson8/compared',
    'reson8/z',
    'scriptix/compared',
  ]);

  const undisturbed = plays.find(({ name }) => name === 'reson8/compared');
  const endMs = (undisturbed?.beganMs ?? NaN) + (undisturbed?.events.at(-1)?.atMs ?? NaN);
  const others = plays.filter((each) => /^reson8\/.$/.test(each.name));

  expect(others).toHaveLength(3);

  // The times of events are rounded.
  for (const { beganMs } of others) expect(beganMs).toBeGreaterThanOrEqual(Math.floor(endMs));
});
