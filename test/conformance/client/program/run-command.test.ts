import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { MOST_LINES } from '../../../../src/conformance/client/reports/report-lines.ts';
import { newRedactor } from '../../../../src/wire/redact/redact.ts';
import { folder } from '../../../support/programs/folder.ts';
import { PACKAGE } from '../../../support/programs/cli.ts';
import { Program } from '../../../support/programs/program.ts';
import { descriptorCount, isAlive, node, reported, run, sh } from './program.ts';

const DISPLAY = '{"event":"display","text":"hi"}';
const onLinux = it.runIf(process.platform === 'linux');

/** The numbers in a file, once it has this many lines. */
async function pidsIn(path: string): Promise<readonly number[]> {
  return (await readFile(path, 'utf8')).trim().split('\n').map(Number);
}

/**
 * A separate process of the build that runs a script for /bin/sh as we do.
 *
 * @param meanwhile what it does right after the start, before it learns of it
 */
function runner(script: string, meanwhile = ''): Program {
  const built = (path: string) => JSON.stringify(new URL(`dist/${path}`, pathToFileURL(`${PACKAGE}/`)).href);
  const source = `
    import { runCommand } from ${built('conformance/client/program/run-command.js')};
    import { realClock } from ${built('runtime/clock.js')};
    import { newRedactor } from ${built('wire/redact/redact.js')};
    const clock = realClock();
    const script = ${JSON.stringify(script)};
    const running = runCommand({ command: '/bin/sh', args: ['-c', script], env: process.env, reportsOn: 'fd3', timeoutMs: 60000,
      run: 'test-' + process.pid, clock, now: () => clock.now(), redactor: newRedactor() });
    ${meanwhile}
    await running;`;
  return new Program(process.execPath, ['--input-type=module', '-e', source]);
}

/** The memory of buffers that are in use, without those that wait to be collected. */
function keptBytes(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().arrayBuffers;
}

describe('how a program ends', () => {
  it.each([
    ['exit 0', { kind: 'exited', code: 0 }],
    ['exit 3', { kind: 'exited', code: 3 }],
    ['kill -SEGV $$', { kind: 'signal', signal: 'SIGSEGV' }],
    ['kill -TERM $$', { kind: 'signal', signal: 'SIGTERM' }],
  ])('is reported as it was: %s', async (script, outcome) => {
    const { outcome: seen, leftProcesses, durationMs } = await sh(script);
    expect([seen, leftProcesses]).toEqual([outcome, false]);
    expect(durationMs).toBeGreaterThan(0);
  });

  it.each([
    ['it does not exist', '/no/such/program', [], 'there is no program "/no/such/program" (ENOENT)'],
    ['it is not executable', '/etc/passwd', [], '"/etc/passwd" cannot be executed (EACCES)'],
    ['its arguments cannot be passed on', '/bin/sh', ['a\0b'], 'null bytes'],
  ])('is reported as not started when %s', async (_why, command, args, reason) => {
    const { outcome } = await run(command, args);
    expect(outcome).toEqual({ kind: 'not-started', reason: expect.stringContaining(reason) as string });
  });

  it('is a time-out for one that hangs, which is then killed', async () => {
    await using files = await folder();
    const { outcome } = await sh(`echo $$ > ${files.path('pid')}; sleep 60`, { timeoutMs: 2000 });
    expect(outcome).toEqual({ kind: 'timeout' });

    const [pid = 0] = await pidsIn(files.path('pid'));
    await expect.poll(() => isAlive(pid)).toBe(false);
  });

  it('is a time-out for one that exits with 0 when it is asked to end', async () => {
    const { outcome, stdout } = await sh("trap 'echo bye; exit 0' TERM; while :; do sleep 0.05; done", {
      timeoutMs: 2000,
      graceMs: 10_000,
    });
    expect([outcome, stdout.text]).toEqual([{ kind: 'timeout' }, 'bye\n']);
  });

  it('is a time-out for one that ignores SIGTERM, which is then killed', async () => {
    await using files = await folder();
    const { outcome, leftProcesses } = await sh(
      `trap '' TERM; echo $$ > ${files.path('pid')}; while :; do sleep 1; done`,
      {
        timeoutMs: 2000,
        graceMs: 200,
      },
    );
    // Processes that exist because we did not let it end are not left behind by it.
    expect([outcome, leftProcesses]).toEqual([{ kind: 'timeout' }, false]);

    const [pid = 0] = await pidsIn(files.path('pid'));
    await expect.poll(() => isAlive(pid)).toBe(false);
  });

  it('is a time-out for one that suspended itself', async () => {
    const { outcome } = await sh('kill -STOP $$', { timeoutMs: 200, graceMs: 100 });
    expect(outcome).toEqual({ kind: 'timeout' });
  });

  it('is reported as called off when it is', async () => {
    const off = new AbortController();
    const running = sh('echo started >&3; sleep 60', { signal: off.signal });
    off.abort();

    expect((await running).outcome).toEqual({ kind: 'stopped' });
  });
});

describe('what a program leaves behind', () => {
  it.each([
    ['that lives on', 'sleep 60'],
    ['that ignores signals', 'sh -c \'trap "" TERM INT HUP; sleep 60\''],
    ['that holds its pipes open', 'sleep 60 3>&3'],
    ['that floods its pipes', 'yes'],
  ])('is killed, even a process %s', async (_what, command) => {
    await using files = await folder();
    const { outcome, leftProcesses } = await sh(`${command} & echo $! > ${files.path('pid')}; exit 0`);
    expect(outcome).toEqual({ kind: 'exited', code: 0 });

    const [pid = 0] = await pidsIn(files.path('pid'));
    expect(pid).toBeGreaterThan(1);
    await expect.poll(() => isAlive(pid)).toBe(false);

    if (process.platform === 'linux') expect(leftProcesses).toBe(true);
  });

  onLinux('is killed when it has left the group and its parent is gone', async () => {
    await using files = await folder();
    const path = files.path('pid');
    // The parent waits until its child has a session of its own.
    const script = `setsid sh -c 'echo $$ > ${path}; sleep 60' & while [ ! -s ${path} ]; do sleep 0.01; done`;
    const { outcome } = await sh(script);
    expect(outcome).toEqual({ kind: 'exited', code: 0 });
    const [pid = 0] = await pidsIn(path);
    await expect.poll(() => isAlive(pid)).toBe(false);
  });

  onLinux(
    'is killed when it has left the group and its environment, as long as its parent lives',
    async () => {
      await using files = await folder();
      const path = files.path('pid');
      const { outcome } = await sh(
        `env -i setsid sh -c 'trap "" TERM; echo $$ > ${path}; while :; do sleep 1; done'`,
        {
          timeoutMs: 2000,
          graceMs: 100,
        },
      );
      expect(outcome).toEqual({ kind: 'timeout' });
      const [pid = 0] = await pidsIn(path);
      await expect.poll(() => isAlive(pid)).toBe(false);
    },
  );

  onLinux(
    'does not keep the runner waiting when it can no longer be found, although it holds the pipes',
    async () => {
      await sh('true');
      const before = descriptorCount();
      await using files = await folder();
      const path = files.path('pid');
      const stray = `env -i setsid sh -c 'echo $$ > ${path}; exec sleep 5'`;
      const { outcome } = await sh(`(${stray} &) ; while [ ! -s ${path} ]; do sleep 0.01; done`);
      expect(outcome).toEqual({ kind: 'exited', code: 0 });
      await expect.poll(descriptorCount).toBe(before);
      const [pid = 0] = await pidsIn(path);
      expect(isAlive(pid)).toBe(true);
      process.kill(pid, 'SIGKILL');
    },
  );

  it('does not include descriptors and timers of ours', async () => {
    await sh('true');
    const before = descriptorCount();
    await Promise.all(
      Array.from({ length: 8 }, (_, i) => (i % 2 === 0 ? sh('echo x >&3') : run('/no/such/program', []))),
    );

    await expect.poll(descriptorCount).toBe(before);
    expect(process.listenerCount('SIGHUP')).toBe(0);
  });

  it('ends with our own process when that is interrupted', async () => {
    await using files = await folder();
    const path = files.path('pid');
    await using outer = runner(`trap '' INT TERM; echo $$ > ${path}; sleep 60 & sleep 60`);

    await expect.poll(() => readFile(path, 'utf8').catch(() => '')).toMatch(/\d\n/);

    outer.signal('SIGINT');
    expect(await outer.exit).toEqual({ code: null, signal: 'SIGINT' });

    const [pid = 0] = await pidsIn(path);
    await expect.poll(() => isAlive(pid)).toBe(false);
  });

  // The program was left behind when a signal came before Node.js had said that it runs.
  it('ends with our own process when that is interrupted right after the start', async () => {
    await using files = await folder();
    const path = files.path('pid');
    const until = `while (!existsSync(${JSON.stringify(`${path}.sent`)}));`;
    await using outer = runner(
      `echo $$ > ${path}; kill -INT $PPID; touch ${path}.sent; sleep 60`,
      `import { existsSync } from 'node:fs'; ${until}`,
    );

    expect(await outer.exit).toEqual({ code: null, signal: 'SIGINT' });
    const [pid = 0] = await pidsIn(path);
    await expect.poll(() => isAlive(pid)).toBe(false);
  });
});

describe('what a program reports', () => {
  it('is read from descriptor 3, with the time at which it came', async () => {
    const { reports, stdout } = await node(`
      import { writeSync } from 'node:fs';
      writeSync(3, '${DISPLAY}\\n{"event":"fi');
      setTimeout(() => writeSync(3, 'nal","text":"hi there"}\\n\\n{"event":"later","n":[1]}'), 1500);
      console.log('not a report');
    `);
    expect(reports.told.map(({ fact }) => fact)).toEqual([
      { kind: 'report', report: { event: 'display', text: 'hi' } },
      { kind: 'report', report: { event: 'final', text: 'hi there' } },
      { kind: 'report', report: { event: 'later', n: [1] } },
    ]);

    const [first, second] = reports.told.map(({ atMs }) => atMs);
    expect((second ?? 0) - (first ?? 0)).toBeGreaterThan(30);
    expect([reports.faults, stdout.text]).toEqual([[], 'not a report\n']);
  });

  it('can come on standard output instead', async () => {
    const seen = await sh(`echo '${DISPLAY}'; echo and this`, { reportsOn: 'stdout' });

    expect(reported(seen)[0]).toEqual({ event: 'display', text: 'hi' });
    expect(seen.reports.faults).toEqual(['Report 2: expected JSON, got "and this"']);
    expect(seen.stdout.text).toBe(`${DISPLAY}\nand this\n`);
  });

  it('is kept up to the place where it closes the descriptor, or is killed in the middle of a line', async () => {
    const closing = await sh(`echo '${DISPLAY}' >&3; exec 3>&-; sleep 0.05; exit 4`);
    expect([closing.outcome, reported(closing)]).toEqual([
      { kind: 'exited', code: 4 },
      [{ event: 'display', text: 'hi' }],
    ]);

    const killed = await sh(`echo '${DISPLAY}' >&3; printf '{"event":"fin' >&3; kill -KILL $$`);
    expect(killed.outcome).toEqual({ kind: 'signal', signal: 'SIGKILL' });
    expect(reported(killed)[0]).toEqual({ event: 'display', text: 'hi' });
    expect(killed.reports.faults).toEqual(['Report 2: expected JSON, got "{\\"event\\":\\"fin"']);
  });

  it('is not lost after a line of 100 MB, and that line is not kept', async () => {
    const before = keptBytes();
    const seen = await sh(`head -c 100000000 /dev/zero >&3; echo >&3; echo '${DISPLAY}' >&3`);

    expect(seen.reports.faults).toEqual(['Report 1: the line is longer than 65536 bytes']);
    expect(reported(seen)[1]).toEqual({ event: 'display', text: 'hi' });
    // Memory that has become free is returned in the background.
    await expect.poll(() => keptBytes() - before).toBeLessThan(16 * 2 ** 20);
  });

  it('is read even if the program has ended by then', async () => {
    const all = await Promise.all(
      Array.from({ length: 8 }, () =>
        sh(`yes '${DISPLAY}' | head -n 3000 > /dev/null; yes '${DISPLAY}' | head -n 3000 >&3; kill -KILL $$`),
      ),
    );
    expect(all.map(({ reports }) => reports.told.length)).toEqual(all.map(() => 3000));
  });

  it('is read when thousands of lines come at once', async () => {
    const seen = await sh(`yes '${DISPLAY}' | head -n 20000 >&3`);
    expect([seen.reports.told.length, seen.reports.faultCount]).toEqual([20_000, 0]);
  });

  it('is cut off when it does not end, and that is reported', async () => {
    const { outcome, reports } = await sh(`yes '${DISPLAY}' >&3`, { timeoutMs: 1000 });

    expect(outcome).toEqual({ kind: 'timeout' });
    expect(reports.told.length).toBe(MOST_LINES + 1);
    expect(reports.told.at(-1)?.fact).toMatchObject({
      kind: 'note',
      message: expect.stringMatching(/^\d+ bytes of reports are missing here/) as string,
    });
  });

  it.each([
    ['standard output', '', 'stdout'],
    ['standard error', '>&2', 'stderr'],
  ] as const)('is not disturbed by a flood on %s, of which the end is kept', async (_what, where, name) => {
    const seen = await sh(
      `yes flood ${where} & sleep 0.2; echo '${DISPLAY}' >&3; kill $!; wait; echo end ${where}`,
    );

    expect(seen.outcome).toEqual({ kind: 'exited', code: 0 });
    expect(reported(seen)).toEqual([{ event: 'display', text: 'hi' }]);
    expect(seen[name].byteCount).toBeGreaterThan(100_000);
    expect(seen[name].text.length).toBeLessThan(70_000);
    expect(seen[name].text).toMatch(/flood\n(.*\n)?end\n$/);
  });

  it('has its secrets redacted, and so has its output', async () => {
    const redactor = newRedactor();
    redactor.learn('a-secret-token');
    const seen = await sh(
      `printf '{"event":"display","text":"a-secret%%2Dtoken"}\n' >&3; echo "no a-secret-token" >&3
       echo "url?token=a-secret-token"; echo YS1zZWNyZXQtdG9rZW4= >&2`,
      { redactor },
    );

    expect(JSON.stringify(seen)).not.toMatch(/a-secret|YS1z/);
    expect(reported(seen)[0]).toEqual({ event: 'display', text: 'redacted-1' });
    expect([seen.stdout.text, seen.stderr.text]).toEqual(['url?token=redacted-1\n', 'redacted-1\n']);
  });
});

it('a program gets nothing to read, its arguments as they are, and only the given environment', async () => {
  const { stdout } = await sh(
    'cat; for a in "$@"; do echo "[$a]"; done; env | grep -v "^_\\|^PWD\\|^SHLVL"',
    {
      args: [
        '-c',
        'cat; for a in "$@"; do echo "[$a]"; done; echo $OWN; echo ${HOME-none}',
        'sh',
        'a b',
        '$HOME',
        '*',
      ],
      env: { PATH: process.env['PATH'] ?? '', OWN: 'mine' },
    },
  );

  expect(stdout.text).toBe('[a b]\n[$HOME]\n[*]\nmine\nnone\n');
});

onLinux('a program gets its own process group', async () => {
  const { stdout } = await sh('cut -d " " -f 5 /proc/$$/stat; echo $$');
  const [group, pid] = stdout.text.split('\n');
  expect(group).toBe(pid);
});

it('eight programs run at a time, each to its own end', async () => {
  const runs = Array.from({ length: 8 }, (_, i) =>
    sh(`echo '{"event":"display","text":"${i}"}' >&3; ${i % 2 === 0 ? `exit ${i}` : 'sleep 60'}`, {
      timeoutMs: 3000,
    }),
  );
  expect((await Promise.all(runs)).map((one) => [one.outcome, reported(one)])).toEqual(
    runs.map((_, i) => [
      i % 2 === 0 ? { kind: 'exited', code: i } : { kind: 'timeout' },
      [{ event: 'display', text: `${i}` }],
    ]),
  );
});
