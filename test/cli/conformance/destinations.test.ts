import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { startMockServer } from '../../../src/mock-server/server.ts';
import { ran, reportIn } from '../../support/conformance.ts';
import { CLI } from '../../support/programs/cli.ts';
import { Program, understudy } from '../../support/programs/program.ts';
import { folder } from '../../support/programs/folder.ts';

/** Runs a shell script in which `"$@"` is the command. */
function inShell(script: string, args: readonly string[]): Program {
  return new Program('sh', ['-c', script, 'sh', process.execPath, CLI, ...args]);
}

/** One play in which everything is correct. */
const ONE_PLAY = ['--token', 'x', '--scenario', 'reson8/speech', '--only', 'R8-FL-002', '--profile', 'quick'];

describe('a destination that can no longer be written to when a run ends', () => {
  // A run of ten minutes ended with "--traces: … cannot be written: the disk is full (ENOSPC)": no verdict, no report.
  it('costs neither the verdict nor another report, and is named once', async () => {
    await using files = await folder();
    await using fake = await startMockServer({
      onEvent({ event }) {
        if (event !== 'session-open') return;
        // The destinations existed before the run, and no longer do.
        for (const gone of ['traces', 'gone']) {
          rmSync(files.path(gone), { recursive: true, force: true });
          writeFileSync(files.path(gone), 'a file');
        }
      },
    });
    const { code, stdout, stderr } = await ran([
      'server',
      ...['--dialect', 'reson8', '--url', fake.urls.url.replace('http', 'ws'), ...ONE_PLAY],
      ...['--traces', files.path('traces')],
      ...['--report', `junit:${files.path('gone/r.xml')}`],
      ...['--report', 'tap:/dev/full'],
      ...['--report', `json:${files.path('kept/r.json')}`],
    ]);

    expect(stdout).toMatch(/^Summary$/m);

    const { requirements } = await reportIn(files.path('kept/r.json'));
    expect(requirements.map(({ id }) => id)).toEqual(['R8-FL-002']);
    // Nothing refers to a file that does not exist.
    expect(readFileSync(files.path('kept/r.json'), 'utf8')).not.toContain('.ndjson');
    expect(stderr.match(/cannot be written/g)).toHaveLength(3);
    expect(stderr).toMatch(
      /^--traces .*traces\/.*\.ndjson: cannot be written: [a-z ,]+ \(E[A-Z]+\)(, and \d+ more cannot)?$/m,
    );
    expect(stderr).toMatch(/^--report .*gone\/r\.xml: cannot be written: [a-z ,]+ \(E[A-Z]+\)$/m);
    expect(stderr).toMatch(/^--report \/dev\/full: cannot be written: the disk is full \(ENOSPC\)$/m);
    expect(code).toBe(2);
  });

  it('is made again if it is a folder that was only removed', async () => {
    await using files = await folder();
    await using fake = await startMockServer({
      onEvent({ event }) {
        if (event === 'session-open') rmSync(files.path('out'), { recursive: true, force: true });
      },
    });
    const { stderr } = await ran([
      'server',
      ...['--dialect', 'reson8', '--url', fake.urls.url.replace('http', 'ws'), ...ONE_PLAY],
      ...['--traces', files.path('out'), '--report', `json:${files.path('out/r.json')}`],
    ]);

    expect(stderr).not.toContain('cannot');
    expect(readdirSync(files.path('out'))).toContain('r.json');
    expect(readdirSync(files.path('out')).filter((name) => name.endsWith('.ndjson'))).not.toEqual([]);
  });
});

describe('a folder for counterexamples', () => {
  const nowhere = ['server', '--dialect', 'reson8', '--url', 'ws://127.0.0.1:1', '--token', 'x'];

  it('is not needed by a run that generates no sessions', async () => {
    await using files = await folder();
    await writeFile(files.path('counterexamples'), 'a file of others');
    const at = (profile: string) =>
      inShell(`cd '${files.path('.')}' && exec "$@"`, ['conformance', ...nowhere, '--profile', profile]);
    await using full = at('full');

    expect((await full.exit).code).toBe(2);
    expect(full.stderr).toMatch(/^--counterexamples counterexamples: cannot be made: .* is a file, expected/);

    await using quick = at('quick');
    // Nothing listens on this port.
    expect((await quick.exit).code).toBe(3);
    expect(quick.stderr).not.toContain('--counterexamples');
  });
});

describe('a full disk behind standard output', () => {
  it.each(['conformance list', 'scenario list', '--help'])(
    'is reported with exit code 2 and without a crash: %s',
    async (command) => {
      await using program = inShell('exec "$@" >/dev/full', command.split(' '));
      expect(await program.exit).toEqual({ code: 2, signal: null });
      expect(program.stderr).toBe('Standard output cannot be written: the disk is full (ENOSPC)\n');
    },
  );
});

describe('understudy convert', () => {
  const har = JSON.stringify({ log: { version: '1.2', entries: [] } });

  it('tries its target before it reads, and leaves an existing file when a disk is full', async () => {
    await using files = await folder();
    await writeFile(files.path('a.har'), har);
    await writeFile(files.path('there.ndjson'), 'as it was');
    await mkdir(files.path('folder.ndjson'));
    await symlink('/dev/full', files.path('full.ndjson'));
    const cases: readonly (readonly [string, string, readonly string[], RegExp])[] = [
      ['none.har', 'there.ndjson', [], /there\.ndjson: already exists; --force replaces it$/],
      [
        'none.har',
        'no/folder.ndjson',
        [],
        /no\/folder\.ndjson: cannot be written: there is no such file or folder \(ENOENT\)$/,
      ],
      [
        'none.har',
        'a.har/b.ndjson',
        [],
        /b\.ndjson: cannot be written: .*a\.har is a file, expected a folder$/,
      ],
      ['none.har', 'folder.ndjson', ['--force'], /folder\.ndjson: cannot be written: it is a folder/],
      ['a.har', 'full.ndjson', ['--force'], /full\.ndjson: cannot be written: the disk is full \(ENOSPC\)$/],
    ];
    for (const [from, to, flags, expected] of cases) {
      await using program = understudy(['convert', files.path(from), files.path(to), ...flags]);
      expect((await program.exit).code).toBe(2);
      expect(program.stderr.trimEnd()).toMatch(expected);
    }

    expect(readFileSync(files.path('there.ndjson'), 'utf8')).toBe('as it was');
  });
});
