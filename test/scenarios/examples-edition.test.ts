import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundledFiles, readFileAs } from '../../src/scenario/catalog.ts';
import type { ScenarioFile } from '../../src/scenario/schema/schema.ts';
import { judge } from '../support/scenarios/judge.ts';
import { playScenario, type Target } from '../support/scenarios/player.ts';
import { startStage, warmUp, type Stage } from '../support/servers/stage.ts';

/** Every scenario of the microphone, in the edition of the vendor's published programs: they want listening first. */
const SCENARIOS = fileURLToPath(new URL('../../scenarios/', import.meta.url));
const scenarios = (
  await Promise.all((await bundledFiles()).map(async ({ path }) => readFileAs(path)))
).filter(({ file, path }) => file.dialect === 'scriptix' && !path.includes('probes'));

/** The scenarios that begin with something else, because they are about just that. */
const NOT_LISTENING: Readonly<Record<string, readonly unknown[]>> = {
  // The client is refused, or gets an error for its mistake.
  'audio-before-start': [{ error: 'Audio before the start command: send {"action":"start"} first' }],
  'refused-in-band': [{ error: 'Not authenticated' }],
  'start-never-sent': [{ error: 'Connection timeout: no start command within 15 seconds' }],
  'unreadable-command': [{ error: expect.stringContaining('Invalid JSON') as string }],
  // The service never listens.
  'connection-timeout': [{ error: 'Connection timeout: not established within 15 seconds' }],
  'no-listening': [expect.objectContaining({ is_final: false })],
  // The first message is what is wrong.
  'binary-result': [{ hex: Buffer.from('{"state":"listening"}').toString('hex') }],
  'two-objects-in-one-frame': ['{"state":"loading"}{"state":"listening"}'],
  'unknown-state': [{ state: 'warming_up' }],
};

/** The messages that come before listening in the other edition. */
const BEFORE = ['disconnected', 'connecting', 'loading'];

let stage: Stage;
let target: Target;
beforeAll(async () => {
  stage = await startStage([SCENARIOS], { editions: { scriptix: 'examples' } });
  target = { urls: stage.fake.urls, time: stage.time, recordings: stage.origin.url };
  await warmUp(stage);
});
afterAll(() => stage[Symbol.asyncDispose]());

type One = Extract<NonNullable<ScenarioFile['expect']>, readonly unknown[]>[number];

function withoutLoading(expected: One): One {
  if ('call' in expected) return expected;
  const { states, messages } = expected;
  const isLoading = (message: unknown) =>
    typeof message === 'object' && message !== null && 'state' in message && message.state === 'loading';
  return {
    ...expected,
    ...(states === undefined ? {} : { states: statesOf(states) }),
    ...(messages === undefined ? {} : { messages: messages.filter((message) => !isLoading(message)) }),
  };
}

function statesOf(states: readonly string[]): string[] {
  const at = states.indexOf('listening');
  return states.filter((state, i) => !BEFORE.includes(state) || (at >= 0 && i > at));
}

function expectedOf({ expect: all }: ScenarioFile): ScenarioFile['expect'] {
  return Array.isArray(all) ? all.map(withoutLoading) : all && withoutLoading(all);
}

describe('in the edition examples', () => {
  it.each(scenarios)(
    '$name begins with listening, and otherwise is the same',
    async ({ name, path, file }) => {
      const played = await playScenario({ name, path, file }, target, `examples-${name}`);
      const firsts = played.outcomes.flatMap(({ client }) =>
        client.messages.slice(0, 1).map(({ value }) => value),
      );
      const wrong = firsts.filter((first) => (first as { state?: unknown } | null)?.state !== 'listening');

      expect(judge(expectedOf(file), played)).toEqual([]);
      expect(wrong).toEqual(NOT_LISTENING[name] ?? []);
    },
  );
});
