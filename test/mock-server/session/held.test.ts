import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { MockServer } from '../../../src/mock-server/mock-server.ts';
import { startMockServer } from '../../../src/mock-server/server.ts';
import { dial } from '../../support/reson8.ts';

const RUNS = 500;

/**
 * The client requests this many confirmations, or the fake begins to hold messages, or releases some or all of them.
 */
const step = fc.oneof(
  fc.record({ does: fc.constant('ask' as const), count: fc.integer({ min: 1, max: 5 }) }),
  fc.record({ does: fc.constant('hold' as const) }),
  fc.record({ does: fc.constant('release' as const), count: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ does: fc.constant('release all' as const) }),
);

let fake: MockServer;
beforeAll(async () => {
  fake = await startMockServer();
});
afterAll(() => fake.stop());

it('however messages are held and released, all of them arrive in order', { timeout: 180_000 }, async () => {
  let held = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 15 }), async (steps) => {
      const opened = fake.nextSession();
      await using client = dial(fake.urls.reson8.realtime);
      const session = await opened;
      await client.open;
      let asked = 0;
      for (const each of steps) {
        if (each.does === 'ask') {
          const until = asked + each.count;
          while (asked < until) client.send({ type: 'flush_request', id: String((asked += 1)) });
          await session.received('flush', { count: asked });
        } else if (each.does === 'hold') session.hold();
        else held += session.release(each.does === 'release' ? each.count : undefined);
      }
      session.release();
      for (let i = 0; i < asked; i++) await client.next();

      const ids = client.values.map((value) => (value as { readonly id: string }).id);
      expect(ids).toEqual(Array.from({ length: asked }, (_, i) => String(i + 1)));
    }),
    { numRuns: RUNS },
  );

  expect(held).toBeGreaterThan(100);
});
