import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PACKAGE } from '../support/programs/cli.ts';
import { command as run, type Said } from '../support/programs/in-process.ts';
import { understudy } from '../support/programs/program.ts';
import { titled } from '../support/titled.ts';

/** What a mistake of the user gives: an explanation, nothing on standard output, exit code 2, and no stack. */
function expectUsageError({ code, stdout, stderr }: Said): void {
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr.trim()).not.toBe('');
  expect(stderr).not.toMatch(/^\s+at |node:internal|UserError|NaN|undefined/m);
}

describe('an invalid value is reported with the flag it was given to', () => {
  it.each<[flag: string, values: readonly string[]]>([
    ['--port', ['abc', '65536', '-1', '1.5', '']],
    // An address from the range reserved for documentation: no machine has it.
    ['--host', ['203.0.113.7', '']],
    ['--speed', ['fast', '0', '-1', '1001', '']],
    ['--seed', ['x', '-1', '1.5', '']],
    ['--start-time', ['2', 'soon', '-2s', '99999h', '']],
    ['--max-body', ['0', 'all']],
    ['--max-frame', ['0', '1GB', '-1', '9999MiB', 'all', '']],
    ['--max-sessions', ['0', 'many', '']],
    ['--speakers', ['-1', '1.5', 'two']],
    ['--price-per-minute', ['-1', 'free', 'other=1', '9999999', '']],
    ['--service', ['broken']],
    ['--allow-url', ['http://example.com', 'a b', 'exa*mple.com', 'example.com:0']],
    ['--key', ['', ':user']],
  ])('%s', async (flag, values) => {
    const free = flag === '--port' ? [] : ['--port', '0'];
    const outcomes = await Promise.all(values.map((value) => run('serve', ...free, flag, value)));
    for (const outcome of outcomes) {
      expectUsageError(outcome);
      expect(outcome.stderr).toContain(flag);
    }
  });

  // The later of two prices, or of two scenarios for one dialect, was used.
  it.each(
    titled<readonly [flags: readonly string[], sentence: string]>(
      [
        [['--price-per-minute', 'scriptix=1', '--price-per-minute', 'scriptix=2'], 'scriptix has one price'],
        [['--price-per-minute', '1', '--price-per-minute', '2'], 'each service has one price'],
        [
          ['--scenario', 'drop-mid-word', '--scenario', 'half-open'],
          'drop-mid-word and half-open are both for ',
        ],
        [['--edition', 'scriptix=kaldi', '--edition', 'scriptix=examples'], 'scriptix has one edition'],
      ],
      ([flags]) => flags.join(' '),
    ),
  )('%s, which contradict each other', async (_title, [flags, sentence]) => {
    const outcome = await run('serve', '--port', '0', ...flags);
    expectUsageError(outcome);
    expect(outcome.stderr).toMatch(new RegExp(`^${flags[0]}.*: ${sentence}`));
  });

  it.each(['--port', '--key', '--speed', '--cert'])('%s without a value', async (flag) => {
    const outcome = await run('serve', flag);
    expectUsageError(outcome);
    expect(outcome.stderr).toContain(flag.slice(2));
  });

  // Each of these was read as false.
  it.each(['--tls=yes', '--json=1', '--page=', '--until-stdin-ends=maybe'])(
    '%s, which takes no such value',
    async (given) => {
      const outcome = await run('serve', '--port', '0', given);

      expectUsageError(outcome);
      expect(outcome.stderr).toMatch(/^--[a-z-]+: expected true, false or no value, got ".*"\n$/);
    },
  );

  it('a flag without a value also accepts true and false', async () => {
    const outcome = await run('scenario', 'list', '--dialect', 'reson8', '--json=true');

    expect(outcome).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\{/) as string });
  });

  // yargs reported `--no-rest` as an argument "rest".
  it.each([
    ['--no-rest', '--no-rest'],
    ['--rest=x', '--rest'],
    ['-x', '-x'],
    ['rest', 'rest'],
  ])('%s, which is unknown, as it was typed', async (given, shown) => {
    const outcome = await run('serve', '--port', '0', given);

    expectUsageError(outcome);
    expect(outcome.stderr).toContain(`Unknown argument: ${shown}\n`);
  });

  it.each([
    ['--port', '1', '2'],
    ['--speed', '1', '2'],
    ['--seed', '1', '2'],
    ['--start-time', '1s', '2s'],
  ])('%s given twice', async (flag, one, other) => {
    const outcome = await run('serve', flag, one, flag, other);
    expectUsageError(outcome);
    expect(outcome.stderr).toContain(flag);
  });

  it('a key that is given twice is not printed', async () => {
    const outcome = await run('serve', '--key', 'classified', '--key', 'classified:user');

    expectUsageError(outcome);
    expect(outcome.stderr).toContain('--key');
    expect(outcome.stderr).not.toContain('classified');
  });
});

describe('mistakes in certificates', () => {
  const NO_PEM = join(PACKAGE, 'package.json');

  it('a file that does not exist is named with its flag', async () => {
    const missing = join(PACKAGE, 'no-such.pem');
    const cert = await run('serve', '--cert', missing, '--key-file', NO_PEM);
    expectUsageError(cert);
    expect(cert.stderr).toContain(`--cert ${missing}`);

    const key = await run('serve', '--cert', NO_PEM, '--key-file', missing);
    expectUsageError(key);
    expect(key.stderr).toContain(`--key-file ${missing}`);
  });

  it('files that are not a certificate and a key are refused', async () => {
    const outcome = await run('serve', '--port', '0', '--cert', NO_PEM, '--key-file', NO_PEM);
    expectUsageError(outcome);
    expect(outcome.stderr).toMatch(
      /^--cert: expected a certificate in PEM, got something else\n--key-file: expected a private key in PEM/,
    );
  });

  it('one of the two flags without the other is refused', async () => {
    for (const [flag, other] of [
      ['--cert', '--key-file'],
      ['--key-file', '--cert'],
    ] as const) {
      const outcome = await run('serve', flag, NO_PEM);
      expectUsageError(outcome);
      expect(outcome.stderr).toContain(flag.slice(2));
      expect(outcome.stderr).toContain(other.slice(2));
    }
  });
});

describe('unknown words on the command line', () => {
  it.each([
    ['--prot', '--port'],
    ['--start-tme', '--start-time'],
    ['--jsno', '--json'],
  ])('the flag %s leads to %s', async (wrong, right) => {
    const outcome = await run('serve', wrong, '1');

    expectUsageError(outcome);
    expect(outcome.stderr).toContain(wrong.slice(2));
    expect(outcome.stderr).toContain(right);
  });

  it('a flag that resembles no other is named', async () => {
    const outcome = await run('serve', '--quux');
    expectUsageError(outcome);
    expect(outcome.stderr).toContain('quux');
  });

  it('the command serv leads to serve', async () => {
    const outcome = await run('serv');
    expectUsageError(outcome);
    expect(outcome.stderr).toContain('serve');
  });

  it.each([
    ['serve', ['serve', '--quux']],
    ['conformance diff', ['conformance', 'diff', 'a', 'b', '--quux']],
    ['scenario', ['scenario']],
  ])('a mistake in %s leads to the help of that command', async (command, given) => {
    const outcome = await run(...given);

    expectUsageError(outcome);
    expect(outcome.stderr).toMatch(new RegExp(`^Try: understudy ${command} --help$`, 'm'));
  });

  // It was "Not enough non-option arguments: got 1, need at least 2".
  it('a missing argument is shown in its place', async () => {
    const outcome = await run('conformance', 'diff', 'a');

    expectUsageError(outcome);
    expect(outcome.stderr).toBe(
      'Expected: understudy conformance diff <a> <b>\nTry: understudy conformance diff --help\n',
    );
  });

  it('an argument that no command takes is named', async () => {
    for (const command of ['serve', 'demo']) {
      const outcome = await run(command, 'leftover');
      expectUsageError(outcome);
      expect(outcome.stderr).toContain('leftover');
    }
  });

  it('without a command, the commands and the help are named', async () => {
    const outcome = await run();

    expectUsageError(outcome);
    expect(outcome.stderr).toMatch(/serve.*demo/s);
    expect(outcome.stderr).toContain('--help');

    // The installed program ends in the same way.
    await using program = understudy([]);
    const { code, signal } = await program.exit;
    const { stdout, stderr } = program;
    expect({ code, signal, stdout, stderr }).toEqual({ ...outcome, signal: null });
  });
});

describe('help', () => {
  it.each([
    ['understudy', []],
    ['understudy serve', ['serve']],
    ['understudy demo', ['demo']],
  ])('%s --help has examples that can be copied', async (_what, command) => {
    const outcome = await run(...command, '--help');
    expect(outcome).toMatchObject({ code: 0, stderr: '' });

    const [, examples] = outcome.stdout.split('Examples:\n');
    // What follows an empty line does not belong to them.
    const lines = examples?.split('\n\n')[0]?.trimEnd().split('\n') ?? [];
    expect(lines.length).toBeGreaterThan(0);

    // A line that begins differently is the rest of a command that was wrapped.
    for (const line of lines) expect(line).toMatch(new RegExp(`^  understudy ${command.join(' ')}`));
  });

  it('lists every command with its description', async () => {
    const { stdout } = await run('--help');
    expect(stdout).toMatch(/understudy serve +\S/);
    expect(stdout).toMatch(/understudy demo +\S/);
  });

  it('--version prints the version of the package', async () => {
    const { version } = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8')) as {
      version: string;
    };
    expect(await run('--version')).toMatchObject({ code: 0, stdout: `${version}\n`, stderr: '' });
  });
});
