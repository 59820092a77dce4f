import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { commandWords, quoted, repeatCommand } from '../../../src/conformance/report/repeat/repeat.ts';
import { reproOf } from '../../../src/conformance/report/repeat/server.ts';

/** The words that a shell reads from a command. */
function wordsOf(command: string): readonly string[] {
  const script = `print() { for word; do printf '%s\\0' "$word"; done; }; print ${command}`;
  return execFileSync('sh', ['-c', script], { encoding: 'utf8' }).split('\0').slice(0, -1);
}

// A pasted command lacked the paths, the time limit and the deviations, and had `redacted-1` for a token.
it('a shell reads the command that repeats a finding as it was meant', () => {
  const tail = [
    'sh',
    '-c',
    `echo "a $HOME" 'b'; exit 1`,
    '',
    '{url}',
    '{a,b}',
    '*',
    '~',
    '-x',
    'a\nb',
    '`id`',
  ];
  const flags = {
    dialect: 'reson8',
    deviation: ['a b', "c'd"],
    strict: true,
    attach: false,
    audio: '-odd.wav',
  };

  expect(wordsOf(repeatCommand('client', flags, ['--', ...tail]))).toEqual([
    ...[
      'npx',
      'understudy',
      'conformance',
      'client',
      '--dialect',
      'reson8',
      '--deviation',
      'a b',
      '--deviation',
    ],
    ...["c'd", '--strict', '--audio=-odd.wav', '--', ...tail],
  ]);
});

it('paths in the command are kept', () => {
  expect(
    commandWords(
      '/home/me/code/client',
      ['/opt/x/run.mjs', '--config=/home/me/code/c.json', '/var/x'],
      '/home/me/code',
    ),
  ).toEqual(['./client', '/opt/x/run.mjs', '--config=c.json', '/var/x']);
  expect(commandWords('/usr/bin/node', ['a.mjs'], '/home')).toEqual(['/usr/bin/node', 'a.mjs']);
});

it('paths in the command are kept on Windows', () => {
  const words = [String.raw`C:\opt\run.mjs`, String.raw`--config=C:\code\sub\c.json`, String.raw`D:\x`];
  expect(commandWords(String.raw`C:\code\client.exe`, words, String.raw`C:\code`, 'win32')).toEqual([
    ...[
      String.raw`.\client.exe`,
      String.raw`C:\opt\run.mjs`,
      String.raw`--config=sub\c.json`,
      String.raw`D:\x`,
    ],
  ]);
});

it.each([
  [String.raw`C:\code\client.exe`, String.raw`C:\code\client.exe`],
  [String.raw`C:\my code\client.exe`, String.raw`"C:\my code\client.exe"`],
  // PowerShell reads these as a list and a block of code.
  ['a,b', '"a,b"'],
  ['{url}', '"{url}"'],
  ['', '""'],
  ["it's 100%", "'it''s 100%'"],
  ['$HOME', "'$HOME'"],
])('a word is quoted for the shells of Windows: %s', (word, expected) => {
  expect(quoted(word, 'win32')).toBe(expected);
});

it('the command against a server has every flag that matters, and no credentials', () => {
  const command = reproOf(
    {
      dialect: 'scriptix',
      url: 'ws://127.0.0.1:1',
      credentials: { valid: 'a-secret' },
      audio: '/a b/c.wav',
      streamSource: 'https://f.example/x',
      pace: 1,
      runs: 3,
      budget: { audioMs: 120_000, sessions: 5, timeMs: 60_000 },
      allowScale: true,
      deviations: ['x-y'],
      strict: true,
      redact: ['pin'],
      files: { scenarios: ['/s/a.yaml'], baseline: 'b.yaml' },
    },
    'TR-001',
  );
  expect(command).toBe(
    "npx understudy conformance server --dialect scriptix --url ws://127.0.0.1:1 --profile full --seed 1 --scenario /s/a.yaml --audio '/a b/c.wav' --stream-source https://f.example/x --pace 1 --runs 3 --max-audio 120000ms --max-sessions 5 --max-time 60000ms --allow-scale --deviation x-y --baseline b.yaml --redact pin --strict --only TR-001",
  );
});
