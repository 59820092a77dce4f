import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { readFileAs } from '../../src/scenario/catalog.ts';
import { playScenario } from '../support/scenarios/player.ts';
import { startStage, warmUp } from '../support/servers/stage.ts';

/** It is hard to see from the other side that a server does not read: buffers take more than a client sends. */
it.each([
  ['stalled-reading', 30],
  ['reading-never-resumes', 10],
])('%s: the server has read at most %i of 30 frames with audio in the end', async (name, most) => {
  const folder = fileURLToPath(new URL('../../scenarios/', import.meta.url));
  const scenario = await readFileAs(`${folder}scriptix/${name}.yaml`);
  await using stage = await startStage([folder]);
  const { fake, origin, time } = stage;
  await warmUp(stage);
  const before = fake.sessions.length;
  const played = playScenario(scenario, { urls: fake.urls, time, recordings: origin.url }, 'some-token');
  let session = await fake.nextSession();
  while (!session.isOpen) session = await fake.nextSession();
  await played;

  expect(before).toBe(0);
  expect(session.count('audio')).toBeLessThanOrEqual(most);
  expect(session.count('audio')).toBeGreaterThan(most - 10);
});
