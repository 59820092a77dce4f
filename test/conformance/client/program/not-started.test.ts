import { expect, it } from 'vitest';
import { notStarted } from '../../../../src/conformance/client/program/not-started.ts';
import { node, reported, run } from './program.ts';

const failure = (code: string) => Object.assign(new Error(`spawn ${code}`), { code });

it.each([
  ['npx', 'ENOENT', 'win32', /^there is no program "npx" \(ENOENT\); .* with cmd \/c before its name$/],
  ['npx', 'ENOENT', 'linux', /^there is no program "npx" \(ENOENT\)$/],
  [String.raw`C:\bin\npx.CMD`, 'EINVAL', 'win32', /cannot be started by itself \(EINVAL\): .* cmd \/c/],
  ['client.exe', 'EINVAL', 'win32', /^"client.exe" cannot be started: EINVAL$/],
  ['client', 'EACCES', 'darwin', /^"client" cannot be executed \(EACCES\)$/],
] as const)(
  'the failure to start %s with %s on %s is reported in a sentence',
  (command, code, platform, expected) => {
    expect(notStarted(command, failure(code), platform)).toMatch(expected);
  },
);

it('a program that does not exist is reported on every platform', async () => {
  const { outcome } = await run('understudy-no-such-program', []);

  expect(outcome).toEqual({
    kind: 'not-started',
    reason: expect.stringContaining('there is no program "understudy-no-such-program"') as string,
  });
});

// The tests with scripts for /bin/sh check more cases where that shell exists.
it('a program reports on descriptor 3, and one that hangs is ended, on every platform', async () => {
  const seen = await node(
    `import { writeSync } from 'node:fs';
    writeSync(3, '{"event":"display","text":"hi"}\\n');
    setTimeout(() => {}, 60_000);`,
    { timeoutMs: 6000 },
  );

  expect([seen.outcome, reported(seen)]).toEqual([{ kind: 'timeout' }, [{ event: 'display', text: 'hi' }]]);
});
