import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isAlive } from '../../conformance/client/program/program.ts';
import { CLI, REPOSITORY } from '../../support/programs/cli.ts';
import { blocksOf } from '../../support/programs/page.ts';
import { Program } from '../../support/programs/program.ts';

const PYTHON = '/usr/bin/python3';

/** A test of a user that does not end by itself. */
const ENDLESS = `
import time

def test_it(understudy):
    print('the fake is', understudy._process.pid, flush=True)
    time.sleep(600)
`;

let folder: string;
let env: NodeJS.ProcessEnv;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pytest-'));
  // A copy, because pip writes into the folder that it builds.
  await cp(join(REPOSITORY, 'python'), join(folder, 'python'), { recursive: true });
  const offline = ['--no-index', '--no-deps', '--no-build-isolation', '--root-user-action', 'ignore'];
  await promisify(execFile)(PYTHON, [
    ...['-m', 'pip', 'install', ...offline, '--target', join(folder, 'site')],
    join(folder, 'python'),
  ]);
  env = {
    ...process.env,
    PYTHONPATH: join(folder, 'site'),
    PYTHONDONTWRITEBYTECODE: '1',
    UNDERSTUDY_CLI: CLI,
  };
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

function pytest(...args: readonly string[]): Program {
  return new Program(PYTHON, ['-m', 'pytest', '-p', 'no:cacheprovider', ...args], env);
}

describe('understudy-pytest', () => {
  it('passes its tests, in two processes at a time', async () => {
    await using program = pytest('-n', '2', join(folder, 'python/tests'));
    const { code } = await program.exit;
    const said = program.stdout + program.stderr;

    expect(code, said).toBe(0);
    expect(said).toContain('19 passed');
  });

  it('has samples that pass', async () => {
    const [sample] = blocksOf('python/README.md').filter(({ language }) => language === 'python');
    const path = join(folder, 'test_sample.py');
    await writeFile(path, sample?.text ?? '');
    await using program = pytest(path);
    const { code } = await program.exit;

    expect(code, program.stdout).toBe(0);
    expect(program.stdout).toContain('1 passed');
  });

  it('leaves no fake behind when it is killed', async () => {
    const path = join(folder, 'test_endless.py');
    await writeFile(path, ENDLESS);
    await using program = pytest('-s', path);
    await program.said(/the fake is \d+\n/);
    const pid = Number(/the fake is (\d+)/.exec(program.stdout)?.[1]);

    expect(isAlive(pid)).toBe(true);

    program.signal('SIGKILL');

    await expect.poll(() => isAlive(pid)).toBe(false);
  });
});
