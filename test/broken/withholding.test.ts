import { describe, test } from 'vitest';
import { judged } from './harness/judge.ts';
import { WITHHOLDING } from './withholding.ts';

/*
 * A key that was refused, a path where nothing is and a service that was down failed whatever was asked for meanwhile, and
 * a server that said nothing passed all that asks it not to say something.
 */
describe.concurrent('A server that withholds', () => {
  test.for(WITHHOLDING)('$dialect: it $does', async (server, { expect }) => {
    const { dialect, mutation, options, outcome, told, breaks, unseen } = server;
    const { report } = await judged(dialect, mutation, options);
    const { requirements, causes = [] } = report;

    expect(causes).toEqual(told.map((sentence) => expect.stringMatching(`^${sentence}`) as string));

    const findings = requirements.filter(({ verdict }) => verdict === 'fail' || verdict === 'warn');
    const said = findings.map(({ id, actual }) => `${id}: ${actual ?? ''}`).join('\n');
    expect(
      findings.map(({ id }) => id),
      said,
    ).toEqual(breaks);

    for (const beginning of unseen) {
      const own = requirements.filter(({ id }) => id.startsWith(beginning));
      expect(own.length, beginning).toBeGreaterThan(0);
      expect(own.filter(({ verdict }) => verdict === 'pass').map(({ id }) => id)).toEqual([]);
      // The reason why it was not seen is the cause, if there is one.
      const reasons = own.flatMap(({ verdict, reason = '' }) =>
        verdict === 'not-exercised' ? [reason] : [],
      );
      const isExplained = (reason: string) => told.some((sentence) => reason.includes(sentence));
      if (told.length > 0) expect(reasons.filter((reason) => !isExplained(reason))).toEqual([]);
    }
    expect(report.outcome).toBe(outcome);
  });
});
