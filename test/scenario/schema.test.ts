import { readdirSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import Ajv from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { schemaText } from '../../src/cli/scenario.ts';
import { DIALECT_NAMES } from '../../src/protocol/dialects.ts';
import { bundledFiles } from '../../src/scenario/catalog.ts';
import { readScenario } from '../../src/scenario/read/load.ts';
import { jsonSchema } from '../../src/scenario/schema/json-schema.ts';
import { CLIENT_STEPS, CLIENT_VERBS } from '../../src/scenario/schema/client.ts';
import { SERVER_STEPS, SERVER_VERBS } from '../../src/scenario/schema/server-steps.ts';
import { titled } from '../support/titled.ts';

const SCENARIOS = new URL('../../scenarios/', import.meta.url);
const BUNDLED = await bundledFiles();

type Node = Readonly<Record<string, unknown>>;

/** The keywords anywhere in a schema, without the names of properties and definitions. */
function keywordsOf(node: unknown, into = new Set<string>()): Set<string> {
  if (Array.isArray(node)) for (const one of node) keywordsOf(one, into);
  else if (typeof node === 'object' && node !== null) {
    for (const [key, value] of Object.entries(node)) {
      into.add(key);
      const named = key === 'properties' || key === '$defs';
      if (named) for (const one of Object.values(value as Node)) keywordsOf(one, into);
      else if (!['enum', 'const', 'examples', 'required'].includes(key)) keywordsOf(value, into);
    }
  }
  return into;
}

/** Keywords with the same meaning in draft-07, which this validator supports, as in 2020-12. */
const SAME_IN_DRAFT_07 = [
  '$schema $ref $defs title description examples type enum const properties required additionalProperties',
  'propertyNames items anyOf not minLength maxLength pattern minimum maximum minItems maxItems',
  'format contentEncoding',
].flatMap((line) => line.split(' '));

describe('the JSON Schema', () => {
  const { $schema, ...schema } = jsonSchema();
  const validate = new Ajv({ unknownFormats: 'ignore', schemaId: 'auto', logger: false }).compile(schema);

  it('is written for 2020-12, and is in scenarios/schema.json (npm run schema)', () => {
    expect($schema).toBe('https://json-schema.org/draft/2020-12/schema');
    expect(readFileSync(new URL('schema.json', SCENARIOS), 'utf8')).toBe(`${schemaText()}\n`);
  });

  it('has only keywords that the validator of these tests reads as 2020-12 does', () => {
    const keywords = keywordsOf(schema);
    expect([...keywords].filter((keyword) => !SAME_IN_DRAFT_07.includes(keyword))).toEqual([]);
    expect(keywords.size).toBeGreaterThan(15);
  });

  it('describes every key of a file, and names every step', () => {
    const { properties, $defs } = schema as { properties: Record<string, Node>; $defs: Record<string, Node> };
    for (const [key, node] of Object.entries(properties))
      expect(node['description'], key).toBeTypeOf('string');
    const titles = (name: string) => ($defs[name]?.['anyOf'] as Node[]).map(({ title }) => title);

    expect(new Set(titles('step'))).toEqual(new Set(SERVER_VERBS));
    expect(new Set(titles('client-step'))).toEqual(new Set(CLIENT_VERBS));
    // No definition has a number for a name, which an editor would show.
    expect(Object.keys($defs).filter((name) => name.startsWith('__'))).toEqual([]);
  });

  it.each(titled(BUNDLED, ({ path }) => relative('', path)))(
    'accepts %s, which names its schema',
    (_title, { path }) => {
      const text = readFileSync(path, 'utf8');
      expect(text.split('\n')[0]).toBe('# yaml-language-server: $schema=../schema.json');
      expect([validate(parse(text)), validate.errors]).toEqual([true, null]);
    },
  );

  it('refuses close codes that must not be sent', () => {
    const close = (code: unknown) =>
      validate({ dialect: 'scriptix', summary: 'x', server: [{ close: code }], client: [{ close: code }] });
    for (const code of [1000, 1003, 1007, 1014, 3000, 4999]) expect(close(code), String(code)).toBe(true);
    for (const code of [0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000])
      expect(close(code), String(code)).toBe(false);
  });
});

describe('the examples of steps', () => {
  it.each([
    ['server', SERVER_STEPS],
    ['client', CLIENT_STEPS],
  ] as const)('can be copied into the %s', (side, { simple, valued }) => {
    const steps: unknown[] = [...simple];
    for (const [verb, example] of valued) {
      if (['chance', 'repeat', 'when'].includes(verb)) steps.push({ [verb]: example, steps: ['hang'] });
      else if (example !== undefined) steps.push({ [verb]: example });
    }
    // Each by itself: after some nothing more may follow, and some exist in one dialect only.
    for (const step of steps) {
      const read = DIALECT_NAMES.map((dialect) =>
        readScenario('x', 'x', JSON.stringify({ dialect, summary: 'x', [side]: [step] })),
      );
      expect({ step, isTaken: read.some(({ kind }) => kind === 'scenario') }).toEqual({
        step,
        isTaken: true,
      });
    }
    // Every step that cannot be written as a single word has an example.
    const without = [...valued].filter(([verb, example]) => example === undefined && !simple.includes(verb));

    expect(without).toEqual([]);
  });
});

it('every folder of bundled scenarios has a happy path', () => {
  const folders = readdirSync(SCENARIOS, { withFileTypes: true }).filter((entry) => entry.isDirectory());

  expect(folders.map(({ name }) => name).sort()).toEqual([
    'probes',
    'reson8',
    'reson8-rest',
    'reson8-turns',
    'scriptix',
    'scriptix-rest',
    'scriptix-stream',
  ]);
  expect(BUNDLED.filter(({ name }) => name === 'happy-path')).toHaveLength(folders.length - 1);
});
