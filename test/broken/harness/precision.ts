import { beforeAll, describe, expect, test } from 'vitest';
import { probesOf } from '../../../src/conformance/player/probes.ts';
import type { Verdict } from '../../../src/conformance/judge/result.ts';
import type { Scenario } from '../../../src/scenario/scenario.ts';
import type { Legal } from './broken.ts';
import { judged, verdictsOf, WITHOUT_TURNS, type ServiceName } from './judge.ts';
import { judgedAgain } from './only.ts';
import { brokenVerdict, differences, requirement, strictVerdict } from './reference.ts';
import { BROKEN_SERVERS } from '../servers/servers.ts';
import { titled } from '../../support/titled.ts';

/** Which of several test files this is. Each has its own process and its own share of the servers. */
interface Shard {
  readonly index: number;
  readonly count: number;
}

/**
 * The tests of the servers of one service: each is compared with the conforming fake, in every verdict. A service with many
 * servers has several files, which run beside each other.
 */
export function testPrecision(
  dialect: ServiceName,
  legal: readonly Legal[],
  { index, count }: Shard = { index: 1, count: 1 },
): void {
  const isOurs = (_each: unknown, place: number) => place % count === index - 1;
  let reference: ReadonlyMap<string, Verdict>;
  let probes: readonly Scenario[];
  beforeAll(async () => {
    probes = await probesOf(dialect);
    reference = verdictsOf(await judged(dialect, dialect === 'reson8' ? WITHOUT_TURNS : {}));
    const open = [...reference].filter(([, verdict]) => verdict !== 'pass' && verdict !== 'not-applicable');
    expect(open).toEqual([]);
  });

  describe.concurrent('a broken server', () => {
    const broken = BROKEN_SERVERS.filter((each) => each.dialect === dialect).filter(isOurs);
    test.for(titled(broken, ({ id, breaks }) => `${id}, as it ${breaks}`))(
      'is found to break %s',
      async ([, server], context) => {
        const { id, mutation, unavoidable = [], isDoubtful = false } = server;
        const run = await judged(dialect, mutation);
        const found = differences(reference, run);
        const allowed = [id, ...unavoidable.map((each) => each.id)];
        context.expect(found.filter((each) => !allowed.includes(each.id))).toEqual([]);
        const occasional = unavoidable.filter(({ isOccasional = false }) => isOccasional);
        const expected = allowed.filter((each) => !occasional.some((other) => other.id === each));
        context.expect(found.map((each) => each.id)).toEqual(context.expect.arrayContaining(expected));
        const verdict = brokenVerdict(requirement(id));
        context.expect(verdictsOf(run).get(id)).toBe(verdict);
        context.expect(strictVerdict(id, run)).toBe(isDoubtful ? 'warn' : 'fail');
        context.expect(judgedAgain(run, id, probes).verdict).toBe(verdict);
        const hasFailed = found.some((each) => each.verdict === 'fail');
        context.expect(run.report.outcome).toBe(hasFailed ? 'violations' : 'conforming');
      },
    );
  });

  describe.concurrent('a server that is unusual but allowed', () => {
    test.for(titled(legal.filter(isOurs), ({ does, because }) => `${does} (${because})`))(
      'has no findings: %s',
      async ([, { mutation }], context) => {
        const run = await judged(dialect, mutation);
        const findings = differences(reference, run).filter(({ verdict }) => {
          return verdict !== 'pass' && verdict !== 'not-applicable' && verdict !== 'not-exercised';
        });
        context.expect(findings).toEqual([]);
        context.expect(run.report.outcome).toBe('conforming');
      },
    );
  });
}
