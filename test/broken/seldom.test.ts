import { describe, test } from 'vitest';
import { titled } from '../support/titled.ts';
import { judged } from './harness/judge.ts';
import { PATIENCE } from './harness/patience.ts';
import { SELDOM } from './servers/seldom.ts';

/** Only generated sessions: what a probe shows is not repeated. */
const GENERATED = {
  scenarios: [],
  runs: 12,
  pace: 60,
  profile: 'full',
  shrinkMs: 60_000,
  // Generated sessions wait 3 s for a confirmation, on a busy machine as well: more patience would see nothing.
  tolerances: { ...PATIENCE, controlMs: 2500 },
} as const;

/*
 * A counterexample that failed 0 of 3 times was a failure all the same, or was outweighed by all sessions without it.
 * A message that did not come once may be due to the moment: this is neither a failure nor a pass.
 */
describe.concurrent('a fault that a server has only once', () => {
  test.for(titled(SELDOM, ({ verdict, id, breaks }) => `${verdict} on ${id}: ${breaks}`))(
    'leads to the verdict %s',
    async ([, { id, mutation, verdict }], { expect }) => {
      const { report } = await judged('reson8', mutation, { ...GENERATED, only: [id] });

      const result = report.requirements.find((each) => each.id === id);

      expect(result).toMatchObject({ verdict, determinism: '0/3 not reproduced' });
      expect(report.outcome).toBe(verdict === 'fail' ? 'violations' : 'incomplete');
    },
  );
});
