import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { CASES, titleOf } from '../examples/cases.ts';
import { runClient } from '../examples/client-run.ts';
import { judge } from '../examples/judge-case.ts';
import { playAll, type Played, type Programs } from '../examples/play-cases.ts';
import { REPOSITORY } from '../support/programs/cli.ts';

/** Debian's Python, which has Debian's python3-websockets. */
const program = (name: string) =>
  ['/usr/bin/python3', '-B', join(REPOSITORY, `examples/python/${name}.py`)] as const;
const PROGRAMS: Programs = {
  scriptix: program('scriptix'),
  'scriptix-stream': program('scriptix_stream'),
  reson8: program('reson8'),
  'reson8-turns': program('reson8_turns'),
};

describe('examples/python', () => {
  let played: readonly Promise<Played>[] = [];
  beforeAll(() => {
    played = playAll(CASES, PROGRAMS);
    // Each has a test of its own below.
    for (const one of played) one.catch(() => undefined);
  });

  describe.each(['scriptix', 'scriptix-stream', 'reson8', 'reson8-turns'] as const)('%s', (name) => {
    const cases = CASES.map((one, i) => ({ one, i, title: titleOf(one) })).filter(
      ({ one }) => one.program === name,
    );
    it.each(cases)('$title', { timeout: 300_000 }, async ({ one, i }) => {
      const result = await played[i];
      expect(result).toBeDefined();
      if (result !== undefined) judge(one, result);
    });
  });

  it.each([
    ['no token', {}, [], /UNDERSTUDY_TOKEN/],
    ['an unknown flag', { UNDERSTUDY_TOKEN: 'any' }, ['--token', 'any'], /--token/],
    [
      'a file that is no WAV',
      { UNDERSTUDY_TOKEN: 'any', UNDERSTUDY_URL: 'ws://127.0.0.1:1' },
      ['--audio', 'package.json'],
      /WAV/,
    ],
    [
      'an endpoint of something else',
      { UNDERSTUDY_TOKEN: 'any', UNDERSTUDY_URL: 'ftp://127.0.0.1:1', UNDERSTUDY_AUDIO: 'package.json' },
      [],
      /--url: expected a URL that begins with ws/,
    ],
  ])('%s is wrong usage: exit code 2 and one sentence', async (_what, env, args, sentence) => {
    const run = await runClient([...PROGRAMS.scriptix, ...args], env);

    expect(run).toMatchObject({ code: 2, reports: [], stdout: '' });
    expect(run.stderr).toMatch(sentence);
    expect(run.stderr).not.toContain('Traceback');
  });
});
