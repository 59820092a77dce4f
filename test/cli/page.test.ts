import { chmod, readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { openPage } from '../../src/cli/serve/open-page.ts';
import { folder } from '../support/programs/folder.ts';
import { understudy } from '../support/programs/program.ts';

const SERVE = ['serve', '--port', '0'];

describe('serve', () => {
  it('prints the address of the live page, unless there is none', async () => {
    await using usual = understudy(SERVE);
    await usual.said(/Ctrl-C/);
    await using without = understudy([...SERVE, '--no-page']);
    await without.said(/Ctrl-C/);

    expect(usual.stdout).toMatch(/Live page +http:\/\/127\.0\.0\.1:\d+\/__understudy\/\n/);
    expect(without.stdout).not.toContain('Live page');
  });

  it('--open opens the live page in the browser', async () => {
    await using files = await folder();
    const opened = files.path('opened');
    await writeFile(files.path('xdg-open'), `#!/bin/sh\necho "$1" > '${opened}'\n`);
    await chmod(files.path('xdg-open'), 0o755);
    const env = { ...process.env, PATH: `${files.path('.')}:${process.env['PATH'] ?? ''}` };
    await using program = understudy([...SERVE, '--open'], env);
    await expect
      .poll(() => readFile(opened, 'utf8').catch(() => ''), { timeout: 20_000 })
      .toMatch(/^http:.*\/__understudy\/\n$/);

    expect(program.stdout).toContain((await readFile(opened, 'utf8')).trim());
  });

  it('--open says why there is no page to open', async () => {
    await using program = understudy([...SERVE, '--open', '--no-page']);
    await program.said(/There is no page to open/);

    expect(program.stderr).toContain('There is no page to open');
  });

  it('a variable in the environment also leaves the page out', async () => {
    const env = { ...process.env, UNDERSTUDY_PAGE: 'false' };
    await using program = understudy(SERVE, env);
    await program.said(/Ctrl-C/);

    expect(program.stdout).not.toContain('Live page');
  });
});

it('prints the address when no program can open the page', async () => {
  const said: string[] = [];
  const path = process.env['PATH'];
  process.env['PATH'] = '/nowhere';
  try {
    openPage('http://127.0.0.1:1/', (sentence) => said.push(sentence), 'linux');
    await expect.poll(() => said).toHaveLength(1);
  } finally {
    process.env['PATH'] = path;
  }

  expect(said[0]).toMatch(/cannot be opened by xdg-open \(.*ENOENT.*\): http:\/\/127\.0\.0\.1:1\/$/);
});
