import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { fixture } from '../support/audio.ts';
import { CLI } from '../support/programs/cli.ts';
import { Program } from '../support/programs/program.ts';

/** Runs the command on a terminal of its own, with `script`. */
function onTerminal(command: string, env: Readonly<Record<string, string>> = {}): Program {
  const line = `stty cols 60; exec ${process.execPath} ${CLI} ${command}`;
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(NO_COLOR|FORCE_COLOR|COLUMNS)$/.test(name),
  );
  return new Program('script', ['--quiet', '--return', '--command', line, '/dev/null'], {
    ...Object.fromEntries(inherited),
    ...env,
  });
}

const BOLD = '\u001b[1m';

describe('on a terminal', () => {
  it('the address is emphasised', async () => {
    await using program = onTerminal('serve --port 0');
    await program.said(/Ctrl-C stops it/);
    expect(program.stdout).toContain(`${BOLD}http://127.0.0.1:`);
  });

  it('with NO_COLOR nothing is emphasised', async () => {
    await using program = onTerminal('serve --port 0', { NO_COLOR: '1' });
    await program.said(/Ctrl-C stops it/);
    expect(program.stdout).not.toContain('\u001b');
  });

  it('an empty NO_COLOR has no effect', async () => {
    await using program = onTerminal('serve --port 0', { NO_COLOR: '' });
    await program.said(/Ctrl-C stops it/);
    expect(program.stdout).toContain(BOLD);
  });

  it('demo lets a partial overwrite the one before, in one line of the terminal', async () => {
    await using program = onTerminal('demo');
    // test/cli/demo.test.ts tests the rest, which is the same without a terminal.
    await program.said(/Reson8[^]*\d+ partials, \d+ finals/);

    const lines = program.stdout.split('\r\n');
    const overwritten = lines.flatMap((line) => line.split('\r\u001b[K').slice(0, -1));
    expect(overwritten.filter((text) => text.includes('partial')).length).toBeGreaterThan(20);

    const plain = stripVTControlCharacters;
    // A partial that is wider than the terminal could not be overwritten.
    for (const text of overwritten) expect(plain(text).length).toBeLessThan(60);
    const left = lines.map((line) => plain(line.split('\r\u001b[K').at(-1) ?? ''));
    const finals = left.flatMap((line) => / final +(.*)$/.exec(line)?.[1] ?? []);
    const { text } = fixture('en-appointment.wav');

    expect(finals.join(' ')).toBe(`${text} ${text}`);
  });
});
