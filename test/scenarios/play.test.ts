import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bundledFiles, readFileAs } from '../../src/scenario/catalog.ts';
import { judge } from '../support/scenario-judge.ts';
import { playScenario } from '../support/scenario-player.ts';
import { startStage, warmUp, type Stage } from '../support/stage.ts';

/** Every bundled scenario, played by its own client against the fake. */
const files = await bundledFiles();
const SCENARIOS = fileURLToPath(new URL('../../scenarios/', import.meta.url));

const DAY_MS = 86_400_000;

let stage: Stage;
beforeAll(async () => {
  stage = await startStage([SCENARIOS]);
  await warmUp(stage);
});
afterAll(() => stage[Symbol.asyncDispose]());

it.each(files.map(({ path }) => [path.slice(SCENARIOS.length), path] as const))(
  '%s: its client sees what the file says',
  async (name, path) => {
    const scenario = await readFileAs(path);
    const { fake, origin, time } = stage;
    const target = { urls: fake.urls, time, recordings: origin.url };
    const played = await playScenario(scenario, target, `token-of-${name.replace(/\W/g, '-')}`);
    expect(judge(scenario.file.expect, played)).toEqual([]);
  },
);

it('every connection of these clients is gone from the fake', async () => {
  expect(files.length).toBeGreaterThan(0);
  // A server that does not read does not notice either that its client is gone.
  await stage.fake.clock.advance(DAY_MS);
  expect(await stage.time.until(() => stage.fake.sessions.length === 0, 60_000)).toBe(true);
});
