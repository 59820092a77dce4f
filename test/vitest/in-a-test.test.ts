import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { PACKAGE, REPOSITORY } from '../support/programs/cli.ts';
import { Program } from '../support/programs/program.ts';

// How vitest reports the matchers can only be seen in tests that fail.

const TESTS = `
  import { expect, vi } from 'vitest';
  import WebSocket from 'WS';
  import { test } from 'THE_PACKAGE';

  const start = async (fake) => {
    const ws = new WebSocket(fake.urls.scriptix.realtime + '?token=any');
    await new Promise((resolve) => ws.on('open', resolve));
    ws.send('{"action":"start"}');
    return fake.nextSession();
  };
  test('waits for what does not come', { timeout: 3000 }, async ({ fake }) => {
    await expect(await start(fake)).toHaveReceivedStop();
  });
  test('waits longer than it may', { timeout: 3000 }, async ({ fake }) => {
    await expect(await start(fake)).toHaveReceivedStop({ timeoutMs: 5000 });
  });
  test('waits for no one', { timeout: 3000 }, async ({ fake }) => {
    await fake.nextSession();
  });
  test('waits in a session', { timeout: 3000 }, async ({ fake }) => {
    await (await start(fake)).received('flush');
  });
  test('forgets to await what fails', { timeout: 60_000 }, async ({ fake }) => {
    expect(await start(fake)).toHaveReceivedStop();
  });
  test('forgets to await what holds', { timeout: 60_000 }, async ({ fake }) => {
    const session = await start(fake);
    expect(session).not.toHaveReceivedStop();
    await session.received('start');
  });
  test('forgets to await what fails softly', { timeout: 60_000 }, async ({ fake }) => {
    expect.soft(await start(fake)).toHaveReceivedStop();
  });
  test('forgets to await what holds softly', { timeout: 60_000 }, async ({ fake }) => {
    const session = await start(fake);
    expect.soft(session).not.toHaveReceivedStop();
    await session.received('start');
  });
  test('fails softly', { timeout: 60_000 }, async ({ fake }) => {
    const session = await start(fake);
    await expect.soft(session).toHaveReceivedStop({ timeoutMs: 20 });
    await expect.soft(session).toHaveReceivedFlush(null, { timeoutMs: 20 });
  });
  test('fails for itself', { timeout: 60_000 }, async ({ fake }) => {
    const later = expect(await start(fake)).toHaveReceivedStop();
    expect(1).toBe(2);
    await later;
  });
  test('awaits', { timeout: 60_000 }, async ({ fake }) => {
    const later = expect(await start(fake)).toHaveReceivedStart();
    await later;
    await Promise.all([expect(fake.session('s1')).not.toHaveReceivedStop()]);
    await expect.soft(fake.session('s1')).toHaveReceivedStart();
    fake.nextSession();
  });
  test('has fake timers', { timeout: 60_000 }, async ({ fake }) => {
    vi.useFakeTimers();
    await expect(await start(fake)).toHaveSent({ state: 'listening' });
    vi.useRealTimers();
  });
`;

interface Results {
  readonly testResults: readonly {
    readonly assertionResults: readonly {
      readonly title: string;
      readonly status: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

function matching(pattern: RegExp): unknown {
  return expect.stringMatching(pattern);
}

it('a failed test says what it waited for, and which matcher it did not await', async () => {
  const folder = join(REPOSITORY, `build/vitest-${process.pid}`);
  await mkdir(folder, { recursive: true });
  try {
    const urlOf = (path: string) => pathToFileURL(join(PACKAGE, path)).href;
    const text = TESTS.replace('THE_PACKAGE', urlOf('dist/vitest.js')).replace("'WS'", "'ws'");
    await writeFile(join(folder, 'sample.test.js'), text);
    await writeFile(join(folder, 'vitest.config.js'), 'export default {};');
    const vitest = join(REPOSITORY, 'node_modules/vitest/vitest.mjs');
    const out = join(folder, 'out.json');
    await using program = new Program(process.execPath, [
      ...[vitest, 'run', '--root', folder, '--reporter=json', `--outputFile=${out}`],
    ]);
    await program.exit;
    const { default: results } = (await import(out, { with: { type: 'json' } })) as { default: Results };
    const said = Object.fromEntries(
      (results.testResults[0]?.assertionResults ?? []).map(({ title, status, failureMessages }) => [
        title,
        [status, ...failureMessages.map((each) => each.split('\n', 1)[0] ?? '')].join(' | '),
      ]),
    );
    expect(said).toEqual({
      'waits for what does not come': matching(/expected session s1 to have received stop, waited \d+ ms/),
      'waits longer than it may': matching(/expected session s1 to have received stop, waited \d+ ms/),
      'waits for no one': matching(/nextSession\(\): nothing came within \d+ ms; connections so far: 0/),
      'waits in a session': matching(/Session s1 did not receive flush 1x within .* ms/),
      'forgets to await what fails': matching(
        /^failed \| Error: expect\(session\)\.toHaveReceivedStop\(\) was not awaited/,
      ),
      'forgets to await what holds': matching(
        /^failed \| Error: expect\(session\)\.not\.toHaveReceivedStop\(\) was not awaited/,
      ),
      'forgets to await what fails softly': matching(
        /^failed \| Error: expect\.soft\(session\)\.toHaveReceivedStop\(\) was not awaited/,
      ),
      'forgets to await what holds softly': matching(
        /^failed \| Error: expect\.soft\(session\)\.not\.toHaveReceivedStop\(\) was not awaited/,
      ),
      'fails softly': matching(
        /^failed \| Error: [^|]*received stop[^|]*\| Error: [^|]*received the flush null[^|]*$/,
      ),
      'fails for itself': matching(/^failed \| AssertionError: expected 1 to be 2[^|]*$/),
      awaits: 'passed',
      'has fake timers': 'passed',
    });
    expect(program.stderr).not.toMatch(/unhandled/i);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
