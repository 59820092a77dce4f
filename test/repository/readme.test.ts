import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { judge } from '../support/programs/judge.ts';
import { startMockServer } from '../../src/mock-server/server.ts';
import { fixture, silence } from '../support/audio.ts';
import { CLI, REPOSITORY } from '../support/programs/cli.ts';
import { connect } from '../support/clients/client.ts';
import { folder } from '../support/programs/folder.ts';
import { hosted } from '../support/programs/hosted.ts';
import { pageText } from '../support/programs/page.ts';
import { Program } from '../support/programs/program.ts';
import { commands, PAGES, samples } from '../support/programs/readme.ts';
import { microphone } from '../support/scriptix/scriptix.ts';

/** Runs a sample as its own program in a folder where the repository's packages are found. */
async function run(text: string): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'readme-'));
  try {
    await symlink(join(REPOSITORY, 'node_modules'), join(folder, 'node_modules'));
    await writeFile(join(folder, 'sample.mjs'), text);
    await using program = new Program(process.execPath, [join(folder, 'sample.mjs')]);
    const { code } = await program.exit;
    return { code, stdout: program.stdout, stderr: program.stderr };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The arguments of each `npx understudy …` of a command. */
const argsOf = (command: string) =>
  commands()
    .filter((line) => line.startsWith(`npx understudy ${command} `))
    .map((line) => line.split(' ').slice(2));

/** A section of a page, up to the next heading of its own level. */
function section(page: string, heading: string): string {
  const [, text] = pageText(page).split(`\n## ${heading}\n`);
  if (text === undefined) throw new Error(`${page} has no section "${heading}"`);
  const [own = ''] = text.split(/^## /m);
  return own;
}

/** The forms of commands that are run by tests here, in `docs.test.ts` or `test/debian/readme.test.ts`, or by `.ci/run`. */
const RUN = [
  /^npm ci && npm (run demo|test)$/,
  /^curl .*\/(__understudy|realtime\/status)/,
  /^npx --yes (http-server|wscat) /,
  /^npx understudy (serve|record|convert|scenario (list|show|validate)|conformance (server|client|list))\b/,
  /^echo '[\w ]+' > hello\.txt$/,
  /^npx understudy recordings (add|list)\b/,
  /^npx understudy load\b/,
];

describe('the README and the pages of reference', () => {
  it.each(samples('js').filter(([, text]) => text.includes('new WebSocket')))(
    'has a client that works: %s',
    async (_heading, text) => {
      await using fake = await startMockServer();
      const port = new URL(fake.urls.url).port;
      expect(text).toContain(':8080/');

      const { code, stdout, stderr } = await run(text.replaceAll(':8080/', `:${port}/`));
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toMatch(/^(partial|interim): good morning/m);
      expect(stdout).toMatch(/^final: please bring your passport and be here at nine$/m);
      expect(stdout).toMatch(/^closed: 1000$/m);
    },
  );

  it.each(samples('js').filter(([, text]) => text.includes("'asr-understudy'")))(
    'has a library sample that works: %s',
    async (_heading, text) => {
      const library = new URL('../../dist/index.js', import.meta.url).href;
      const { code, stdout, stderr } = await run(text.replace("'asr-understudy'", `'${library}'`));

      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toMatch(/^ws:\/\/127\.0\.0\.1:\d+\/v2\/realtime$/m);
    },
  );

  // test/debian/playwright.test.ts runs those for Playwright, which need a browser.
  const forVitest = samples('ts').filter(([, text]) => !text.includes('asr-understudy/playwright'));
  it.each(forVitest)('has a sample for vitest that passes: %s', async (_heading, text) => {
    // In a folder of the repository, where the package can be imported by its own name.
    await mkdir(join(REPOSITORY, 'build'), { recursive: true });
    const folder = await mkdtemp(join(REPOSITORY, 'build/readme-'));
    try {
      await writeFile(join(folder, 'sample.test.ts'), text);
      await writeFile(
        join(folder, 'vitest.config.mjs'),
        'export default { test: { include: ["*.test.ts"] } };',
      );
      const vitest = join(REPOSITORY, 'node_modules/vitest/vitest.mjs');
      await using program = new Program(process.execPath, [vitest, 'run', '--root', folder]);
      const { code } = await program.exit;
      expect({ code, stderr: program.stderr }).toEqual({ code: 0, stderr: '' });
      expect(program.stdout).toMatch(/1 passed/);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('has calls of the control API that work', async () => {
    await using files = await folder();
    await using fake = await startMockServer({ judge, allowSave: true, scenarios: [files.path('')] });
    await using client = await microphone(fake);
    for (let i = 0; i < 10; i++) client.send(silence(20));
    const calls = commands().filter((line) => line.includes('/__understudy/'));

    expect(calls.length).toBeGreaterThan(4);

    for (const call of calls) {
      const [, file] = /--data-binary @(\S+\.yaml)/.exec(call) ?? [];
      const [, body = file && 'dialect: reson8\nsummary: Says hello\n'] = /-d '([^']+)'/.exec(call) ?? [];
      const [url = ''] = /http:[^\s']+/.exec(call) ?? [];
      const method = body === undefined ? 'GET' : 'POST';
      // Calls that do not end by themselves are not waited for.
      const answer = await fetch(url.replace('http://127.0.0.1:8080', fake.urls.url), {
        method,
        ...(body === undefined ? {} : { body }),
      });
      const isFine = [200, 201].includes(answer.status);
      expect([call, isFine], isFine ? '' : await answer.text()).toEqual([call, true]);
      await answer.body?.cancel();
    }
    const paths = [...pageText('docs/control-api.md').matchAll(/`(GET|POST|PUT) ([a-z][\w/:.-]*)/g)];
    expect(paths.length).toBeGreaterThan(12);

    for (const [, method = '', path = ''] of paths) {
      const url = `${fake.urls.control}/${path.replace(':id', 's1').replace(':token', 't').replace(':name', 'mine')}`;
      // The call exists, even if it refuses an empty body.
      const answer = await fetch(url, { method });
      expect([path, [404, 405].includes(answer.status)]).toEqual([path, false]);
      await answer.body?.cancel();
    }
  });

  const whole = samples('yaml').filter(([, text]) => text.includes('summary: Two words'));
  it.each(whole)('has a scenario that does what it says: %s', async (_heading, text) => {
    await using own = await folder();
    expect(pageText('scenarios/README.md')).toContain('`two-words.yaml`');

    const path = own.path('two-words.yaml');
    await writeFile(path, text);
    const validated = await hosted(['scenario', 'validate', path]);

    expect(validated.code, validated.stdout).toBe(0);

    await using fake = await startMockServer({ scenario: path, speed: 5 });
    await using client = await microphone(fake);
    client.send(fixture('en-long.wav').pcm);

    expect((await client.closed).code).toBe(1006);

    const said = client.messages.map((message) => message.text);
    expect(said.find((one) => one.includes('"is_final":true'))).toContain('"text":"good morning"');
  });

  it('has commands for scenarios that work', async () => {
    const looks = commands().filter((line) => /scenario (list|show)/.test(line));
    expect(looks.length).toBeGreaterThan(1);

    for (const command of looks) {
      const [, , ...args] = command.split(' ');
      const { code, stdout, stderr } = await hosted(args);
      expect(code, stderr).toBe(0);
      expect(stdout).not.toBe('');
    }
  });

  it.each([
    'serve',
    'record',
    'load',
    'convert',
    'conformance server',
    'conformance client',
    'conformance trace',
    'conformance diff',
    'conformance list',
  ])('names every flag of %s, and no others', async (command) => {
    const { stdout } = await hosted([...command.split(' '), '--help']);
    const [, options = ''] = stdout.split('Options:\n');
    const real = options.match(/^ +--[a-z-]+/gm)?.map((flag) => flag.trim()) ?? [];

    const rows = section('docs/flags.md', `\`understudy ${command}\``).match(/^\|.*$/gm) ?? [];
    // A flag that is on by default is documented with its --no- form.
    const named = rows
      .flatMap((row) => row.match(/--[a-z][a-z-]+/g) ?? [])
      .map((flag) => flag.replace('--no-', '--'));

    const common = ['--help', '--version'];

    expect([...new Set(named)].sort()).toEqual(real.filter((flag) => !common.includes(flag)).sort());
  });

  const runs = commands().filter((line) => line.startsWith('npx understudy conformance'));

  it('has commands for each part of the conformance runner', () => {
    expect(runs.map((command) => command.split(' ')[3])).toEqual(['server', 'client', 'list', 'server']);
  });

  it.each(runs)('has a command of the conformance runner that works: %s', async (command) => {
    await using files = await folder();
    await using fake = await startMockServer(
      command.includes(' --edition examples ') ? { editions: { scriptix: 'examples' } } : {},
    );
    // At full speed and with one scenario; `npm run demo` and other tests run everything.
    const reports: string[] = [];
    const args = command
      .replace('ws://127.0.0.1:8080', fake.urls.url.replace('http', 'ws'))
      .replace(/(html|json):([\w.]+)/, (_all, format: string, name: string) => {
        reports.push(files.path(name));
        return `${format}:${files.path(name)}`;
      })
      .replace('examples/', join(REPOSITORY, 'examples/'))
      .replace(' --profile quick', '')
      .replace(' server ', ' server --profile quick --pace 100 ')
      .replace(' client ', ' client --scenario happy-path --only R8-CONN-001 ')
      .split(' ')
      .slice(2);
    const { code, stdout, stderr } = await hosted(args);

    expect(code, stdout + stderr).toBe(0);
    expect(reports.map((path) => existsSync(path))).toEqual(command.includes(' --report ') ? [true] : []);
  });

  it('has commands to record and convert that work', async () => {
    const [record = []] = argsOf('record');
    await using fake = await startMockServer();
    await using files = await folder();
    const inPlace = (text: string) =>
      /^(trace|recorded)\./.test(text)
        ? files.path(text)
        : text.replace('ws://127.0.0.1:8080', fake.urls.url).replace('8090', '0');
    {
      await using recorder = new Program(process.execPath, [CLI, ...record.map(inPlace)]);
      await recorder.said(/Ctrl-C/);
      const [url = ''] = /ws:\/\/127\.0\.0\.1:\d+/.exec(recorder.stdout) ?? [];
      await using client = connect(`${url}/v2/realtime?token=any-token`);
      await client.open;
      recorder.signal('SIGINT');
      expect((await recorder.exit).code).toBe(0);
    }
    for (const args of argsOf('convert')) {
      await using converter = new Program(process.execPath, [CLI, ...args.map(inPlace)]);
      expect((await converter.exit).code, converter.stderr).toBe(0);
    }

    expect(readFileSync(files.path('recorded.yaml'), 'utf8')).toMatch(/^dialect: scriptix$/m);

    const { log } = JSON.parse(readFileSync(files.path('trace.har'), 'utf8')) as {
      log: { entries: unknown[] };
    };
    expect(log.entries).toMatchObject([{ _resourceType: 'websocket', response: { status: 101 } }]);
  });

  it('has commands to load a service that work', async () => {
    await using fake = await startMockServer();
    await using files = await folder();
    const url = fake.urls.url.replace('http', 'ws');
    const loads = commands().filter((line) => line.startsWith('npx understudy load '));

    expect(loads.length).toBeGreaterThan(3);

    for (const command of loads) {
      const line = command
        .replace('npx understudy', `"${process.execPath}" "${CLI}"`)
        .replace('ws://127.0.0.1:8080', url);
      await using shell = new Program('sh', ['-c', `cd "${files.path('')}" && ${line}`]);
      // The load may be undecided only because the machine is too busy to send on time.
      const { code } = await shell.exit;
      const isFine = code === 0 || (code === 3 && /could not keep up/.test(shell.stdout + shell.stderr));
      expect([command, isFine], shell.stdout + shell.stderr).toEqual([command, true]);
    }
    const made = ['load.html', 'load.json', 'load.xml', '1.json', '2.json'];
    expect(made.filter((name) => !existsSync(files.path(name)))).toEqual([]);
  });

  it('has npm scripts for its commands, and a README of at most 200 lines with a link to every page', () => {
    const { scripts } = JSON.parse(readFileSync(join(REPOSITORY, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    const readme = pageText('README.md');

    const names = [...readme.matchAll(/npm (?:run ([\w:]+)|(test))/g)].map(
      ([, name, test]) => name ?? test ?? '',
    );

    expect(names.length).toBeGreaterThan(1);

    for (const name of names) expect(scripts).toHaveProperty(name);
    expect(readme.split('\n').length).toBeLessThanOrEqual(200);

    for (const page of PAGES) if (page !== 'README.md') expect(readme).toContain(`](${page}`);
  });

  it('has only commands of forms that tests run', () => {
    const others = commands().filter((line) => !RUN.some((form) => form.test(line)));
    expect(others).toEqual([]);
  });

  it('says how many requirements there are', async () => {
    await using list = new Program(process.execPath, [CLI, 'conformance', 'list', '--json']);
    await list.exit;
    const { length } = JSON.parse(list.stdout) as unknown[];

    expect(pageText('README.md')).toContain(` ${length} requirements `);
  });
});
