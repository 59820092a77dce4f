import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { startMockServer } from '../../src/mock-server/server.ts';
import { fixture } from '../support/audio.ts';
import { REPOSITORY } from '../support/programs/cli.ts';
import { oneFile } from '../support/programs/one-file.ts';
import { Program } from '../support/programs/program.ts';
import { CASES, titleOf } from './cases.ts';
import { runClient, textsOf } from './client-run.ts';
import { judge } from './judge-case.ts';
import { playAll, type Played, type Programs } from './play-cases.ts';

const WAV = 'fixtures/audio/en-appointment.wav';
const pathOf = (name: string) => `examples/node/${name}.mjs`;
const program = (name: string) => [process.execPath, join(REPOSITORY, pathOf(name))] as const;
/** Started for many cases. */
const bundled = async (name: string) => [process.execPath, await oneFile(pathOf(name))] as const;
const PROGRAMS: Programs = {
  scriptix: program('scriptix'),
  'scriptix-stream': program('scriptix-stream'),
  reson8: program('reson8'),
  'reson8-turns': program('reson8-turns'),
};

/** The cases run at the same time, because they mostly wait. */
let played: readonly Promise<Played>[] = [];
beforeAll(async () => {
  played = playAll(CASES, {
    scriptix: await bundled('scriptix'),
    'scriptix-stream': await bundled('scriptix-stream'),
    reson8: await bundled('reson8'),
    'reson8-turns': await bundled('reson8-turns'),
  });
  // Each has a test of its own below.
  for (const one of played) one.catch(() => undefined);
});

describe.each(['scriptix', 'scriptix-stream', 'reson8', 'reson8-turns'] as const)(
  'examples/node/%s.mjs',
  (name) => {
    const cases = CASES.map((one, i) => ({ one, i, title: titleOf(one) })).filter(
      ({ one }) => one.program === name,
    );
    it.each(cases)('$title', { timeout: 300_000 }, async ({ one, i }) => {
      const result = await played[i];
      expect(result).toBeDefined();
      if (result !== undefined) judge(one, result);
    });
  },
);

describe('examples/node', () => {
  const [, path] = PROGRAMS.scriptix;

  it.each([
    ['no token', {}, [], /UNDERSTUDY_TOKEN/],
    ['no endpoint', { UNDERSTUDY_TOKEN: 'any', UNDERSTUDY_AUDIO: WAV }, [], /--url/],
    ['an unknown flag', { UNDERSTUDY_TOKEN: 'any' }, ['--token', 'any'], /--token[^]*Usage/],
    [
      'a file that is not there',
      { UNDERSTUDY_TOKEN: 'any', UNDERSTUDY_URL: 'ws://127.0.0.1:1' },
      ['--audio', 'none.wav'],
      /none\.wav/,
    ],
    [
      'a file that is no WAV',
      { UNDERSTUDY_TOKEN: 'any', UNDERSTUDY_URL: 'ws://127.0.0.1:1' },
      ['--audio', 'package.json'],
      /WAV/,
    ],
    [
      'a WAV file of another rate',
      { UNDERSTUDY_TOKEN: 'any', UNDERSTUDY_URL: 'ws://127.0.0.1:1' },
      ['--audio', WAV.replace('.wav', '-8khz.wav')],
      /16 kHz/,
    ],
    [
      'an endpoint of something else',
      { UNDERSTUDY_TOKEN: 'any', UNDERSTUDY_URL: 'ftp://127.0.0.1:1', UNDERSTUDY_AUDIO: WAV },
      [],
      /--url: expected a URL that begins with ws/,
    ],
  ])('%s is wrong usage: exit code 2 and one sentence', async (_what, env, args, sentence) => {
    const run = await runClient([process.execPath, path ?? '', ...args], env);

    expect(run).toMatchObject({ code: 2, reports: [], stdout: '' });
    expect(run.stderr).toMatch(sentence);
    expect(run.stderr).not.toMatch(/^ +at /m);
  });

  // It used to print the error and go on, because the recording had started already.
  it.each(['reson8', 'reson8-turns'] as const)('%s ends if the kind of key is unknown', async (name) => {
    const env = { UNDERSTUDY_TOKEN: 'any', UNDERSTUDY_URL: 'ws://127.0.0.1:1', UNDERSTUDY_AUDIO: WAV };
    const run = await runClient([...PROGRAMS[name], '--auth', 'magic'], env);

    expect(run).toMatchObject({ code: 2, reports: [], stdout: '' });
    expect(run.stderr).toBe('--auth: expected apikey, bearer or subprotocol\n');
  });

  it('Ctrl-C ends the recording, but the transcript is completed', async () => {
    await using fake = await startMockServer();
    const env = { ...process.env, UNDERSTUDY_TOKEN: 'any', UNDERSTUDY_URL: fake.urls.scriptix.realtime };
    const long = WAV.replace('en-appointment', 'en-long');
    await using program = new Program(process.execPath, [path ?? '', '--audio', long], env);
    await program.said(/the ship left/);
    program.signal('SIGINT');

    expect((await program.exit).code).toBe(0);
    expect(program.stdout).toMatch(/^the ship left/);
    expect(program.stdout).not.toMatch(/whale/);
  });

  it('declares any rate and any number of channels to Reson8', async () => {
    await using fake = await startMockServer();
    const run = await runClient([...PROGRAMS.reson8, '--audio', WAV.replace('.wav', '-48khz-stereo.wav')], {
      UNDERSTUDY_TOKEN: 'any',
      UNDERSTUDY_URL: fake.urls.reson8.realtime,
    });

    expect(run.code).toBe(0);
    expect(textsOf(run, 'final').join(' ')).toBe(fixture('en-appointment-48khz-stereo.wav').text);
  });
});
