import { readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { folder } from '../../support/programs/folder.ts';
import { connect } from '../../support/clients/client.ts';
import { hosted } from '../../support/programs/hosted.ts';
import { understudy } from '../../support/programs/program.ts';

const COMMAND = ['conformance', 'client'];
const POLITE = `
import WebSocket from ${JSON.stringify(import.meta.resolve('ws'))};
const [url, token] = process.argv.slice(2);
const ws = new WebSocket(url + '?type=fast&token=' + encodeURIComponent(token));
ws.on('open', () => ws.send('{"action":"start"}'));
ws.on('message', (data) => String(data).includes('listening') && ws.close(1000));
ws.on('error', () => undefined);
`;

const end = (args: readonly string[]) => hosted([...COMMAND, ...args]);

describe('understudy conformance client', () => {
  it('runs a command with its own flags, prints results on stdout and the rest on stderr, and exits with 0', async () => {
    await using files = await folder();
    const path = files.path('client.mjs');
    await writeFile(path, POLITE);
    const report = files.path('report.json');
    const flags = ['--dialect', 'scriptix', '--scenario', 'warm-model', '--only', 'SX-MIC-001,SX-CONN-004'];
    const client = ['--', process.execPath, path, '{url}', '{token}'];
    const ended = await end([
      ...flags,
      '--report',
      `json:${report}`,
      '--traces',
      files.path('traces'),
      ...client,
    ]);

    expect(ended, ended.stderr).toMatchObject({ code: 0 });
    expect(ended.stdout).toContain('Conforming');
    expect(ended.stderr).toContain('1/1 warm-model');
    expect(ended.stdout).not.toContain('1/1 warm-model');
    expect(JSON.parse(await readFile(report, 'utf8'))).toMatchObject({
      outcome: 'conforming',
      subject: { kind: 'client', dialect: 'scriptix' },
      summary: { pass: 2 },
    });
    expect(await readFile(files.path('traces/warm-model.ndjson'), 'utf8')).toContain(
      '"action\\":\\"start\\"',
    );
  });

  it.each([
    ['no command', ['--dialect', 'scriptix'], '-- COMMAND ARG'],
    ['no dialect', ['--', 'true'], '--dialect'],
    ['an unknown dialect', ['--dialect', 'x', '--', 'true'], '--dialect'],
    ['both a command and --attach', ['--dialect', 'reson8', '--attach', '--', 'true'], '--attach'],
    ['an invalid length of time', ['--dialect', 'reson8', '--timeout', 'soon', '--', 'true'], '--timeout'],
    ['a length of time of zero', ['--dialect', 'reson8', '--timeout', '0s', '--', 'true'], '--timeout'],
    ['a concurrency of zero', ['--dialect', 'reson8', '--concurrency', '0', '--', 'true'], '--concurrency'],
    [
      'another place for reports',
      ['--dialect', 'reson8', '--client-report', 'fd4', '--', 'true'],
      '--client-report',
    ],
    [
      'an unknown scenario',
      ['--dialect', 'reson8', '--scenario', 'hapy-path', '--', 'true'],
      '--scenario: there is no scenario "hapy-path" for reson8; did you mean "happy-path"?',
    ],
    ['an unknown id', ['--dialect', 'reson8', '--only', 'R8-X-001', '--', 'true'], '--only'],
    ['a missing recording', ['--dialect', 'reson8', '--audio', 'no.wav', '--', 'true'], '--audio'],
    [
      'a recording without a name',
      ['--dialect', 'reson8', '--audio', '', '--', 'true'],
      '--audio: there is no file',
    ],
    [
      'a recording below a file',
      ['--dialect', 'reson8', '--audio', `${process.execPath}/a.wav`, '--', 'true'],
      '--audio: there is no file',
    ],
    ['a missing program', ['--dialect', 'reson8', '--', 'no-such-program'], 'no-such-program'],
  ])('refuses %s with exit code 2 and a sentence', async (_what, args, told) => {
    const { code, stdout, stderr } = await end(args);

    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(told);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  // The names of all 20 scenarios had come before the one sentence that mattered.
  it('reports a program that does not exist, and nothing else', async () => {
    const { code, stdout, stderr } = await end(['--dialect', 'scriptix', '--', './not-there']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr.trim().split('\n')).toEqual([expect.stringContaining('"./not-there"')]);
  });

  it('starts a client that fails at once only a few times, and says why first', async () => {
    const flags = ['--dialect', 'reson8', '--concurrency', '1'];
    const failing = ['--', process.execPath, '-e', 'console.error("no settings"); process.exit(7)'];
    const { code, stdout } = await end([...flags, ...failing]);

    expect(code).toBe(3);

    const told =
      'Incomplete: The client neither connected nor called anything in any of 3 scenarios and exited with code 7, ' +
      'with the words "no settings". It was not started for the other 15 scenarios.';
    expect(stdout.replaceAll(/\s+/g, ' ').slice(0, told.length)).toBe(told);
  });

  it('ends with 3 for a client that does nothing, and with 1 for one that breaks a MUST', async () => {
    await using files = await folder();
    const path = files.path('client.mjs');
    // Audio before the start command.
    await writeFile(path, POLITE.replace('() => ws.send(', '() => ws.send(Buffer.alloc(320)) ?? ws.send('));
    const flags = ['--dialect', 'scriptix', '--scenario', 'warm-model'];
    const nothing = end([...flags, '--', process.execPath, '-e', '0']);
    const wrong = end([...flags, '--', process.execPath, path, '{url}', '{token}']);

    expect((await nothing).code).toBe(3);
    expect((await nothing).stdout).toMatch(
      /^Incomplete: The client neither connected nor called anything in the only scenario/,
    );
    expect((await wrong).code).toBe(1);
    expect((await wrong).stdout).toContain('SX-MIC-003');
  });

  it('is ended by SIGINT, reports what it has, and leaves no client behind', async () => {
    const forever = ['--', process.execPath, '-e', 'console.error(process.pid); setInterval(() => 0, 1000)'];
    await using program = understudy([...COMMAND, '--dialect', 'reson8', '--concurrency', '1', ...forever]);
    await program.said(/18 scenarios for a client of reson8/);
    program.signal('SIGINT');

    expect((await program.exit).code).toBe(3);
    expect(program.stdout).toMatch(/^Incomplete: The run was stopped before its end: \d+ of 18 scenarios/);
  });

  it('with --attach prints where to connect, and judges the clients that do', async () => {
    const flags = ['--dialect', 'scriptix', '--scenario', 'warm-model', '--only', 'SX-CONN-004,SX-MIC-001'];
    await using program = understudy([...COMMAND, ...flags, '--attach']);
    const url = await program.line();

    expect(url).toMatch(/^ws:\/\/127\.0\.0\.1:\d+\/v2\/realtime$/);

    await using client = connect(`${url}?token=any-token&type=fast`);
    await client.open;
    client.send({ action: 'start' });
    await client.next();
    client.close(1000);

    expect((await program.exit).code).toBe(0);
  });
});
