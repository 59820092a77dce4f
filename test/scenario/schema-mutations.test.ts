import { readFileSync } from 'node:fs';
import { basename, relative } from 'node:path';
import Ajv from 'ajv';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { bundledFiles } from '../../src/scenario/catalog.ts';
import { readScenario } from '../../src/scenario/read/load.ts';
import { jsonSchema } from '../../src/scenario/schema/json-schema.ts';
import { scenario } from '../../src/scenario/schema/schema.ts';
import { titled } from '../support/titled.ts';

const BUNDLED = await bundledFiles();
// The validator here knows draft-07; test/scenario/schema.test.ts checks that this makes no difference.
const schema = { ...jsonSchema(), $schema: undefined };
const validate = new Ajv({ unknownFormats: 'ignore', schemaId: 'auto', logger: false }).compile(schema);

/** Every value of a file replaced by one that is valid nowhere, and every map with one key more and with one less. */
function* mutations(value: unknown): Generator {
  if (typeof value !== 'object' || value === null) return;
  const isList = Array.isArray(value);
  if (!isList) yield { ...value, 'no-such-key': 1 };
  for (const [key, inner] of Object.entries(value)) {
    if (!isList) yield Object.fromEntries(Object.entries(value).filter(([other]) => other !== key));
    const wrong = [[[['nowhere']]], ...mutations(inner)];
    for (const other of wrong) {
      yield isList
        ? value.map((one: unknown, i) => (String(i) === key ? other : one))
        : { ...value, [key]: other };
    }
  }
}

it.each(titled(BUNDLED, ({ path }) => relative('', path)))(
  'the schema refuses the same changes to %s as readScenario()',
  (_title, { path, name }) => {
    let refused = 0;
    for (const mutated of mutations(parse(readFileSync(path, 'utf8')))) {
      const text = JSON.stringify(mutated);
      // The schema cannot find contradictions between several places.
      const isRead = scenario.safeParse(mutated).success;
      expect(validate(mutated), text).toBe(isRead);
      if (isRead) continue;
      // Reading the text takes longer than everything else.
      if (refused % 10 === 0) expect(readScenario(name, basename(path), text).kind, text).toBe('mistakes');
      refused += 1;
    }

    expect(refused).toBeGreaterThan(10);
  },
);
