import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startMockServer } from '../src/mock-server/server.ts';
import { CLI, REPOSITORY } from './support/cli.ts';
import { connect } from './support/client.ts';
import { folder } from './support/folder.ts';
import { Program } from './support/program.ts';
import { README, samples } from './support/readme.ts';

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

describe('the README', () => {
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

  it('has a library sample that works', async () => {
    const [text] = samples('js')
      .map(([, sample]) => sample)
      .filter((sample) => sample.includes("'asr-understudy'"));
    const library = new URL('../dist/index.js', import.meta.url).href;
    const { code, stdout, stderr } = await run((text ?? '').replace("'asr-understudy'", `'${library}'`));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^ws:\/\/127\.0\.0\.1:\d+\/v2\/realtime$/m);
  });

  it('names every flag of serve, and none that it does not have', async () => {
    await using help = new Program(process.execPath, [CLI, 'serve', '--help']);
    await help.exit;
    const flags = (text: string) => new Set([...text.matchAll(/--[a-z][a-z-]+/g)].map(([flag]) => flag));
    const documented = flags(
      README.slice(README.indexOf('## `understudy serve`'), README.indexOf('## What is faked')),
    );
    const real = flags(help.stdout);
    for (const flag of ['--help', '--version']) real.delete(flag);
    expect([...documented].sort()).toEqual([...real].sort());
  });

  it('names every flag of record, and none that it does not have', async () => {
    await using help = new Program(process.execPath, [CLI, 'record', '--help']);
    await help.exit;
    const section = README.slice(README.indexOf('## Record a real service'));
    const table = section.slice(section.indexOf('| flag'), section.indexOf('\n\nMessages'));
    const flags = (text: string) => new Set([...text.matchAll(/--[a-z][a-z-]+/g)].map(([flag]) => flag));
    const real = flags(help.stdout.slice(help.stdout.indexOf('Options:'), help.stdout.indexOf('Examples:')));
    for (const flag of ['--help', '--version']) real.delete(flag);
    expect([...flags(table)].sort()).toEqual([...real].sort());
  });

  it('has commands to record and convert that work', async () => {
    const commands = samples('sh').flatMap(([, text]) => text.trim().split('\n'));
    const args = (word: string) => {
      const line = commands.find((command) => command.startsWith(`npx understudy ${word}`)) ?? '';
      return line.split(' ').slice(2);
    };
    await using fake = await startMockServer();
    await using files = await folder();
    const inPlace = (text: string) =>
      /^trace\./.test(text)
        ? files.path(text)
        : text.replace('ws://127.0.0.1:8080', fake.urls.url).replace('8090', '0');
    {
      await using recorder = new Program(process.execPath, [CLI, ...args('record').map(inPlace)]);
      await recorder.said(/Ctrl-C/);
      const [url = ''] = /ws:\/\/127\.0\.0\.1:\d+/.exec(recorder.stdout) ?? [];
      await using client = connect(`${url}/v2/realtime?token=any-token`);
      await client.open;
      recorder.signal('SIGINT');
      expect((await recorder.exit).code).toBe(0);
    }
    await using converter = new Program(process.execPath, [CLI, ...args('convert').map(inPlace)]);
    expect((await converter.exit).code).toBe(0);
    const { log } = JSON.parse(readFileSync(files.path('trace.har'), 'utf8')) as {
      log: { entries: unknown[] };
    };
    expect(log.entries).toMatchObject([{ _resourceType: 'websocket', response: { status: 101 } }]);
  });

  it('has scripts for its commands, and links that lead somewhere', () => {
    const { scripts } = JSON.parse(readFileSync(join(REPOSITORY, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    const commands = [...README.matchAll(/npm (?:run (\w+)|(test))/g)].map(
      ([, name, test]) => name ?? test ?? '',
    );
    expect(commands.length).toBeGreaterThan(1);
    for (const name of commands) expect(scripts).toHaveProperty(name);
    const links = [...README.matchAll(/\]\(([^)#]+)\)/g)].map(([, path = '']) => path);
    expect(links.filter((path) => !existsSync(join(REPOSITORY, path)))).toEqual([]);
  });
});
