import { existsSync, readdirSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { startMockServer } from '../../src/mock-server/server.ts';
import { DEVIATIONS } from '../../src/conformance/judge/deviations.ts';
import { EXIT_CODES } from '../../src/conformance/report/report.ts';
import { ACTION } from '../support/programs/action.ts';
import { CLI, REPOSITORY } from '../support/programs/cli.ts';
import { connect } from '../support/clients/client.ts';
import { conformance, ran } from '../support/conformance.ts';
import { blocksOf, pageText, reader } from '../support/programs/page.ts';

const PAGES = ['docs/check-an-endpoint.md', 'docs/test-your-client.md', 'docs/ci.md'];

/** The commands to clone and build, which are left out here because this clone is built already. */
const BUILD = '(cd understudy && npm ci && npm run build)\n';

/** The exit code of the last command of a block: with `exit=any` 0 or 1, by default 0. */
function expectedCode(info: string): number | undefined {
  const [, code] = /exit=(\w+)/.exec(info) ?? [];
  return code === 'any' ? undefined : Number(code ?? '0');
}

/** The headings of a page, as GitHub names them in links. */
function anchorsIn(text: string): readonly string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\w\s-]/g, '')
      .replaceAll(' ', '-'),
  );
}

describe('the pages', () => {
  it('have no dead links', () => {
    const protocol = ['src/protocol', 'src/protocol/scriptix', 'src/protocol/reson8'];
    const all = ['docs', 'docs/decisions', 'examples', 'fixtures', 'scenarios', '.', ...protocol].flatMap(
      (folder) =>
        readdirSync(join(REPOSITORY, folder))
          .filter((name) => name.endsWith('.md'))
          .map((name) => join(folder, name)),
    );

    expect(all).toEqual(expect.arrayContaining(['README.md', 'docs/flags.md', 'scenarios/README.md']));

    for (const page of all) {
      for (const [link, path = '', anchor = ''] of pageText(page).matchAll(
        /\]\((?!https?:)([^)#]*)#?([^)]*)\)/g,
      )) {
        const target = path === '' ? page : join(dirname(page), path);
        expect([page, link, existsSync(join(REPOSITORY, target))]).toEqual([page, link, true]);
        if (anchor !== '')
          expect([page, anchorsIn(pageText(target))]).toEqual([page, expect.arrayContaining([anchor])]);
      }
    }
  });

  it('are linked from the README', () => {
    for (const page of PAGES) expect(pageText('README.md')).toContain(`](${page})`);
  });

  it('have every decision in the list of CONTRIBUTING, by its title, in order', () => {
    const decisions = readdirSync(join(REPOSITORY, 'docs/decisions')).sort();

    const listed = [...pageText('CONTRIBUTING.md').matchAll(/^- \[(.*)\]\(docs\/decisions\/(.*)\)$/gm)];

    expect(listed.map(([, , name]) => name)).toEqual(decisions);

    for (const [, title = '', name = ''] of listed) {
      const text = pageText(join('docs/decisions', name));
      expect(text.split('\n')[0]).toBe(`# ${name.slice(0, 4)}: ${title}`);
      expect([name, ...anchorsIn(text).slice(1)]).toEqual([
        name,
        ...['context', 'decision', 'consequences', 'alternatives'],
      ]);
    }
  });

  it('name only flags that exist', async () => {
    const helps = ['server', 'client', 'trace', 'list', 'diff'].map((command) => ran([command, '--help']));
    const known = (await Promise.all(helps)).map(({ stdout }) => stdout).join('');
    for (const page of PAGES) {
      const flags = new Set([...pageText(page).matchAll(/(?<![\w-])--[a-z][a-z-]+/g)].map(([flag]) => flag));
      // Flags of other programs, and of serve.
      for (const other of ['--yes', '--version', '--depth', '--port']) flags.delete(other);
      for (const flag of flags) expect([page, flag, known.includes(flag)]).toEqual([page, flag, true]);
    }
  });
});

describe('docs/check-an-endpoint.md', () => {
  it(
    'can be followed word for word, with a fake in place of the real service',
    { timeout: 180_000 },
    async () => {
      const blocks = blocksOf('docs/check-an-endpoint.md').filter(({ language }) => language === 'sh');
      const [baseline] = blocksOf('docs/check-an-endpoint.md').filter(({ language }) => language === 'yaml');
      await using real = await startMockServer({
        keys: ['real-key:admin', 'user-key:user'],
        speed: 5,
      });
      await using follower = await reader();
      // The addresses on the page, and those that replace them here.
      const places = new Map([
        ['wss://realtime.example.com', real.urls.url.replace('http', 'ws')],
        ['https://api.example.com', real.urls.url],
      ]);
      let ran = 0;
      for (const { text, info } of blocks) {
        const [, flags, , port = '8080'] = /^npx understudy serve ((?:--port (\d+))?.*)&$/m.exec(text) ?? [];
        if (flags !== undefined) {
          const [, named = port] = /--port (\d+)/.exec(flags) ?? [];
          places.set(`127.0.0.1:${named}`, await follower.start(`${flags} --speed 5`));
          continue;
        }
        if (text.includes('known.yaml')) await writeFile(follower.path('known.yaml'), baseline?.text ?? '');
        let command = text.replace(BUILD, '');
        // The page lets its reader type the key.
        command = command.replace(/^read -rs (\w+) && export \w+$/m, 'export $1=real-key');
        for (const [place, now] of places) command = command.replaceAll(place, now);
        // To save time, audio is sent as fast as possible.
        command = command.replace(/^((?:.*\\\n)*.*conformance server(?:.*\\\n)*.*)$/m, '$1 --pace 100');
        const { code, log } = await follower.follow(command);
        const expected = expectedCode(info);
        if (expected === undefined) expect([command, [0, 1].includes(code)], log).toEqual([command, true]);
        else expect([command, code], log).toEqual([command, expected]);
        ran += 1;
        if (text.includes('report.html')) expect(log).toContain('Violations: 1 requirement is broken.');
      }

      expect(ran).toBeGreaterThan(9);
      expect(await readFile(follower.path('report.html'), 'utf8')).toContain('SX-FIN-014');

      const live = JSON.parse(await readFile(follower.path('live.json'), 'utf8')) as unknown;
      expect(live).toMatchObject({ profile: 'live', outcome: 'conforming', summary: { fail: 0, warn: 0 } });

      // No file contains the key that was typed.
      for (const file of ['live.json', 'live.html', 'traces-live/preflight.ndjson']) {
        expect(await readFile(follower.path(file), 'utf8')).not.toContain('real-key');
      }
    },
  );

  it('lists every deviation', () => {
    const text = pageText('docs/check-an-endpoint.md');
    const section = text.slice(text.indexOf('| name '), text.indexOf('## 5.'));

    expect([...section.matchAll(/^\| `([\w-]+)`/gm)].map(([, name]) => name)).toEqual(
      DEVIATIONS.map(({ name }) => name),
    );
  });

  it('names the budget of a live run, and what the probes cost', async () => {
    await using fake = await startMockServer({ speed: 5 });
    const text = pageText('docs/check-an-endpoint.md');
    const row = (flag: string) =>
      new RegExp(`\\\`${flag}\\\`.*\\((\\d+)\\w?\\) +\\| (\\d+)`).exec(text) ?? [];
    for (const dialect of ['scriptix', 'reson8']) {
      const url = fake.urls.url.replace('http', 'ws');
      const tokens = ['--token', 'x', '--bad-token', 'invalid-key', '--user-token', 'user-key'];
      const { stdout, stderr } = await ran([
        ...['server', '--dialect', dialect, '--url', url, '--profile', 'live', '--pace', '100'],
        ...tokens,
      ]);
      const [, audioS, sessions] = /at most (\d+) s of audio, (\d+) sessions/.exec(stderr) ?? [];
      expect([row('--max-audio')[1], row('--max-sessions')[1]]).toEqual([audioS, sessions]);
      const [, calls, usedS] = /(\d+) +connections and calls, (\d+)\.\d s of audio/.exec(stdout) ?? [];
      const told = (flag: string) =>
        Number(new RegExp(`\\\`${flag}\\\`.*?(\\d+)(?: s)? ${dialect}`, 'i').exec(text)?.[1]);
      expect(Math.abs(told('--max-audio') - Number(usedS)) / told('--max-audio')).toBeLessThan(0.15);
      expect(Math.abs(told('--max-sessions') - Number(calls)) / told('--max-sessions')).toBeLessThan(0.15);
    }
  });
});

describe('docs/recordings.md', () => {
  it('can be followed', async () => {
    await using follower = await reader();
    const [serve, add] = blocksOf('docs/recordings.md').filter(({ language }) => language === 'sh');
    const here = (text = '') =>
      text.replaceAll('npx understudy', `node '${CLI}'`).replaceAll('fixtures/', `${REPOSITORY}fixtures/`);
    const { code, log } = await follower.follow(here(add?.text));

    expect([code, log]).toEqual([
      0,
      expect.stringContaining('my-recordings/en-long.wav.json: 6 words in 9.4 s'),
    ]);
    expect(pageText('docs/recordings.md')).toContain('6 words in 9.4 s');

    const served = await follower.follow(
      here(serve?.text).replace('serve', 'serve --port 0 --until-stdin-ends </dev/null'),
    );
    expect([served.code, served.log]).toEqual([0, expect.stringContaining('loaded  1 recording')]);
  });
});

describe('docs/workers.md', () => {
  it('has commands that work', async () => {
    await using follower = await reader();
    const commands = blocksOf('docs/workers.md').filter(({ language }) => language === 'sh');
    const logs = [];
    for (const { text } of commands) {
      const here = text
        .replace('npx understudy', `node '${CLI}'`)
        .replace('--port 8080', '--port 0 --until-stdin-ends </dev/null');
      const { code, log } = await follower.follow(here);
      logs.push([code, log.includes('Understudy listens on')]);
    }

    expect(logs).toEqual([
      [0, true],
      [0, true],
    ]);
  });
});

describe('docs/test-your-client.md', () => {
  it('can be followed word for word', { timeout: 300_000 }, async () => {
    const all = blocksOf('docs/test-your-client.md');
    const blocks = all.filter(({ info }) => !info.includes('whole'));
    const [client] = blocks.filter(({ language }) => language === 'js');
    const commands = blocks.filter(({ language, info }) => language === 'sh' && info !== 'attach');
    await using follower = await reader();
    const [install, ...rest] = commands.map(({ text }) => text);

    expect((await follower.follow((install ?? '').replace(BUILD, ''))).log).toMatch(/added \d+ packages?/);

    const own = client?.text ?? '';
    const mended = [
      ['{}', '{ handshakeTimeout: 15_000 }'],
      ["kind: 'other'", "kind: /timed out/.test(message) ? 'timeout' : 'other'"],
    ].reduce((text, [from = '', to = '']) => {
      expect(pageText('docs/test-your-client.md')).toContain(`\`${to}\` instead of \`${from}\``);
      expect(text.split(from)).toHaveLength(2);
      return text.replace(from, to);
    }, own);
    await writeFile(follower.path('my-client.mjs'), own);
    await writeFile(follower.path('mended.mjs'), mended);

    expect(rest).toHaveLength(4);

    // All at once, because they mostly wait.
    const runs = rest.map(async (text, i) => {
      const isLast = i === rest.length - 1;
      // Other tests play all scenarios to the example client.
      const short = text.includes('--scenario') ? text : text.replace(' -- ', ' --scenario happy-path -- ');
      const command = isLast ? short.replace('my-client', 'mended') : short;
      const { code, log } = await follower.follow(command);
      const whole = expectedCode(commands[i + 1]?.info ?? '');
      // With one scenario, the run is incomplete.
      expect([command, code], log).toEqual([command, short === text ? whole : 3]);
      expect(log).toMatch(/\n +(?:0|1) +fail\n/);
    });
    await Promise.all(runs);
    // The client on the page used to hang on a half-open socket until it was killed, because only one scenario was tried.
    const [whole] = all.filter(({ info }) => info.includes('whole'));
    const { code, log } = await follower.follow((whole?.text ?? '').replace('my-client', 'mended'));

    expect(code, log).toBe(expectedCode(whole?.info ?? ''));
  });

  it('has a command that waits for a page in a browser, and prints where to connect', async () => {
    const [attach] = blocksOf('docs/test-your-client.md').filter(({ info }) => info === 'attach');
    const args = (attach?.text ?? '').trim().split(' ').slice(3);
    await using runner = conformance([...args, '--only', 'SX-MIC-002']);
    const url = await runner.line();
    await using page = connect(`${url}?token=any-token&type=fast`);
    await page.open;
    page.send('{"action":"start"}');
    await page.next();
    page.close(1000);

    expect((await runner.exit).code, runner.stderr).toBe(0);
  });

  it('lists everything that a client gets, and everything that it may report', async () => {
    const text = pageText('docs/test-your-client.md');
    const { stdout } = await ran(['client', '--help']);
    const [usage = ''] = stdout.split('Options:');
    for (const [name] of usage.matchAll(/UNDERSTUDY_[A-Z_]+|\{[a-z-]+\}|"event":"\w+"/g)) {
      expect(text).toContain(name);
    }

    expect(usage).toContain('UNDERSTUDY_URL');
  });
});

describe('docs/flags.md', () => {
  it('lists every exit code', () => {
    const rows = [...pageText('docs/flags.md').matchAll(/^\| (\d) +\|/gm)].map(([, code]) => Number(code));
    const usage = 2;
    expect(rows).toEqual([...Object.values(EXIT_CODES), usage].sort());
  });
});

describe('docs/ci.md', () => {
  const jobs = blocksOf('docs/ci.md').map(({ info, text }) => ({ info, value: parse(text) as unknown }));

  it('names all inputs of the action, and no others', () => {
    const uses: unknown[] = [];
    const visit = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return;
      if ('uses' in value && /^\.\//.test(String(value.uses)) && 'with' in value) uses.push(value.with);
      Object.values(value).forEach(visit);
    };
    for (const { info, value } of jobs) if (info === 'github') visit(value);

    expect(uses).toHaveLength(4);

    const inputs = Object.keys(ACTION.inputs);
    for (const each of uses) expect(inputs).toEqual(expect.arrayContaining(Object.keys(each as object)));
    const rows = [...pageText('docs/ci.md').matchAll(/^\| `([\w-]+)`/gm)].map(([, name]) => name);

    expect(rows).toEqual(inputs);

    for (const output of Object.keys(ACTION.outputs))
      expect(pageText('docs/ci.md')).toContain(`\`${output}\``);
  });
});
