import { beforeAll, describe, expect, test } from 'vitest';
import type { Verdict } from '../../src/conformance/judge/result.ts';
import { titled } from '../support/titled.ts';
import { judged, WITHOUT_TURNS } from './harness/judge.ts';
import type { Mutating } from './harness/mutation.ts';
import { brokenVerdict, differences, requirement } from './harness/reference.ts';
import { brokenInEditions, legalInEditions } from './servers/editions.ts';

const EDITIONS = [
  { dialect: 'scriptix', edition: 'examples', editions: { scriptix: 'examples' } },
  { dialect: 'scriptix', edition: 'kaldi', editions: { scriptix: 'kaldi' } },
  { dialect: 'reson8', edition: '2026-08', editions: { reson8: '2026-08' } },
] as const;

describe.concurrent.each(EDITIONS)('a server of the edition $edition', ({ dialect, edition, editions }) => {
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
  describe('that is broken', () => {
    test.for(titled(broken, ({ id, breaks }) => `${id}, as it ${breaks}`))(
      'is found to break %s',
      async ([, server], context) => {
        const { id, mutation, unavoidable = [] } = server;
        const found = differences(reference, await run(mutation));
        const allowed = [id, ...unavoidable.map((each) => each.id)];
        context.expect(found.filter((each) => !allowed.includes(each.id))).toEqual([]);
        context
          .expect(found.find((each) => each.id === id))
          .toMatchObject({ verdict: brokenVerdict(requirement(id)) });
      },
    );
  });

  const legal = legalInEditions.filter((each) => each.edition === edition);
  describe('that is unusual but allowed', () => {
    test.for(titled(legal, ({ does, because }) => `${does} (${because})`))(
      'has no findings: %s',
      async ([, { mutation }], context) => {
        const { report } = await run(mutation);
        const findings = report.requirements.filter(
          ({ verdict }) => verdict === 'fail' || verdict === 'warn',
        );
        context.expect(findings).toEqual([]);
        context.expect(report.outcome).toBe('conforming');
      },
    );
  });
});
