import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CLI } from '../support/programs/cli.ts';
import { Program, understudy } from '../support/programs/program.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'understudy-'));
});
afterEach(() => rm(folder, { recursive: true }));

const inEnvironment = (variables: Readonly<Record<string, string>>) => ({ ...process.env, ...variables });

describe('the environment', () => {
  it('sets what no flag sets', async () => {
    const env = inEnvironment({
      UNDERSTUDY_PORT: '0',
      UNDERSTUDY_JSON: 'true',
      UNDERSTUDY_KEY: 'one, two:user',
    });
    await using program = understudy(['serve'], env);

    const { scriptix } = JSON.parse(await program.line()) as { scriptix: { api: string } };
    const status = async (key: string) =>
      (await fetch(`${scriptix.api}/status`, { headers: { 'x-zoom-s2t-key': key } })).status;

    expect([await status('one'), await status('two'), await status('three')]).toEqual([200, 200, 401]);
    expect(program.stderr).not.toMatch(/UNDERSTUDY/);
  });

  it('gives way to a flag', async () => {
    const env = inEnvironment({ UNDERSTUDY_PORT: 'x', UNDERSTUDY_JSON: 'true' });
    await using program = understudy(['serve', '--port', '0', '--no-json'], env);

    await program.said(/Ctrl-C stops it/);
  });

  it.each([
    ['UNDERSTUDY_PORT', 'x', 'UNDERSTUDY_PORT: expected a number, got "x"'],
    ['UNDERSTUDY_TLS', 'maybe', 'UNDERSTUDY_TLS: expected true or false, got "maybe"'],
    ['UNDERSTUDY_CERT', 'a.pem', 'UNDERSTUDY_CERT: expected --key-file with it'],
    // This one is found by the library.
    ['UNDERSTUDY_SPEED', '0', 'UNDERSTUDY_SPEED'],
  ])('is named where it is wrong: %s=%s', async (name, value, told) => {
    await using program = understudy(['serve'], inEnvironment({ UNDERSTUDY_PORT: '0', [name]: value }));

    expect(await program.exit).toEqual({ code: 2, signal: null });
    expect(program.stderr).toContain(told);
  });

  it('is reported for unknown variables, except for those of other commands, Docker and Kubernetes', async () => {
    const env = inEnvironment({
      ...{ UNDERSTUDY_PROT: '0', UNDERSTUDY_TOKEN: 'secret', UNDERSTUDY_SERVICE_HOST: '10.0.0.1' },
      ...{ UNDERSTUDY_PORT: 'tcp://10.0.0.1:8080', UNDERSTUDY_PORT_8080_TCP_ADDR: '10.0.0.1' },
    });
    await using program = understudy(['serve', '--port', '0'], env);

    await program.said(/Ctrl-C stops it/);
    // It comes through another pipe than that of the lines before.
    await program.said(/is not a setting/);

    expect(program.stderr.match(/UNDERSTUDY.*/g)).toEqual([
      'UNDERSTUDY_PROT is not a setting of this command; did you mean "UNDERSTUDY_PORT"?',
    ]);
  });

  it('sets required flags of record', async () => {
    const out = join(folder, 'trace.ndjson');
    const env = inEnvironment({ UNDERSTUDY_UPSTREAM: 'ws://127.0.0.1:9', UNDERSTUDY_OUT: out });
    await using program = understudy(['record', '--port', '0', '--json'], env);

    expect(JSON.parse(await program.line())).toMatchObject({ event: 'listening', out });
  });
});

describe('--ready-file', () => {
  // Windows has no signal that a program could answer.
  it.skipIf(process.platform === 'win32')(
    'contains the line that says "listening" for as long as that is true',
    async () => {
      const path = join(folder, 'ready.json');
      await using program = understudy(['serve', '--port', '0', '--json', '--ready-file', path]);

      const line = await program.line();

      expect(await readFile(path, 'utf8')).toBe(`${line}\n`);

      program.signal('SIGTERM');
      expect(await program.exit).toEqual({ code: 0, signal: null });
      expect(await readdir(folder)).toEqual([]);
    },
  );

  it('is refused at once if it cannot be written', async () => {
    const path = join(folder, 'missing', 'ready.json');
    await using program = understudy(['serve', '--port', '0', '--ready-file', path]);

    expect(await program.exit).toEqual({ code: 2, signal: null });
    expect(program.stderr).toBe(
      `--ready-file ${path}: cannot be written: there is no such file or folder (ENOENT)\n`,
    );
    expect(program.stdout).toBe('');
  });
});

// serve as root replaced /dev/full by a file, and removed that at its end. Windows has no such files.
it.skipIf(process.platform === 'win32')(
  '--ready-file refuses a path that is not a file, and leaves it alone',
  async () => {
    const path = join(folder, 'socket');
    const socket = createServer().listen(path);
    await once(socket, 'listening');
    await using program = understudy(['serve', '--port', '0', '--ready-file', path]);

    expect(await program.exit).toEqual({ code: 2, signal: null });
    expect(program.stderr).toBe(`--ready-file ${path}: is a pipe, a socket or a device, expected a file\n`);
    expect((await stat(path)).isSocket()).toBe(true);
    expect(await readdir(folder)).toEqual(['socket']);

    socket.close();
  },
);

describe('--until-stdin-ends', () => {
  it('ends the command with the process that started it, even if that is killed', async () => {
    const path = join(folder, 'ready.json');
    const args = ['serve', '--port', '0', '--until-stdin-ends', '--ready-file', path];
    // It is in its own process group, so that it can notice only by the end of its standard input.
    const parent = `
      const { spawn } = require('node:child_process');
      const options = { stdio: ['pipe', 'inherit', 'inherit'], detached: true };
      spawn(process.execPath, ${JSON.stringify([CLI, ...args])}, options);
      setInterval(() => {}, 1000);`;
    await using program = new Program(process.execPath, ['-e', parent]);
    await program.said(/Ctrl-C stops it/);
    const { control } = JSON.parse(await readFile(path, 'utf8')) as { control: string };

    expect((await fetch(`${control}/health`)).status).toBe(200);

    program.signal('SIGKILL');

    // Its outputs are those of the parent, and close when both are gone.
    await program.exit;
    await expect(fetch(`${control}/health`)).rejects.toThrow();
    expect(await readdir(folder)).toEqual([]);
  });

  it('ends the command at once where there is no standard input', async () => {
    await using program = understudy(['serve', '--port', '0', '--until-stdin-ends']);

    expect(await program.exit).toEqual({ code: 0, signal: null });
  });

  it('lets record complete its file', async () => {
    const out = join(folder, 'trace.ndjson');
    const args = ['record', '--upstream', 'ws://127.0.0.1:9', '--out', out, '--port', '0', '--json'];
    await using program = understudy([...args, '--until-stdin-ends']);

    expect(await program.exit).toEqual({ code: 0, signal: null });
    expect(program.stdout).toContain('{"event":"stopped"');
    expect(await readFile(out, 'utf8')).toContain('"kind":"trace"');
  });
});
