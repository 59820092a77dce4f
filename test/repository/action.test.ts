import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startMockServer } from '../../src/mock-server/server.ts';
import { ACTION, runStep } from '../support/programs/action.ts';
import { REPOSITORY } from '../support/programs/cli.ts';
import { probe } from '../support/conformance.ts';
import { folder } from '../support/programs/folder.ts';

const TOKENS = { UNDERSTUDY_TOKEN: 'any-token' };
const FAST = '--profile=quick\n--pace=100';

describe('the GitHub action', () => {
  it('writes no input into a script', () => {
    for (const { run } of ACTION.runs.steps) expect(run).not.toContain('${{');
    const used = ACTION.runs.steps.flatMap(({ env }) => Object.values(env)).join();
    for (const name of Object.keys(ACTION.inputs)) expect(used).toContain(`\${{ inputs.${name} }}`);
  });

  it('passes a job whose server conforms, and writes a report', async () => {
    await using fake = await startMockServer();
    await using files = await folder();
    const { code, log, outputs, summary } = await runStep('judge', {
      inputs: {
        mode: 'server',
        dialect: 'scriptix',
        url: fake.urls.url.replace('http', 'ws'),
        scenario: `${probe('scriptix/speech')}\n${probe('scriptix/ping')}\n`,
        report: `junit:${files.path('a b.xml')}\r\nhtml:${files.path('r.html')}`,
        args: `${FAST}\n--only=SX-FIN-014,TR-002\n`,
      },
      env: TOKENS,
    });

    expect(code, log).toBe(0);
    expect(outputs).toMatchObject({ 'exit-code': '0', outcome: 'conforming' });
    expect(JSON.parse(outputs['report'] ?? '')).toMatchObject({ summary: { pass: 2 } });
    expect(summary).toMatch(/^## Conformance: conforming\n/);
    expect(await readFile(files.path('a b.xml'), 'utf8')).toContain('<testsuites');
    expect(existsSync(files.path('r.html'))).toBe(true);
    expect(log).not.toMatch(/^::/m);
  });

  it('fails a job whose server breaks a requirement, with annotations and a summary', async () => {
    await using fake = await startMockServer({ scenario: 'final-changes' });
    const { code, log, outputs, summary } = await runStep('judge', {
      inputs: {
        mode: 'server',
        dialect: 'scriptix',
        url: fake.urls.url.replace('http', 'ws'),
        scenario: probe('scriptix/speech'),
        args: `${FAST}\n--only=SX-FIN-014`,
      },
      env: TOKENS,
    });

    expect(code).toBe(1);
    expect(outputs).toMatchObject({ 'exit-code': '1', outcome: 'violations' });
    expect(log).toMatch(/^::error title=SX-FIN-014 \(MUST\)::/m);
    expect(summary).toMatch(/^## Conformance: violations\n/);
  });

  it('counts a SHOULD as a MUST if strict is set, and accepts a baseline', async () => {
    await using fake = await startMockServer({ scenario: 'final-sent-twice' });
    await using files = await folder();
    await writeFile(files.path('known.yaml'), '- { id: SX-FIN-016, reason: told to them }\n');
    const inputs = {
      mode: 'server',
      dialect: 'scriptix',
      url: fake.urls.url.replace('http', 'ws'),
      scenario: probe('scriptix/speech'),
      strict: 'true',
      args: `${FAST}\n--only=SX-FIN-016`,
    };

    expect((await runStep('judge', { inputs, env: TOKENS })).code).toBe(1);

    const known = { ...inputs, baseline: files.path('known.yaml') };
    expect((await runStep('judge', { inputs: known, env: TOKENS })).code).toBe(0);
  });

  it('judges a client, and passes its command through no shell', async () => {
    const client = join(REPOSITORY, 'examples/node/reson8.mjs');
    const inputs = { mode: 'client', dialect: 'reson8', scenario: 'happy-path', args: '--only=R8-CONN-001' };
    const good = await runStep('judge', { inputs: { ...inputs, command: `node ${client} --url {url}` } });

    expect(good.code, good.log).toBe(0);
    expect(good.outputs).toMatchObject({ outcome: 'conforming' });

    await using files = await folder();
    // A program that writes its arguments to a file.
    const script = 'fs.writeFileSync(process.argv[1], JSON.stringify(process.argv.slice(2)))';
    const words = ['a b', '$(id)', '"', '*', '; exit 0', '--help', '--', '{url'];
    const command = ['node', '-e', script, files.path('words.json'), ...words].join('\n');
    const odd = await runStep('judge', { inputs: { ...inputs, command } });

    // It never connects, so the run is incomplete.
    expect(odd.code, odd.log).toBe(3);
    expect(JSON.parse(await readFile(files.path('words.json'), 'utf8'))).toEqual(words);
  });

  it('can judge a client in several jobs, and lets the job that merges their reports decide', async () => {
    await using files = await folder();
    const client = `node ${join(REPOSITORY, 'examples/node/reson8.mjs')} --url {url}`;
    const scenarios = 'happy-path\ninterims';
    const inputs = {
      mode: 'client',
      dialect: 'reson8',
      command: client,
      scenario: scenarios,
      args: '--only=R8-CONN-001',
    };
    for (const index of [1, 2]) {
      const report = `json:${files.path(`parts/${index}.json`)}`;
      const part = await runStep('judge', { inputs: { ...inputs, shard: `${index}/2`, report } });
      expect(part.code, part.log).toBe(0);
      expect(part.outputs).toMatchObject({ 'exit-code': '3', outcome: 'incomplete' });
    }
    const whole = await runStep('judge', { inputs: { mode: 'merge', files: files.path('parts') } });
    expect(whole.code, whole.log).toBe(0);
    expect(whole.outputs).toMatchObject({ 'exit-code': '0', outcome: 'conforming' });

    const half = await runStep('judge', { inputs: { mode: 'merge', files: files.path('parts/1.json') } });
    expect(half.code).toBe(3);
  });

  const HOSTILE = [
    ['with double quotes', '"; touch HERE; "'],
    ['with a substitution', '$(touch HERE)'],
    ['with backticks', '`touch HERE`'],
    ['with single quotes', "' || touch HERE '"],
    ['that is a pattern', '*'],
    ['that is a short flag', '-x'],
    ['that is a flag', '--help'],
    ['with a line that is a command', 'a\ntouch HERE'],
    ['with lines that are commands of a CI', '\n::error::x\n##[error]y'],
    ['with a line that is an output', 'a\nEOF\nexit-code=0'],
  ];

  it.each(HOSTILE)('runs nothing from an input %s, and lets it forge no output', async (_what, text = '') => {
    await using files = await folder();
    const hostile = text.replaceAll('HERE', files.path('here'));
    const whole = { mode: 'server', dialect: 'reson8', url: 'ws://127.0.0.1:1', args: FAST };
    const names = ['mode', 'dialect', 'url', 'scenario', 'report', 'baseline', 'strict'];
    const runs = names.map(async (name) => {
      const { code, log, outputs } = await runStep('judge', { inputs: { ...whole, [name]: hostile } });
      expect([name, code, outputs]).toEqual([name, 2, { 'exit-code': '2' }]);
      expect(log).not.toMatch(/^\s*::(?!error title=Understudy::)|##\[/m);
      expect([name, existsSync(files.path('here'))]).toEqual([name, false]);
    });
    await Promise.all(runs);
  });

  it.each([
    ['an unknown mode', { mode: 'serve' }, 'mode: expected server, client or merge'],
    ['files for a client', { mode: 'client', files: 'x' }, 'files: only with mode merge'],
    ['a dialect to merge', { mode: 'merge' }, 'dialect: not with mode merge'],
    ['nothing to merge', { mode: 'merge', dialect: '', files: ' ' }, 'files: expected the reports to merge'],
    ['a command for a server', { mode: 'server', command: 'x' }, 'command: only with mode client'],
    ['a URL for a client', { mode: 'client', url: 'x' }, 'url: only with mode server'],
    ['a blank command', { mode: 'client', command: ' \n ' }, 'command: expected the program to judge'],
    [
      'a strict that is neither true nor false',
      { mode: 'server', strict: 'yes' },
      'strict: expected true or false',
    ],
  ])('refuses %s', async (_what, inputs, told) => {
    const { code, log } = await runStep('judge', { inputs: { dialect: 'reson8', ...inputs } });
    expect(code).toBe(2);
    expect(log).toContain(`::error title=Understudy::${told}`);
  });

  it('builds itself in its own folder, unless it is built already', async () => {
    await using files = await folder();
    await mkdir(files.path('bin'));
    // An npm that records its calls.
    await writeFile(files.path('bin/npm'), `#!/bin/sh\necho "$PWD: npm $*" >>"$HOME.calls"\n`);
    await chmod(files.path('bin/npm'), 0o755);
    await mkdir(files.path('action'));
    const env = {
      PATH: `${files.path('bin')}${delimiter}${process.env['PATH'] ?? ''}`,
      HOME: files.path('x'),
    };
    const build = () => runStep('build', { inputs: {}, env, actionPath: files.path('action') });

    expect((await build()).code).toBe(0);

    const calls = await readFile(files.path('x.calls'), 'utf8');
    expect(calls).toBe(
      `${files.path('action')}: npm ci --include=dev --no-audit --no-fund\n${files.path('action')}: npm run build\n`,
    );

    await mkdir(files.path('action/dist/cli'), { recursive: true });
    await writeFile(files.path('action/dist/cli/main.js'), '');
    expect((await build()).code).toBe(0);
    expect(await readFile(files.path('x.calls'), 'utf8')).toBe(calls);
  });

  it('fails with an explanation if Node.js is too old', async () => {
    await using files = await folder();
    await mkdir(files.path('bin'));
    const script = 'Object.defineProperty(process.versions, "node", { value: "20.18.3" });';
    await writeFile(files.path('old.cjs'), script);
    await writeFile(
      files.path('bin/node'),
      `#!/bin/sh\nexec '${process.execPath}' --require '${files.path('old.cjs')}' "$@"\n`,
    );
    await chmod(files.path('bin/node'), 0o755);
    const env = { PATH: `${files.path('bin')}${delimiter}${process.env['PATH'] ?? ''}` };
    const { code, log } = await runStep('build', {
      inputs: {},
      env,
      actionPath: join(files.path('.'), 'none'),
    });

    expect(code).toBe(2);
    expect(log).toMatch(/^::error title=Understudy::Node\.js 20\.19 or newer is needed/);
  });
});
