import { describe, expect, it } from 'vitest';
import { madeUpLike } from '../../../src/conformance/causes/made-up.ts';
import { fileOrProbe } from '../../../src/conformance/player/probes.ts';
import { runConformance, type ConformanceOptions } from '../../../src/conformance/run-server.ts';
import { startMockServer } from '../../../src/mock-server/server.ts';

/* A valid key given as the bad one used to make the runner say that the vendor accepts clients without a key. */

const KEYS = ['gold-key-1:admin', 'plain:user', 'bob-the-second:admin'];
const REFUSALS = {
  scriptix: ['SX-CONN-011', 'SX-REST-010'],
  reson8: ['R8-AUTH-007'],
} as const;
/** Requirements that only a bad token exercises: SX-REST-010 is also about a missing one. */
const OF_BAD_TOKENS = { scriptix: 'SX-CONN-011', reson8: 'R8-AUTH-007' } as const;
/** Requirements that say the same about a token that is really bad. */
const WITH = {
  scriptix: ['SX-CONN-005', 'SX-CONN-011', 'SX-REST-010'],
  reson8: ['R8-CONN-001', 'R8-AUTH-007', 'R8-ERR-001'],
} as const;

const PROBES = {
  scriptix: ['scriptix/token-invalid', 'scriptix/ping', 'scriptix-rest/key-invalid'],
  reson8: ['reson8/token-invalid', 'reson8/ping'],
} as const;

async function runOf(
  dialect: 'scriptix' | 'reson8',
  keys: readonly string[],
  options: Partial<ConformanceOptions> = {},
) {
  await using fake = await startMockServer({ keys });
  const run = await runConformance({
    dialect,
    url: fake.urls.url.replace('http', 'ws'),
    credentials: { valid: 'gold-key-1', user: 'plain', invalid: 'bob-the-second' },
    profile: 'quick',
    scenarios: await Promise.all(PROBES[dialect].map(fileOrProbe)),
    only: [...WITH[dialect]],
    ...options,
  });
  const { report } = run;
  const failed = report.requirements
    .filter(({ verdict }) => verdict === 'fail' || verdict === 'warn')
    .map(({ id }) => id);
  const madeUp = run.plays.filter(({ name }) => name.startsWith('made-up-token/')).map(({ name }) => name);
  return { report, failed, causes: report.causes ?? [], madeUp };
}

describe.each(['scriptix', 'reson8'] as const)('a bad token for %s', (dialect) => {
  it('that is accepted fails no requirement where a made-up one is refused, as it is a good one', async () => {
    const { report, failed, causes } = await runOf(dialect, KEYS);
    expect(failed).toEqual([]);
    expect(report.outcome).toBe('incomplete');
    expect(causes).toHaveLength(1);
    expect(causes[0]).toMatch(
      /^The credential of --bad-token \(credentials\.invalid in the library\) is accepted although a made-up one is refused, at .* \(.+\): the service knows it,/,
    );

    const result = report.requirements.find(({ id }) => id === OF_BAD_TOKENS[dialect]);
    expect(result).toMatchObject({ verdict: 'not-exercised', reason: causes[0] });
    expect(JSON.stringify(report)).not.toContain('bob-the-second');
  });

  it('that is accepted like any made-up one is a fault of the server', async () => {
    // Without a list of keys the fake accepts all but a few.
    const { failed, causes, madeUp } = await runOf(dialect, []);

    expect(failed).toEqual(expect.arrayContaining([...REFUSALS[dialect]]));
    expect(causes).toEqual([]);
    expect(madeUp).not.toEqual([]);
  });

  it('that is refused is not checked any further', async () => {
    const { failed, causes, madeUp } = await runOf(dialect, ['gold-key-1:admin', 'plain:user']);
    expect([failed, causes, madeUp]).toEqual([[], [], []]);
  });
});

it('a made-up token looks like the given one, differs from it, and is the same for the same seed', () => {
  const token = 'eyJhbGci.Ab12-_x/9'.repeat(3);
  const madeUp = madeUpLike(token, 1);

  expect(madeUp).not.toBe(token);
  expect(madeUp.replaceAll(/[a-z]/g, 'a').replaceAll(/[A-Z]/g, 'A').replaceAll(/\d/g, '0')).toBe(
    token.replaceAll(/[a-z]/g, 'a').replaceAll(/[A-Z]/g, 'A').replaceAll(/\d/g, '0'),
  );
  expect(madeUpLike(token, 1)).toBe(madeUp);
  expect(madeUpLike(token, 2)).not.toBe(madeUp);
  // It is not a token that anyone has by accident.
  expect(madeUpLike('x', 1)).toMatch(/^[a-z]{24}$/);
});
