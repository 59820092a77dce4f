import { describe, test } from 'vitest';
import { titled } from '../support/titled.ts';
import { judged } from './harness/judge.ts';
import { WITHHOLDING } from './withholding.ts';

/*
 * A refused key, a missing path and a service that was down failed every requirement that was tried meanwhile, and
 * a server that sent nothing passed all requirements that forbid to send something.
 */
describe.concurrent('a server that withholds something', () => {
  test.for(titled(WITHHOLDING, ({ dialect, does }) => `${dialect}: it ${does}`))(
    'gets no verdict on what it withholds, in %s',
    async ([, server], { expect }) => {
      const { dialect, mutation, options, outcome, told, breaks, unseen } = server;
      const { report } = await judged(dialect, mutation, options);
      const { requirements, causes = [] } = report;

      expect(causes.map((cause, i) => cause.slice(0, told[i]?.length))).toEqual(told);

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
    },
  );
});
