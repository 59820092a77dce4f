import { mkdir, readdir } from 'node:fs/promises';
import * as modules from 'node:module';
import { expect, it } from 'vitest';
import { folder } from '../support/programs/folder.ts';
import { understudy } from '../support/programs/program.ts';

/** Node.js 22.8 or later. */
const hasCache = 'enableCompileCache' in modules;

/** The environment of a program whose temporary files go to a folder. */
const temporaryIn = (path: string, more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
  ...process.env,
  NODE_COMPILE_CACHE: undefined,
  ...{ TMPDIR: path, TEMP: path, TMP: path },
  ...more,
});

async function cachesAfter(path: string, env: NodeJS.ProcessEnv): Promise<readonly string[]> {
  await using program = understudy(['--version'], env);
  expect(await program.exit).toEqual({ code: 0, signal: null });
  return await readdir(path).catch(() => []);
}

it('compiled code is kept among temporary files where Node.js can do so', async () => {
  await using files = await folder();
  const path = files.path('temporary');
  await mkdir(path);

  expect(await cachesAfter(path, temporaryIn(path))).toEqual(hasCache ? ['node-compile-cache'] : []);
});

it('compiled code is not kept where that is switched off', async () => {
  await using files = await folder();
  const path = files.path('temporary');
  await mkdir(path);

  expect(await cachesAfter(path, temporaryIn(path, { NODE_DISABLE_COMPILE_CACHE: '1' }))).toEqual([]);
});

it('the command starts where compiled code cannot be kept', async () => {
  await using files = await folder();
  const path = `${process.execPath}/no-folder`;

  expect(await cachesAfter(files.path('nothing'), temporaryIn(path))).toEqual([]);
});
