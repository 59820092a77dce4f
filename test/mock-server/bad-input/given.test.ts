import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MockServer } from '../../../src/mock-server/mock-server.ts';
import { startMockServer } from '../../../src/mock-server/server.ts';

// A number where a text belongs ended in "name.slice is not a function", or in nothing at all.
describe('a test in JavaScript that gives', () => {
  let fake: MockServer;
  beforeAll(async () => {
    fake = await startMockServer();
  });
  afterAll(() => fake.stop());

  it.each<readonly [string, (wrong: never) => unknown, unknown, string]>([
    [
      'a number as scenario',
      (wrong) => fake.assign('t', wrong),
      5,
      'assign(): scenario: expected a text, got a number',
    ],
    [
      'no token',
      (wrong) => fake.assign(wrong, 'happy-path'),
      undefined,
      'assign(): token: expected a text, got nothing',
    ],
    [
      'a number as default',
      (wrong) => fake.setScenario(wrong),
      5,
      'setScenario(): scenario: expected a text, got a number',
    ],
    [
      'numbers as defaults',
      (wrong) => fake.setScenario(wrong),
      [5],
      'expected a text, got a list of other values',
    ],
    [
      'no name',
      (wrong) => fake.addScenario(wrong, {}),
      null,
      'addScenario(): name: expected a text, got null',
    ],
    [
      'no scenario',
      (wrong) => fake.addScenario('x', wrong),
      undefined,
      'addScenario(): scenario: expected a text, got nothing',
    ],
    [
      'one expectation',
      (wrong) => fake.verify(wrong),
      {},
      'verify(): expected a list of expectations, got an object',
    ],
    ['a key', (keys) => startMockServer({ keys }), 'secret', 'keys: expected a list of texts, got a text'],
    [
      'a folder',
      (scenarios) => startMockServer({ scenarios }),
      'x',
      'scenarios: expected a list of texts, got a text',
    ],
    [
      'a number to start with',
      (scenario) => startMockServer({ scenario }),
      5,
      'scenario: expected a list of texts, got a number',
    ],
  ])('%s is told so', async (_what, call, wrong, told) => {
    const calling = async () => {
      await call(wrong as never);
    };

    await expect(calling()).rejects.toThrow(told);
  });
});
