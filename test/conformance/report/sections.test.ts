import { expect, it } from 'vitest';
import { sectionsOf } from '../../../src/conformance/report/sections.ts';
import { REQUIREMENTS } from '../../../src/protocol/requirements.ts';
import { RESULTS } from './sample.ts';

const of = (ids: readonly string[]) => sectionsOf(ids.map((id) => ({ ...RESULTS.pass, id })));

it('every requirement is in exactly one section, and every section has its own title', () => {
  const sections = of(REQUIREMENTS.map(({ id }) => id));

  expect(sections.map(({ name }) => name)).not.toContain('other');
  expect(sections.flatMap(({ results }) => results.map(({ id }) => id)).sort()).toEqual(
    REQUIREMENTS.map(({ id }) => id).sort(),
  );
});

it('an unknown id is in the section for others, at the end', () => {
  const names = of(['ZZ-001', 'nothing', '', 'TR-001', 'SX-FIN-001', 'SX-FINE-001']).map(
    ({ name, results }) => [name, results.length],
  );
  expect(names).toEqual([
    ['scriptix.finals', 1],
    ['transport', 1],
    ['other', 4],
  ]);
});
