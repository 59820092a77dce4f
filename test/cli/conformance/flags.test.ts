import { readdir, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { startMockServer } from '../../../src/mock-server/server.ts';
import { probe, ran, ranAlone } from '../../support/conformance.ts';
import { folder } from '../../support/programs/folder.ts';

/** Nothing listens on this port: a run that is refused for a flag never gets that far. */
const SERVER = ['server', '--dialect', 'scriptix', '--url', 'ws://127.0.0.1:1'];

const ORIGIN = '--url: expected an origin such as ws://127.0.0.1:8080';

describe('wrong flags of understudy conformance server', () => {
  it.each<[string, readonly string[], string]>([
    [
      'an unknown dialect',
      ['server', '--dialect', 'scripti'],
      'expected scriptix, reson8 or reson8-turns, got "scripti"',
    ],
    [
      'no dialect',
      ['server', '--url', 'ws://127.0.0.1:1'],
      '--dialect: expected scriptix, reson8 or reson8-turns',
    ],
    [
      'an edition',
      [...SERVER, '--edition', 'exampels'],
      '--edition exampels: scriptix has no edition "exampels"; expected documents, examples or kaldi; did you mean "examples"?',
    ],
    [
      'an edition of the other service',
      [...SERVER, '--edition', 'reson8=2026-08'],
      '--edition reson8=2026-08: expected SERVICE=NAME, for this service alone: scriptix=documents|examples|kaldi',
    ],
    ['no URL', ['server', '--dialect', 'reson8'], '--url: expected the origin of the server'],
    ['a flag that is misspelled', [...SERVER, '--reprot', 'json:x'], 'Did you mean --report?'],
    ['a command that is misspelled', ['servr'], 'Unknown command: servr\nDid you mean server?'],
    ['a format', [...SERVER, '--report', 'htm:x.html'], 'did you mean "html:x.html"?'],
    ['a requirement', [...SERVER, '--only', 'SX-FIN-14'], 'did you mean "SX-FIN-014"?'],
    ['an empty requirement', [...SERVER, '--only', ''], '--only: expected ids such as SX-'],
    ['an extra comma', [...SERVER, '--only', 'SX-FIN-014,'], 'got an empty one'],
    ['a requirement to skip', [...SERVER, '--skip', 'SX-FIN'], '--skip: there is no requirement "SX-FIN"'],
    [
      'a requirement of the other service',
      [...SERVER, '--only', 'R8-FL-002'],
      '--only: R8-FL-002 is not for a scriptix server',
    ],
    [
      'requirements of the other side',
      [...SERVER, '--skip', 'SX-MIC-001,SX-MIC-002'],
      '--skip: SX-MIC-001 and SX-MIC-002 are not for a scriptix server',
    ],
    ['a deviation', [...SERVER, '--deviation', 'scriptix-stpo'], 'did you mean "scriptix-stop"?'],
    ['a profile', [...SERVER, '--profile', 'fast'], '--profile: expected quick, full or live, got "fast"'],
    ['a length of time', [...SERVER, '--max-audio', '3'], '--max-audio: expected a length of time such as'],
    ['a number', [...SERVER, '--max-sessions', 'many'], '--max-sessions: expected a number, got "many"'],
    ['a pace', [...SERVER, '--pace', '0'], '--pace: expected realtime, or 0.1 to 1000, got 0'],
    ['a seed twice', [...SERVER, '--seed', '1', '--seed', '2'], '--seed: given 2 times, expected once'],
    ['a seed that is negative', [...SERVER, '--seed', '-1'], '--seed: expected a whole number from 0'],
    ['a missing value', [...SERVER, '--only'], '--only: expected a value'],
    ['a credential of two lines', [...SERVER, '--token', 'a\nb'], '--token: expected a credential without'],
    [
      'a file of audio',
      [...SERVER, '--audio', 'none.wav'],
      'none.wav: cannot be read: there is no such file or folder (ENOENT)',
    ],
    ['audio that is not a WAVE file', [...SERVER, '--audio', probe('scriptix/speech')], 'not a WAVE file'],
    [
      'a transcript',
      [...SERVER, '--transcript', 'none.txt'],
      '--transcript: none.txt: cannot be read: there is no such file or folder (ENOENT)',
    ],
    [
      'a scenario',
      [...SERVER, '--scenario', 'none.yaml'],
      'none.yaml:1:1: cannot be read: there is no such file or folder (ENOENT)',
    ],
    [
      'a probe of the other service',
      [...SERVER, '--scenario', probe('reson8/speech')],
      'speech is for reson8',
    ],
    [
      'a baseline',
      [...SERVER, '--baseline', 'none.yaml'],
      '--baseline: none.yaml: cannot be read: there is no such file or folder (ENOENT)',
    ],
    ['a folder that is a file', [...SERVER, '--traces', probe('reson8/ping')], '--traces '],
    [
      'a folder of counterexamples below a file',
      [...SERVER, '--counterexamples', `${probe('reson8/ping')}/deep/er`],
      'is a file, expected a folder',
    ],
    ['a report below a file', [...SERVER, '--report', `json:${probe('reson8/ping')}/a.json`], '--report '],
    [
      'two reports in one file',
      [...SERVER, '--report', 'tap:x', '--report', 'json:x'],
      'two reports go to x',
    ],
    ['a source of streams', [...SERVER, '--stream-source', 'ftp://a'], '--stream-source: expected a base'],
  ])('are reported with what was expected: %s', async (_what, args, expected) => {
    const { code, stdout, stderr } = await ran(args);

    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(expected);
    // One or a few lines, and no stack.
    expect(stderr).not.toMatch(/^ +at /m);
    expect(stderr.split('\n').length).toBeLessThan(6);
  });

  it.each([
    ['a wrong scheme', 'http://127.0.0.1:1', `${ORIGIN}, ws:// or wss:// first`],
    ['a path', 'ws://127.0.0.1:1/v2/realtime', `${ORIGIN}, without a path: the runner adds`],
    ['a token in the query', 'ws://127.0.0.1:1/?token=s3cret', `${ORIGIN}, without a path`],
    ['a user and a password', 'ws://me:s3cret@127.0.0.1:1', `${ORIGIN}, without user and password`],
    ['a line break', 'ws://127.0.0.1:1\n::error::s3cret', ORIGIN],
    ['a command', 'ws://$(touch${IFS}s3cret)', ORIGIN],
    ['another command', 'ws://a;id', `${ORIGIN}, got an invalid host name`],
    ['a bell', 'ws://\u0007', ORIGIN],
    ['nothing', '', ORIGIN],
    ['a port that is too large', 'ws://127.0.0.1:65536', ORIGIN],
  ])('are reported for a URL with %s, which is not repeated', async (_what, url, expected) => {
    const { code, stdout, stderr } = await ran(['server', '--dialect', 'reson8', '--url', url]);

    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(expected);
    expect(stderr).not.toMatch(/s3cret|::error|\u0007/);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  it('are reported before anything is played or written', async () => {
    await using fake = await startMockServer();
    await using files = await folder();
    await writeFile(files.path('known.yaml'), '- { id: SX-FIN-14, reason: x }\n- { id: SX-FIN-014 }\n');
    const url = fake.urls.url.replace('http', 'ws');
    const output = ['--report', `json:${files.path('r.json')}`, '--traces', files.path('traces')];
    const flags = ['--token', 'x', '--baseline', files.path('known.yaml')];
    const { code, stderr } = await ran([
      'server',
      '--dialect',
      'scriptix',
      '--url',
      url,
      ...output,
      ...flags,
    ]);

    expect(code).toBe(2);
    expect(stderr).toMatch(/known\.yaml:2:3: 1\.reason: expected a reason/);
    expect(fake.sessions).toHaveLength(0);
    expect(await readdir(files.path('.'))).toEqual(['known.yaml']);
  });

  it('leave no connection open that would keep the command alive', async () => {
    await using fake = await startMockServer();
    await using files = await folder();
    // This is found only when the probe has connected.
    await writeFile(
      files.path('own.yaml'),
      'dialect: reson8\nsummary: Missing audio\nclient:\n  - audio: { file: none.wav, for: 1s }\n',
    );
    const url = fake.urls.url.replace('http', 'ws');
    const args = ['--token', 'x', '--scenario', files.path('own.yaml')];
    const { code, stderr } = await ranAlone(['server', '--dialect', 'reson8', '--url', url, ...args]);

    expect(code).toBe(2);
    expect(stderr).toContain('none.wav: cannot be read: there is no such file or folder (ENOENT)');
  });
});
