import { describe, test } from 'vitest';
import { stepCountOf } from '../../src/conformance/explore/reduce.ts';
import { titled } from '../support/titled.ts';
import { HISTORIES } from './servers/histories.ts';
import { judged } from './harness/judge.ts';
import type { Mutating } from './harness/mutation.ts';

const MOST_STEPS = 8;
/**
 * No probes, and many generated sessions, whose length does not matter here. The search has enough time for a busy
 * machine, because the size of its result is checked.
 */
const GENERATED = { scenarios: [], runs: 30, pace: 60, profile: 'full', shrinkMs: 480_000 } as const;

/** Nothing has to start the service, because there is no probe of the REST API. */
function ready(mutating: Mutating): Mutating {
  const mutation = typeof mutating === 'function' ? mutating() : mutating;
  return { ...mutation, fake: { service: { status: 'ready' } } };
}

describe.concurrent('a fault that needs a history', () => {
  test.for(titled(HISTORIES, ({ breaks }) => breaks))(
    'is not found by a probe: %s',
    async ([, { dialect, mutation }], { expect }) => {
      const { report } = await judged(dialect, mutation);
      const findings = report.requirements.filter(({ verdict }) => verdict === 'fail' || verdict === 'warn');

      expect(findings).toEqual([]);
      expect(report.outcome).toBe('conforming');
    },
  );

  const searches = HISTORIES.flatMap((history) => [1, 2, 3].map((seed) => ({ ...history, seed })));
  test.for(titled(searches, ({ seed, breaks }) => `seed ${seed}: ${breaks}`))(
    'is found by generated sessions of %s',
    async ([, { id, dialect, mutation, seed, isDoubtful = false }], { expect }) => {
      const run = await judged(dialect, ready(mutation), { ...GENERATED, only: [id], seed });
      const found = run.counterexamples.find((each) => each.id === id);
      expect(found?.result.determinism).toBe('3/3');

      if (found === undefined) return;
      expect(stepCountOf(found.file)).toBeLessThanOrEqual(MOST_STEPS);
      expect(run.report.outcome).toBe(isDoubtful ? 'conforming' : 'violations');
    },
  );
});
