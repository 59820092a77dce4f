import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  AGAIN_MS,
  expectConforming,
  judged,
  type JudgedProgram,
  type ReportsOn,
} from '../examples/judged.ts';
import { runClient } from '../examples/client-run.ts';
import { CLI, REPOSITORY } from '../support/programs/cli.ts';
import { blocksOf } from '../support/programs/page.ts';
import { Program, serve } from '../support/programs/program.ts';
import { expectNoOrphans } from '../support/programs/orphans.ts';

/** Debian's JUnit, whose manifest names its dependencies. */
const JARS = ['gson', 'junit-platform-console-standalone'].map((name) => `/usr/share/java/${name}.jar`);
const JAVA = join(REPOSITORY, 'examples/java');
const GO = join(REPOSITORY, 'examples/go');
/** For programs that run for seconds, compiler and collector threads do not pay off. */
const QUICK_START = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'];

let folder: string;
/** The environment for the tests and compilers of the examples. */
let env: NodeJS.ProcessEnv;
let javaPath: string;
let programs: Readonly<Record<'java' | 'go', readonly [string, ...string[]]>>;

async function run(cwd: string, command: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(command, args, { cwd, env, timeout: 280_000 });
  return stdout;
}

const sources = (under: string) => readdirSync(join(JAVA, under)).map((name) => join(under, name));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'compiled-'));
  // Debian has the library in a GOPATH.
  const place = { GO111MODULE: 'off', GOPATH: '/usr/share/gocode', GOCACHE: join(folder, 'cache') };
  // `go test` would repeat what the test of `go vet` checks.
  const go = { ...place, GOFLAGS: '-vet=off' };
  env = { ...process.env, ...go, JAVA_TOOL_OPTIONS: QUICK_START.join(' '), UNDERSTUDY_CLI: CLI };
  javaPath = [...JARS, join(folder, 'classes')].join(':');
  programs = {
    java: ['java', ...QUICK_START, '-cp', javaPath, 'captions.Captions', '--reports', 'stdout'],
    go: [join(folder, 'captions')],
  };
  const classes = ['-cp', JARS.join(':'), '-d', join(folder, 'classes')];
  await Promise.all([
    run(
      JAVA,
      'javac',
      ...classes,
      ...sources('src/main/java/captions'),
      ...sources('src/test/java/captions'),
    ),
    run(GO, 'go', 'build', '-o', join(folder, 'captions'), '.'),
  ]);
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.concurrent('the tests of the examples', () => {
  it('in Java pass', async () => {
    const launcher = ['-cp', javaPath, 'org.junit.platform.console.ConsoleLauncher'];
    const said = await run(JAVA, 'java', ...launcher, '--scan-classpath', join(folder, 'classes'));

    expect(said).toMatch(/^\[ +3 tests successful +\]$/m);
    expect(said).toMatch(/^\[ +0 tests failed +\]$/m);
  });

  it('in Go pass', async () => {
    expect(await run(GO, 'go', 'test', '-v', '.')).toMatch(/(--- PASS: [^]*){3}/);
  });

  it('in Go pass `go vet` and `gofmt`', async () => {
    await run(GO, 'go', 'vet', '.');

    expect(await run(GO, 'gofmt', '-l', '.')).toBe('');
  });
});

describe.concurrent('the commands of the README', () => {
  /** Runs the commands of a README in a copy of its folder. The fake of its first command already runs, on a free port. */
  async function followed(language: 'java' | 'go'): Promise<string> {
    const place = await mkdtemp(join(folder, 'copy-'));
    const copy = join(place, 'examples', language);
    await cp(join(REPOSITORY, 'examples', language), copy, { recursive: true });
    await symlink(join(REPOSITORY, 'fixtures'), join(place, 'fixtures'));
    await using fake = await serve();
    const [block] = blocksOf(`examples/${language}/README.md`);
    const lines = block?.text.split('\n') ?? [];
    expect(lines).toContain(SERVE);
    // Modules that go would download are installed by Debian.
    const rest = lines.filter((line) => line !== SERVE && line !== 'go mod tidy').join('\n');
    const script = `set -e; cd "$0"\n${rest.replace('127.0.0.1:8080', new URL(fake.urls.url).host)}`;
    await using program = new Program('bash', ['-c', script, copy], env);
    program.patienceMs = 220_000;
    const { code } = await program.exit;

    expect(code, program.stdout + program.stderr).toBe(0);
    return program.stdout;
  }
  const SERVE = 'npx understudy serve &';
  const LAST_WORDS = 'please bring your passport and be here at nine\n';

  const TIME = { timeout: 240_000 };

  it('for Java compile, transcribe and test', TIME, async () => {
    const said = await followed('java');
    expect(said).toContain(LAST_WORDS);
    expect(said).toMatch(/ 3 tests successful /);
  });

  it('for Go transcribe and test', TIME, async () => {
    const said = await followed('go');
    expect(said).toContain(LAST_WORDS);
    expect(said).toMatch(/^ok /m);
  });
});

describe('tests of the examples that are killed leave no process behind', () => {
  const inFolder = (cwd: string, ...command: readonly string[]) => [
    '-c',
    'cd "$0" && exec "$@"',
    cwd,
    ...command,
  ];

  it('in Java', async () => {
    const launcher = ['-cp', javaPath, 'org.junit.platform.console.ConsoleLauncher'];
    const args = inFolder(JAVA, 'java', ...launcher, '--scan-classpath', join(folder, 'classes'));

    // The second process is the fake.
    await expectNoOrphans({ command: 'sh', args, env, atLeast: 2 });
  });

  it('in Go', async () => {
    const args = inFolder(GO, 'go', 'test', '-v', '-count=1', '.');

    // `go test`, the tests and the fake.
    await expectNoOrphans({ command: 'sh', args, env, ready: /=== RUN/, atLeast: 3 });
  });
});

describe('understudy conformance client', () => {
  const runs = new Map<string, JudgedProgram>();
  const LANGUAGES: readonly ['java' | 'go', ReportsOn][] = [
    ['java', 'stdout'],
    ['go', 'fd3'],
  ];
  beforeAll(async () => {
    await Promise.all(
      LANGUAGES.map(async ([language, reportsOn]) => {
        runs.set(language, await judged('scriptix', programs[language], {}, reportsOn));
      }),
    );
  }, AGAIN_MS);

  it.each(LANGUAGES)(
    'finds no mistake in the client of Scriptix in %s',
    async (language) => {
      const program = runs.get(language);
      if (program === undefined) throw new Error('it was not run');
      await expectConforming(program);
    },
    AGAIN_MS,
  );
});

describe.each(['java', 'go'] as const)('the client in %s', (language) => {
  const dash = language === 'java' ? '--' : '-';
  it.each([
    ['no token', {}, [], /UNDERSTUDY_TOKEN/],
    ['no URL', { UNDERSTUDY_TOKEN: 'any' }, [], /-url is missing/],
    ['an unknown flag', { UNDERSTUDY_TOKEN: 'any' }, [`${dash}token`, 'any'], /-token/],
    [
      'a file that is no WAV',
      { UNDERSTUDY_TOKEN: 'any', UNDERSTUDY_URL: 'ws://127.0.0.1:1' },
      [`${dash}audio`, 'package.json'],
      /WAV/,
    ],
  ])('exits with 2 and one sentence for %s', async (_what, given, args, sentence) => {
    const [command, ...rest] = programs[language];
    const result = await runClient([command, ...rest, ...args], given);

    expect(result).toMatchObject({ code: 2, reports: [], stdout: '' });
    expect(result.stderr).toMatch(sentence);
    expect(result.stderr).not.toMatch(/Exception|goroutine/);
  });
});
