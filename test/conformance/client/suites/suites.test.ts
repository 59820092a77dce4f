import type { Dialect } from '../../../../src/protocol/dialects.ts';
import { describe, expect, it } from 'vitest';
import { SUITES } from '../../../../src/conformance/client/suites/suites.ts';
import { NEEDS_REPORTS } from '../../../../src/conformance/client/reports/unreported.ts';
import { requirementsOf } from '../../../../src/conformance/judging/plays.ts';
import { REQUIREMENTS } from '../../../../src/protocol/requirements.ts';
import { bundledFiles } from '../../../../src/scenario/catalog.ts';

const bundled = (await bundledFiles()).map(({ path }) => path);
const dialects = Object.keys(SUITES) as Dialect[];

describe.each(dialects)('the suite of %s', (dialect) => {
  const { trials, beyond } = SUITES[dialect];
  const asked: readonly string[] = requirementsOf('client', [dialect], {}).map(({ id }) => id);
  const met = new Set<string>(trials.flatMap(({ ids }) => ids));

  it('exercises every requirement on clients, or says why not', () => {
    const reasons = new Map<string, string>(beyond.map(({ id, reason }) => [id, reason]));

    expect(asked.filter((id) => !met.has(id) && !reasons.has(id))).toEqual([]);
    expect([...met].filter((id) => !asked.includes(id))).toEqual([]);
    expect([...reasons.keys()].filter((id) => met.has(id) || !asked.includes(id))).toEqual([]);
  });

  it('has only bundled scenarios, each once, and each for a requirement', () => {
    const names = trials.map(({ name }) => name);

    expect(
      names.filter((name) => !bundled.some((path) => path.endsWith(`/${dialect}/${name}.yaml`))),
    ).toEqual([]);
    expect(new Set(names).size).toBe(names.length);

    for (const { name, ids, temptation } of trials) {
      expect(ids.length, name).toBeGreaterThan(0);
      expect(temptation, name).toMatch(/^[a-z].{10,}[^.]$/);
    }
  });
});

it('the requirements that need a client with reports are those that say so, and no others', () => {
  const say = REQUIREMENTS.filter(
    ({ side, check }) => side !== 'server' && check.kind === 'invariant' && /\breports\b/.test(check.witness),
  ).map(({ id }) => id);
  expect([...NEEDS_REPORTS].sort()).toEqual(say.sort());
});
