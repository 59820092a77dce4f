import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { REPOSITORY } from '../support/programs/cli.ts';

const read = (path: string) => readFile(join(REPOSITORY, path), 'utf8');

const workflow = z.object({
  jobs: z.strictObject({
    essential: z.object({
      strategy: z.object({ matrix: z.strictObject({ os: z.array(z.string()), node: z.array(z.number()) }) }),
      'runs-on': z.string(),
      steps: z.array(z.object({ run: z.string().optional() })),
    }),
  }),
});

it('the essential tests run on macOS and Windows with the same versions of Node.js as on Linux', async () => {
  const { essential } = workflow.parse(parse(await read('.github/workflows/platforms.yml'))).jobs;
  const { engines, scripts } = z
    .object({ engines: z.object({ node: z.string() }), scripts: z.record(z.string(), z.string()) })
    .parse(JSON.parse(await read('package.json')));
  const oldest = Number(/\d+/.exec(engines.node)?.[0]);
  const onLinux = [...(await read('.ci/run')).matchAll(/^(?:step|start) test_on (\d+)$/gm)].map(
    ([, version]) => Number(version),
  );

  expect(essential.strategy.matrix).toEqual({
    os: ['macos-latest', 'windows-latest'],
    node: [oldest, ...onLinux],
  });
  expect(essential['runs-on']).toBe('${{ matrix.os }}');

  const run = essential.steps.flatMap((step) => step.run ?? []);
  expect(run).toEqual(['npm ci', 'npm run types', 'npm run test:essential']);
  expect(scripts).toMatchObject({
    types: expect.any(String) as string,
    'test:essential': expect.any(String) as string,
  });
});

// On Windows, npm runs them with cmd.
it('no script of the package needs a POSIX shell', async () => {
  const { scripts } = z
    .object({ scripts: z.record(z.string(), z.string()) })
    .parse(JSON.parse(await read('package.json')));
  const outsideQuotes = Object.entries(scripts).map(([name, script]) => [
    name,
    script.replace(/"[^"]*"/g, '""'),
  ]);
  const needy = outsideQuotes.filter(([, words = '']) =>
    /['$`;]|^\w+=|(?:^|&& )(?:cat|cp|export|mkdir|mv|rm|sh|test)\b/.test(words),
  );

  expect(outsideQuotes.length).toBeGreaterThan(10);
  expect(needy).toEqual([]);
});
