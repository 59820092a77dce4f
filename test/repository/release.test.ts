import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { REPOSITORY } from '../support/programs/cli.ts';

const DEPLOYED = ['deployment', 'jobs/load', 'jobs/conformance'].map(
  (name) => `deploy/kubernetes/${name}.yaml`,
);
const imageIn = (text: string) => /asr-understudy:(\S+)/.exec(text)?.[1];

/** The files that contain the version, and the script that `npm version` runs. */
const FILES = [
  'package.json',
  'package-lock.json',
  'CHANGELOG.md',
  'Dockerfile',
  'python/pyproject.toml',
  ...DEPLOYED,
  '.ci/version.mjs',
];

const versionOf = (text: string) => (JSON.parse(text) as { version: string }).version;

/** The versions in a changelog, the newest first. */
const released = (changelog: string) =>
  [...changelog.matchAll(/^## (.*)$/gm)]
    .map(([, title = '']) => title)
    .filter((title) => title !== 'Unreleased');

/** The places that contain the version, each with the version there. */
async function versionsIn(folder: string): Promise<Readonly<Record<string, string | undefined>>> {
  const read = (file: string) => readFile(join(folder, file), 'utf8');
  return {
    'package.json': versionOf(await read('package.json')),
    'package-lock.json': versionOf(await read('package-lock.json')),
    'CHANGELOG.md': released(await read('CHANGELOG.md'))[0],
    Dockerfile: /image\.version="(.*?)"/.exec(await read('Dockerfile'))?.[1],
    'python/pyproject.toml': /^version = "(.*)"$/m.exec(await read('python/pyproject.toml'))?.[1],
    ...(await imagesIn(read)),
  };
}

const everywhere = (version: string) => ({
  'package.json': version,
  'package-lock.json': version,
  'CHANGELOG.md': version,
  Dockerfile: version,
  'python/pyproject.toml': version,
  ...Object.fromEntries(DEPLOYED.map((file) => [file, version])),
});

async function imagesIn(
  read: (file: string) => Promise<string>,
): Promise<Readonly<Record<string, string | undefined>>> {
  const images: Record<string, string | undefined> = {};
  for (const file of DEPLOYED) images[file] = imageIn(await read(file));
  return images;
}

/** A git repository with only these files. */
async function repository(): Promise<AsyncDisposable & { folder: string; run: Run }> {
  const folder = await mkdtemp(join(tmpdir(), 'release-'));
  const run: Run = async (command, ...args) => {
    const { stdout } = await promisify(execFile)(command, args, { cwd: folder, env: ENV });
    return stdout;
  };
  for (const file of FILES) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await cp(join(REPOSITORY, file), join(folder, file));
  }
  await run('git', 'init', '--quiet');
  return { folder, run, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}

type Run = (command: string, ...args: readonly string[]) => Promise<string>;

/** The environment without the variables of npm for this package, and with an identity for git. */
const ENV = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(npm_|INIT_CWD|GIT_)/i.test(name))),
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'A Maintainer',
  GIT_AUTHOR_EMAIL: 'maintainer@example.com',
  GIT_COMMITTER_NAME: 'A Maintainer',
  GIT_COMMITTER_EMAIL: 'maintainer@example.com',
};

describe('the version', () => {
  it('is the same in all places, and has a heading in the changelog', async () => {
    const versions = await versionsIn(REPOSITORY);

    expect(versions).toEqual(everywhere(versions['package.json'] ?? ''));
  });

  it('decreases from heading to heading in the changelog', async () => {
    const versions = released(await readFile(join(REPOSITORY, 'CHANGELOG.md'), 'utf8'));
    const numbers = versions.map((version) => version.split('.').map(Number));
    const sorted = numbers.toSorted(
      ([a = 0, b = 0, c = 0], [d = 0, e = 0, f = 0]) => d - a || e - b || f - c,
    );

    expect(versions).toEqual(versions.filter((version) => /^\d+\.\d+\.\d+$/.test(version)));
    expect(numbers).toEqual(sorted);
  });

  it('is raised in all places by npm version, which commits and tags it', async () => {
    await using place = await repository();
    await place.run('git', 'add', '.');
    await place.run('git', 'commit', '--quiet', '-m', 'All of it');
    const before = await readFile(join(place.folder, 'CHANGELOG.md'), 'utf8');

    await place.run('npm', 'version', '12.34.56');

    expect(await versionsIn(place.folder)).toEqual(everywhere('12.34.56'));
    expect(await readFile(join(place.folder, 'CHANGELOG.md'), 'utf8')).toBe(
      before.replace('## Unreleased\n', '## Unreleased\n\n## 12.34.56\n'),
    );
    expect(await place.run('git', 'tag', '--points-at', 'HEAD')).toBe('v12.34.56\n');
    expect(await place.run('git', 'status', '--porcelain')).toBe('');

    // Nothing has changed since then, so there is nothing to release.
    await expect(place.run('npm', 'version', '12.34.57')).rejects.toThrow(
      'CHANGELOG.md: expected entries under "## Unreleased"',
    );
  });
});

const step = z.union([
  z.strictObject({ uses: z.string(), with: z.record(z.string(), z.unknown()).optional() }),
  z.strictObject({ name: z.string().optional(), run: z.string() }),
]);

const workflow = z.strictObject({
  name: z.string(),
  on: z.strictObject({ push: z.strictObject({ tags: z.tuple([z.literal('v*')]) }) }),
  permissions: z.strictObject({ contents: z.literal('read') }),
  jobs: z.strictObject({
    publish: z.strictObject({
      'runs-on': z.string(),
      'timeout-minutes': z.number(),
      permissions: z.strictObject({ contents: z.literal('read'), 'id-token': z.literal('write') }),
      steps: z.array(step),
    }),
  }),
});

describe('the workflow that publishes', () => {
  it('runs all checks for a tag, and then publishes with provenance and without a secret', async () => {
    const text = await readFile(join(REPOSITORY, '.github/workflows/release.yml'), 'utf8');
    const { steps } = workflow.parse(parse(text)).jobs.publish;

    expect(text).not.toContain('secrets.');

    const said = steps.map((each) => ('run' in each ? each.run : each.uses.replace(/@v\d+$/, '')));
    expect(said).toEqual([
      'actions/checkout',
      'actions/setup-node',
      expect.stringContaining('GITHUB_REF_NAME') as string,
      'npm ci',
      'npm run check',
      expect.stringContaining('GITHUB_REPOSITORY') as string,
      'npm publish --provenance --access public',
    ]);
  });

  it('publishes only the version that the tag names', async () => {
    const text = await readFile(join(REPOSITORY, '.github/workflows/release.yml'), 'utf8');
    const { steps } = workflow.parse(parse(text)).jobs.publish;
    const check = steps.flatMap((each) => ('run' in each && each.run.includes('REF_NAME') ? [each.run] : []));
    const { version } = JSON.parse(await readFile(join(REPOSITORY, 'package.json'), 'utf8')) as {
      version: string;
    };
    const checked = (tag: string) =>
      promisify(execFile)('bash', ['-ec', check.join('\n')], {
        cwd: REPOSITORY,
        env: { ...ENV, GITHUB_REF_NAME: tag },
      });

    await expect(checked(`v${version}`)).resolves.toBeDefined();
    for (const tag of ['v999.0.0', version, `v${version}-rc.1`]) await expect(checked(tag)).rejects.toThrow();
  });
});
