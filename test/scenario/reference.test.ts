import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { keysAt } from '../../src/scenario/explain/keys.ts';
import type { Path } from '../../src/scenario/explain/mistake.ts';
import { readScenario } from '../../src/scenario/read/load.ts';
import { jsonSchema } from '../../src/scenario/schema/json-schema.ts';
import { CLIENT_VERBS } from '../../src/scenario/schema/client.ts';
import { SERVER_VERBS } from '../../src/scenario/schema/server-steps.ts';

const PAGE = readFileSync(new URL('../../scenarios/README.md', import.meta.url), 'utf8');
const FENCE = /^```yaml\n([\s\S]*?)^```$/gm;
const REFERENCE = PAGE.replace(/^```\w+\n[\s\S]*?^```$/gm, '');

/** The first column of the table below a heading. */
function listed(heading: string): readonly string[] {
  const section = REFERENCE.split(/^#+ /m).find((text) => text.startsWith(`${heading}\n`)) ?? '';
  return [...section.matchAll(/^\| ((?:`[^`]+`(?:, )?)+) +\|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name),
  );
}

const keys = (...path: Path) => keysAt(jsonSchema(), path, []);
const OTHERS = ['until', 'idle', 'every', 'segment'];
const DISTORTIONS = keys('server', 0, 'transcribe').filter((key) => !OTHERS.includes(key));

it.each<[heading: string, all: readonly string[]]>([
  ['The file', keys().filter((key) => key !== '$schema')],
  ['What the server does', keys('server')],
  ['Steps', SERVER_VERBS],
  ['Conditions', keys('server', 0, 'when')],
  ['Until', keys('server', 0, 'transcribe', 'until')],
  ['Distortions', DISTORTIONS],
  ['What the client does', CLIENT_VERBS],
  ['What is expected', keys('expect')],
])(
  'the reference of scenario files has a line for everything in "%s", and for nothing else',
  (heading, all) => {
    expect(all.length).toBeGreaterThan(5);
    expect([...listed(heading)].sort()).toEqual([...all].sort());
  },
);

it('the reference names every key that a step, the client, or an expected call has', () => {
  const inner = [
    ...SERVER_VERBS.map((verb) => ['server', 0, verb]),
    ...CLIENT_VERBS.map((verb) => ['client', 0, verb]),
    ['server', 'prerecorded', 0],
  ];
  const all = [...inner, ['client'], ['expect', 0]].flatMap((path) => keysAt(jsonSchema(), path, []));
  const named = new Set(
    [...REFERENCE.matchAll(/`[^`]+`/g)].flatMap(([code]) => code.match(/[a-z][a-z0-9-]*/g) ?? []),
  );

  expect([...new Set(all)].filter((key) => !named.has(key))).toEqual([]);
});

const samples = [...PAGE.matchAll(FENCE)].map(([, text = '']) => text);

it('the steps in the reference are valid', () => {
  const steps = samples.filter((text) => text.startsWith('server:'));
  expect(steps).not.toEqual([]);

  for (const text of steps)
    expect(readScenario('x', 'x', `dialect: scriptix\nsummary: x\n${text}`)).toMatchObject({
      kind: 'scenario',
    });
});

it('the probe in the reference is the bundled one', () => {
  const sample = samples.find((text) => text.startsWith('dialect: reson8\n')) ?? '';
  const probe = readFileSync(new URL('../../scenarios/probes/reson8/ping.yaml', import.meta.url), 'utf8');
  expect(sample).toBe(probe.replace(/^#.*\n/, ''));
});
