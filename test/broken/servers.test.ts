import { beforeAll, describe, expect, test } from 'vitest';
import type { Verdict } from '../../src/conformance/judge/result.ts';
import { EXIT_CODES } from '../../src/conformance/report/report.ts';
import { runConformance } from '../../src/conformance/run-server.ts';
import { isKnownIn } from '../../src/protocol/edition-range.ts';
import { DEFAULT_EDITIONS } from '../../src/protocol/editions.ts';
import { requirementsFor } from '../../src/protocol/requirements.ts';
import { HOSTILE } from './hostile.ts';
import { judged, WITHOUT_TURNS, type ServiceName } from './harness/judge.ts';
import type { Mutating } from './harness/mutation.ts';
import { legalReson8 } from './legal/reson8.ts';
import { legalTurns } from './legal/reson8-turns.ts';
import { legalScriptix } from './legal/scriptix.ts';
import { PATIENCE } from './harness/patience.ts';
import { inRoom } from './harness/room.ts';
import { brokenVerdict, differences, requirement } from './harness/reference.ts';
import { BROKEN_SERVERS, UNBREAKABLE } from './servers.ts';
import { brokenInEditions, legalInEditions } from './servers/editions.ts';

const DIALECTS: readonly ServiceName[] = ['scriptix', 'reson8', 'reson8-turns'];
const ALL = [
  'scriptix',
  'scriptix-stream',
  'scriptix-rest',
  'reson8',
  'reson8-turns',
  'reson8-rest',
] as const;

// Those that begin with a later edition are in test/conformance/editions.
test('There is a broken server for each requirement of the documents that a server can break', () => {
  const covered = new Set([...BROKEN_SERVERS, ...UNBREAKABLE].map(({ id }) => id));
  const judgeable = requirementsFor(ALL, 'server')
    .filter(({ check }) => check.kind === 'invariant')
    .filter((each) => isKnownIn(each, DEFAULT_EDITIONS));

  expect(judgeable.filter(({ id }) => !covered.has(id)).map(({ id }) => id)).toEqual([]);
});

test('There are enough servers that are unusual and allowed, and each is told once', () => {
  const told = [...legalScriptix, ...legalReson8, ...legalTurns].map(
    ({ dialect, does }) => `${dialect}: ${does}`,
  );

  expect(told.length).toBeGreaterThanOrEqual(20);
  expect(new Set(told).size).toBe(told.length);
});

describe.each(DIALECTS)('The conforming fake as %s', (dialect) => {
  // Three at once: judging a long run keeps the fakes of the others from answering.
  test.concurrent.for([1, 2, 3])('passes everything with seed %i', async (seed, { expect }) => {
    const { report, counterexamples } = await judged(
      dialect,
      { fake: { speed: 1 } },
      { seed, profile: 'full', tolerances: {} },
    );
    const open = report.requirements.filter(({ verdict }) => !['pass', 'not-applicable'].includes(verdict));

    expect(open).toEqual([]);
    expect(counterexamples).toEqual([]);
    expect(report.outcome).toBe('conforming');
  });
});

describe.concurrent('A server that', () => {
  const cases = DIALECTS.flatMap((dialect) => HOSTILE.map((hostile) => ({ dialect, ...hostile })));
  test.for(cases)(
    '$does is never conforming as $dialect, and never keeps the runner',
    async ({ dialect, start }, context) => {
      await using server = await start();
      const { report } = await inRoom(() =>
        runConformance({
          dialect,
          url: `ws://127.0.0.1:${server.port}`,
          credentials: { valid: 'a-key', user: 'b-key', invalid: 'c-key' },
          profile: 'quick',
          concurrency: 40,
          // Answers are not awaited for as long as they would be from a friendly server.
          tolerances: { ...PATIENCE, controlMs: 1000, establishMs: 1000 },
        }),
      );

      context.expect([1, 3]).toContain(EXIT_CODES[report.outcome]);
    },
  );
});

const EDITIONS = [
  { dialect: 'scriptix', edition: 'examples', editions: { scriptix: 'examples' } },
  { dialect: 'scriptix', edition: 'kaldi', editions: { scriptix: 'kaldi' } },
  { dialect: 'reson8', edition: '2026-08', editions: { reson8: '2026-08' } },
] as const;

describe.each(EDITIONS)('A server of the edition $edition', ({ dialect, edition, editions }) => {
  const run = (mutating: Mutating) => {
    const mutation = typeof mutating === 'function' ? mutating() : mutating;
    return judged(dialect, { ...mutation, fake: { ...mutation.fake, editions } }, { editions });
  };
  let reference: ReadonlyMap<string, Verdict>;
  beforeAll(async () => {
    const { report } = await run(dialect === 'reson8' ? WITHOUT_TURNS : {});
    const open = report.requirements.filter(({ verdict }) => verdict !== 'pass');
    expect(open.filter(({ verdict }) => verdict !== 'not-applicable')).toEqual([]);
    reference = new Map(report.requirements.map(({ id, verdict }) => [id, verdict]));
  });

  const broken = brokenInEditions.filter((each) => each.edition === edition);
  describe.concurrent('that breaks a requirement', () => {
    test.for(broken)('$id: $breaks', async (server, context) => {
      const { id, mutation, unavoidable = [] } = server;
      const found = differences(reference, await run(mutation));
      const allowed = [id, ...unavoidable.map((each) => each.id)];
      context.expect(found.filter((each) => !allowed.includes(each.id))).toEqual([]);
      context
        .expect(found.find((each) => each.id === id))
        .toMatchObject({ verdict: brokenVerdict(requirement(id)) });
    });
  });

  const legal = legalInEditions.filter((each) => each.edition === edition);
  describe.concurrent('that is unusual and allowed', () => {
    test.for(legal)('$does ($because)', async ({ mutation }, context) => {
      const { report } = await run(mutation);
      const findings = report.requirements.filter(({ verdict }) => verdict === 'fail' || verdict === 'warn');
      context.expect(findings).toEqual([]);
      context.expect(report.outcome).toBe('conforming');
    });
  });
});
