import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { VENDORS, vendorOf } from '../../../src/protocol/dialects.ts';
import { holdsIn, isKnownIn } from '../../../src/protocol/edition-range.ts';
import { DEFAULT_EDITIONS, editionsOf } from '../../../src/protocol/editions.ts';
import { REQUIREMENTS } from '../../../src/protocol/requirements.ts';
import { REPOSITORY } from '../../support/programs/cli.ts';

const RANGED = REQUIREMENTS.filter(({ editions }) => editions !== undefined);

describe('the requirements that hold in some editions only', () => {
  it('name editions that their service has, in their order, and are about one service', () => {
    for (const { id, dialects, editions: { since, until } = {} } of RANGED) {
      const [service, ...others] = new Set(dialects.map(vendorOf));
      if (service === undefined) throw new Error(`${id} is about nothing`);
      expect(others, id).toEqual([]);
      const all = editionsOf(service);
      for (const name of [since, until]) if (name !== undefined) expect(all, id).toContain(name);
      expect(since ?? until, id).toBeDefined();
      const last = until === undefined ? all.length : all.indexOf(until);
      expect(all.indexOf(since ?? '')).toBeLessThanOrEqual(last);
    }
  });

  it('are on the page about editions', () => {
    const page = readFileSync(join(REPOSITORY, 'docs/editions.md'), 'utf8');
    for (const { id } of RANGED) expect(page).toContain(id.replace(/^SX-(?:PART|FIN)/, ''));
  });
});

it.each(VENDORS)('every other requirement of %s holds in all editions', (service) => {
  for (const name of editionsOf(service)) {
    const editions = { ...DEFAULT_EDITIONS, [service]: name };
    const others = REQUIREMENTS.filter((each) => each.editions === undefined);
    expect(others.every((each) => holdsIn(each, editions) && isKnownIn(each, editions))).toBe(true);
  }
});

it('a requirement that has ended is still known in later editions, and one that begins later is not yet known', () => {
  const of = (id: string) => {
    const found = REQUIREMENTS.find((each) => each.id === id);
    if (found === undefined) throw new Error(id);
    return (['documents', 'examples', 'kaldi'] as const).map((scriptix) => {
      const editions = { ...DEFAULT_EDITIONS, scriptix };
      return holdsIn(found, editions) ? 'holds' : isKnownIn(found, editions) ? 'ended' : 'unknown';
    });
  };

  expect(of('SX-STATE-004')).toEqual(['holds', 'ended', 'ended']);
  expect(of('SX-STATE-008')).toEqual(['unknown', 'holds', 'holds']);
  expect(of('SX-FIN-002')).toEqual(['holds', 'holds', 'ended']);
});
