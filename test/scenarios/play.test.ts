import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bundledFiles, readFileAs } from '../../src/scenario/catalog.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';
import { judge } from '../support/scenarios/judge.ts';
import { playScenario, type Played, type Target } from '../support/scenarios/player.ts';
import { playTogether, type Part } from '../support/scenarios/together.ts';
import { startStage, warmUp, type Stage } from '../support/stage.ts';

/** Every bundled scenario, played by its own client against the fake. */
const SCENARIOS = fileURLToPath(new URL('../../scenarios/', import.meta.url));
const scenarios = await Promise.all(
  (await bundledFiles()).map(async ({ path }) => ({
    file: path.slice(SCENARIOS.length),
    scenario: await readFileAs(path),
  })),
);

const DAY_MS = 86_400_000;

interface Play extends Part {
  readonly file: string;
}

const played: readonly Play[] = scenarios.map(({ file, scenario }) => {
  return { file, scenario, token: tokenOf(file, 'played') };
});

/** What a server does by itself is the documented life: these ask for nothing else. */
const isOrdinary = ({ name, file }: Scenario) => name === 'happy-path' || file.server === undefined;

const ordinary: readonly Play[] = scenarios.flatMap(({ file, scenario }) => {
  return isOrdinary(scenario)
    ? []
    : [{ file, scenario: { ...scenario, name: '' }, token: tokenOf(file, 'ordinary') }];
});

/** A service is started for all of its clients, and a source is fetched while time passes: these are played alone. */
const isAlone = ({ scenario }: Part) =>
  !['scriptix', 'reson8', 'reson8-turns'].includes(scenario.file.dialect);

let stage: Stage;
let target: Target;
let together: ReadonlyMap<Part, Played>;
beforeAll(async () => {
  stage = await startStage([SCENARIOS]);
  target = { urls: stage.fake.urls, time: stage.time, recordings: stage.origin.url };
  await warmUp(stage);
  const parts = [...played, ...ordinary].filter((part) => !isAlone(part));
  together = await playTogether(parts, target);
}, 240_000);
afterAll(() => stage[Symbol.asyncDispose]());

function tokenOf(file: string, what: string): string {
  return `${what}-${file.replace(/\W/g, '-')}`;
}

async function mistakesOf(play: Play): Promise<readonly string[]> {
  const { scenario, token } = play;
  const seen = together.get(play) ?? (await playScenario(scenario, target, token));
  return judge(scenario.file.expect, seen);
}

it.each(played)('$file: its client sees what it expects', async (play) => {
  expect(await mistakesOf(play)).toEqual([]);
});

it.each(ordinary)(
  '$file: what it expects cannot be had of a server that knows nothing of it',
  async (play) => {
    expect(await mistakesOf(play)).not.toEqual([]);
  },
);

it('every connection of these clients is gone from the fake', async () => {
  expect(scenarios.length).toBeGreaterThan(0);

  // A server that does not read does not notice either that its client is gone.
  await stage.fake.clock.advance(DAY_MS);
  expect(await stage.time.until(() => stage.fake.sessions.length === 0, 60_000)).toBe(true);
});
