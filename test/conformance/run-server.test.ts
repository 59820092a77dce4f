import { expect, it } from 'vitest';
import { judged } from '../broken/harness/judge.ts';
import { PATIENCE } from '../broken/harness/patience.ts';

/** The usual limits of time: nothing is late here, unless the machine is. What keeps the runner busy keeps the fake, too. */
const USUAL = { stallMs: PATIENCE.stallMs };

it.concurrent.each(['scriptix', 'reson8', 'reson8-turns'] as const)(
  'a whole run against the fake of %s has no findings, and exercises everything',
  { timeout: 120_000 },
  async (dialect) => {
    const { report } = await judged(dialect, {}, { tolerances: USUAL });

    expect(report.outcome).toBe('conforming');

    const open = report.requirements.filter(({ verdict }) => !['pass', 'not-applicable'].includes(verdict));
    expect(open).toEqual([]);
  },
);
