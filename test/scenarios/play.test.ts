import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bundledFiles, readFileAs } from '../../src/scenario/catalog.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';
import { judge } from '../support/scenarios/judge.ts';
import { playScenario, type Target } from '../support/scenarios/player.ts';
import { startStage, warmUp, type Stage } from '../support/servers/stage.ts';
import { titled } from '../support/titled.ts';

/** Every bundled scenario, played by its own client against the fake. */
const SCENARIOS = fileURLToPath(new URL('../../scenarios/', import.meta.url));
const scenarios = await Promise.all(
  (await bundledFiles()).map(async ({ path }) => ({
    file: path.slice(SCENARIOS.length),
    scenario: await readFileAs(path),
  })),
);

const DAY_MS = 86_400_000;

let stage: Stage;
let target: Target;
beforeAll(async () => {
  stage = await startStage([SCENARIOS]);
  target = { urls: stage.fake.urls, time: stage.time, recordings: stage.origin.url };
  await warmUp(stage);
}, 60_000);
afterAll(() => stage[Symbol.asyncDispose]());

const tokenOf = (file: string, what: string) => `${what}-${file.replace(/\W/g, '-')}`;

it.each(titled(scenarios, ({ file }) => file))(
  'the client of %s sees what it expects',
  async (_title, { file, scenario }) => {
    const played = await playScenario(scenario, target, tokenOf(file, 'played'));
    expect(judge(scenario.file.expect, played)).toEqual([]);
  },
);

/** These expect no more than what a server does without a scenario. */
const isOrdinary = ({ name, file }: Scenario) => name === 'happy-path' || file.server === undefined;

it.each(
  titled(
    scenarios.filter(({ scenario }) => !isOrdinary(scenario)),
    ({ file }) => file,
  ),
)(
  'the client of %s does not see what it expects from a server without the scenario',
  async (_title, { file, scenario }) => {
    const played = await playScenario({ ...scenario, name: '' }, target, tokenOf(file, 'ordinary'));
    expect(judge(scenario.file.expect, played)).not.toEqual([]);
  },
);

it('no connection of these clients is left open on the fake', async () => {
  expect(scenarios.length).toBeGreaterThan(0);

  // A server that does not read does not notice either that its client is gone.
  await stage.fake.clock.advance(DAY_MS);
  expect(await stage.time.until(() => stage.fake.sessions.length === 0, 60_000)).toBe(true);
});
