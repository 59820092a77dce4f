import { describe, expect, test } from 'vitest';
import { isKnownIn } from '../../src/protocol/edition-range.ts';
import { DEFAULT_EDITIONS } from '../../src/protocol/editions.ts';
import { requirementsFor } from '../../src/protocol/requirements.ts';
import { judged, type ServiceName } from './harness/judge.ts';
import { legalReson8 } from './legal/reson8.ts';
import { legalTurns } from './legal/reson8-turns.ts';
import { legalScriptix } from './legal/scriptix.ts';
import { BROKEN_SERVERS, UNBREAKABLE } from './servers/servers.ts';

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
test('there is a broken server for each requirement of the documents that a server can break', () => {
  const covered = new Set([...BROKEN_SERVERS, ...UNBREAKABLE].map(({ id }) => id));
  const judgeable = requirementsFor(ALL, 'server')
    .filter(({ check }) => check.kind === 'invariant')
    .filter((each) => isKnownIn(each, DEFAULT_EDITIONS));

  expect(judgeable.filter(({ id }) => !covered.has(id)).map(({ id }) => id)).toEqual([]);
});

test('there are enough servers that are unusual but allowed, and each is listed once', () => {
  const told = [...legalScriptix, ...legalReson8, ...legalTurns].map(
    ({ dialect, does }) => `${dialect}: ${does}`,
  );

  expect(told.length).toBeGreaterThanOrEqual(20);
  expect(new Set(told).size).toBe(told.length);
});

describe.each(DIALECTS)('the conforming fake as %s', (dialect) => {
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
