import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../../src/runtime/errors.ts';
import { openCatalog } from '../../src/scenario/catalog.ts';
import { checkScenarios } from '../../src/scenario/read/check.ts';
import { describeMistake } from '../../src/scenario/read/load.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'understudy-scenarios-'));
});
afterEach(() => rm(folder, { recursive: true }));

const fileOf = (dialect = 'scriptix', summary = 'x') => `dialect: ${dialect}\nsummary: ${summary}\n`;

async function write(path: string, text = fileOf()): Promise<string> {
  const whole = join(folder, path);
  await mkdir(join(whole, '..'), { recursive: true });
  await writeFile(whole, text);
  return whole;
}

async function check(...paths: readonly string[]): Promise<readonly string[]> {
  const { mistakes } = await checkScenarios(paths);
  return mistakes.map((mistake) => describeMistake(mistake).replaceAll(`${folder}/`, ''));
}

describe('a catalog', () => {
  it('has the bundled scenarios and those of its folders, also in folders named after a dialect', async () => {
    await write('mine.yaml', fileOf('reson8', 'mine'));
    await write('scriptix/yours.yml', fileOf('scriptix', 'yours'));
    await write('elsewhere/lost.yaml');
    await write('README.md', 'not a scenario');
    const catalog = await openCatalog([folder]);

    expect(catalog.names('reson8')).toEqual(expect.arrayContaining(['happy-path', 'mine']));
    expect(catalog.names('scriptix')).toContain('yours');
    expect([catalog.has('scriptix', 'mine'), catalog.has('scriptix', 'lost')]).toEqual([false, false]);
    expect((await catalog.load('reson8', 'mine')).file.summary).toBe('mine');
  });

  it('prefers a file of the user to a bundled one of the same name', async () => {
    await write('happy-path.yaml', fileOf('scriptix', 'another'));
    const catalog = await openCatalog([folder]);
    expect((await catalog.load('scriptix', 'happy-path')).file.summary).toBe('another');
  });

  it('suggests a name for an unknown one', async () => {
    const catalog = await openCatalog();

    await expect(catalog.load('scriptix', 'hapy-path')).rejects.toThrow(
      /"hapy-path".*did you mean "happy-path"/,
    );
    await expect(catalog.load('scriptix', 'x'.repeat(10_000))).rejects.toThrow(/^.{0,300}$/);
  });

  it.each([
    '../secret',
    '..',
    '/etc/passwd',
    'happy-path.yaml',
    'HAPPY-PATH',
    '',
    '__proto__',
    'constructor',
  ])('does not read a file for the name "%s"', async (name) => {
    await write('secret.yaml');
    await write('inner/one.yaml');
    const catalog = await openCatalog([join(folder, 'inner')]);

    expect([catalog.has('scriptix', 'one'), catalog.has('scriptix', name)]).toEqual([true, false]);
    await expect(catalog.load('scriptix', name)).rejects.toThrow(UserError);
  });

  it('does not follow links', async () => {
    await writeFile(join(folder, 'target.txt'), fileOf());
    await symlink(join(folder, 'target.txt'), join(folder, 'link.yaml'));
    expect((await openCatalog([folder])).has('scriptix', 'link')).toBe(false);
  });

  it('reports the mistakes of all files at once', async () => {
    await write('one.yaml', 'dialect: nope\nsummary: x\n');
    await write('reson8/two.yaml', `${fileOf('reson8')}sever: []\n`);
    const error: unknown = await openCatalog([folder]).catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(UserError);
    expect(String(error)).toMatch(/one\.yaml:1:10: dialect: /);
    expect(String(error)).toMatch(/two\.yaml:3:1: sever: /);
  });

  it('says which folder or file cannot be read', async () => {
    const missing = join(folder, 'missing');
    await expect(openCatalog([missing])).rejects.toThrow(`${missing}: cannot read this folder`);

    const catalog = await openCatalog();
    await expect(catalog.add(`${missing}.yaml`)).rejects.toThrow(
      'cannot be read: there is no such file or folder (ENOENT)',
    );
    await expect(catalog.add(folder)).rejects.toThrow('cannot be read: it is not a file');
  });
});

describe('a check of files', () => {
  it('finds no mistakes in good ones, and reads each once', async () => {
    const path = await write('good.yaml');
    await write('reson8/good.yaml', fileOf('reson8'));
    expect(await checkScenarios([folder, path])).toEqual({ fileCount: 2, mistakes: [] });
  });

  it('reports every mistake of every file', async () => {
    await write('a.yaml', 'dialect: nope\nsummary: x\nsever: []\n');
    await write('b.yaml', ': [');
    await write('scriptix/c.yaml', `${fileOf()}server:\n  - wiat: 3s\n`);
    const told = await check(folder);

    expect(told.map((line) => line.replace(/: .*/, ''))).toEqual([
      'a.yaml:1:10',
      'a.yaml:3:1',
      'b.yaml:1:4',
      'scriptix/c.yaml:4:5',
    ]);
  });

  it.each([
    'Drop.yaml',
    'drop_it.yaml',
    'drop it.yaml',
    '-drop.yaml',
    'drop--it.yaml',
    'drop.it.yaml',
    'é.yaml',
  ])('refuses the name %s', async (name) => {
    expect(await check(await write(name))).toEqual([
      `${name}:1:1: the file name "${name}" cannot be selected: expected small letters, digits and single dashes, such as drop-mid-word.yaml`,
    ]);
  });

  it('refuses two files with the same dialect and name, and a file in the folder of another dialect', async () => {
    await write('drop.yaml');
    await write('scriptix/drop.yml');
    await write('reson8/other.yaml', fileOf('scriptix'));

    expect(await check(folder)).toEqual([
      `scriptix/drop.yml:1:1: another file has this dialect and name: drop.yaml`,
      'reson8/other.yaml:1:1: its dialect is scriptix, but it is in the folder reson8',
    ]);
  });

  it('reports a file that is far too long without reading it', async () => {
    expect(await check(await write('long.yaml', '#'.repeat(2 * 2 ** 20)))).toEqual([
      'long.yaml:1:1: longer than 1 MiB, so not a scenario',
    ]);
  });

  it('says which path does not exist, and which folder has no scenarios', async () => {
    const { mistakes } = await checkScenarios([join(folder, 'missing'), folder]);

    expect(mistakes).toEqual([
      expect.objectContaining({
        path: folder,
        message: expect.stringMatching(/^no scenarios in this folder/) as string,
      }),
      expect.objectContaining({
        path: join(folder, 'missing'),
        message: 'cannot be read: there is no such file or folder (ENOENT)',
      }),
    ]);
  });
});
