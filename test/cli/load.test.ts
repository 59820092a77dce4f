import { readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { LoadReport } from '../../src/load/result.ts';
import { startMockServer } from '../../src/mock-server/server.ts';
import { encodeEvent, encodeHeader } from '../../src/wire/trace-file.ts';
import { folder } from '../support/programs/folder.ts';
import { hosted } from '../support/programs/hosted.ts';
import { understudy } from '../support/programs/program.ts';

const load = (...args: readonly string[]) => hosted(['load', ...args], { PATH: process.env['PATH'] });

const HEADER = encodeHeader({ kind: 'trace', version: 1, tool: 'x', startedAt: '2025-01-31T12:00:00.000Z' });

describe('understudy load', () => {
  it('divides a recorded load into parts, and adds up their reports', async () => {
    await using fake = await startMockServer();
    await using files = await folder();
    const at = (name: string) => files.path(name);
    const session = 's1';
    const said = { session, kind: 'binary', from: 'client' } as const;
    const target = '/v1/speech-to-text/realtime?encoding=pcm_s16le&include_timestamps=true&token=redacted-1';
    await writeFile(
      at('trace.ndjson'),
      HEADER +
        [
          { session, atMs: 0, kind: 'request', method: 'GET', target, headers: {} } as const,
          { session, atMs: 5, kind: 'response', status: 101, headers: {} } as const,
          { ...said, atMs: 105, byteCount: 64_000, frameCount: 20 },
          { ...said, atMs: 2105, byteCount: 3200 },
        ]
          .map(encodeEvent)
          .join(''),
    );
    const url = fake.urls.url.replace('http', 'ws');
    const flags = [
      '--dialect',
      'reson8',
      '--url',
      url,
      '--token',
      'secret-of-mine',
      '--rate',
      '4/s',
      '--for',
      '1s',
    ];
    for (const index of [1, 2]) {
      const part = [...flags, '--from', at('trace.ndjson'), '--slo', 'opened=4', '--shard', `${index}/2`];
      const { code, stderr } = await load(...part, '--report', `json:${at(`${index}.json`)}`);
      expect(code, stderr).toBe(3);
      expect(stderr).toContain('2 sessions of 2.1 s, at most 0.1 min of audio in all');
    }
    const merged = await load(
      'merge',
      at('1.json'),
      at('2.json'),
      '--report',
      `json:${at('m.json')},html:${at('m.html')}`,
    );

    // A busy machine may not have sent everything on time; what it has measured adds up all the same.
    const isLate = merged.stdout.includes('The generator could not keep up');
    expect(merged.code, merged.stdout).toBe(isLate ? 3 : 0);
    const text = await readFile(at('m.json'), 'utf8');
    const report = JSON.parse(text) as LoadReport;
    expect(report).toMatchObject({
      outcome: isLate ? 'late' : 'kept',
      counts: { started: 4, opened: 4, failed: 0 },
    });
    expect(text + (await readFile(at('m.html'), 'utf8')) + merged.stdout).not.toContain('secret-of-mine');

    const half = await load('merge', at('1.json'));
    expect(half.code).toBe(3);
    expect(half.stdout).toContain('Of 2 parts of the load 1 is missing: 2.');
  }, 60_000);

  it.skipIf(process.platform === 'win32')(
    'on Ctrl-C ends the ramp, closes every session with 1000, and writes the report',
    async () => {
      const codes: (number | undefined)[] = [];
      await using fake = await startMockServer({
        onEvent: (event) => {
          if (event.event === 'session-close') codes.push(event.code);
        },
      });
      await using files = await folder();
      const url = fake.urls.url.replace('http', 'ws');
      const flags = ['--dialect', 'reson8', '--url', url, '--token', 'any', '--rate', '4/s', '--for', '9m'];
      const file = files.path('load.json');
      await using program = understudy(['load', ...flags, '--hold', '9m', '--report', `json:${file}`], {
        PATH: process.env['PATH'],
      });
      while (fake.sessions.length < 3) await fake.nextSession({ timeoutMs: 30_000 });
      program.signal('SIGINT');

      expect(await program.exit).toEqual({ code: 3, signal: null });
      const { counts, closes, ...report } = JSON.parse(await readFile(file, 'utf8')) as LoadReport;
      expect(report).toMatchObject({ isStopped: true });
      expect(report.causes).toContain('The run was stopped before its end.');
      expect(counts.opened).toBeGreaterThanOrEqual(3);
      expect(counts.opened).toBeLessThan(4 * 60 * 9);
      expect(closes).toEqual({ '1000': counts.opened });
      expect(codes).toEqual(Array.from({ length: counts.opened }, () => 1000));
      expect(program.stdout).toContain('stopped before its end');
    },
  );

  const URL = ['--url', 'ws://127.0.0.1:1'];
  const RIGHT = ['--dialect', 'reson8', ...URL];
  const wrong: readonly [string, readonly string[], string, Readonly<Record<string, string>>?][] = [
    ['no dialect', URL, '--dialect: expected scriptix'],
    [
      'a dialect without a socket',
      ['--dialect', 'reson8-rest', ...URL],
      '--dialect: expected scriptix, scriptix-stream, reson8 or reson8-turns',
    ],
    ['no URL', ['--dialect', 'reson8'], '--url: expected the origin'],
    ['a URL with a path', ['--dialect', 'reson8', '--url', 'ws://127.0.0.1:1/x'], 'without a path'],
    ['a URL of HTTP', ['--dialect', 'reson8', '--url', 'http://127.0.0.1:1'], 'ws:// or wss:// first'],
    [
      'another host without consent',
      ['--dialect', 'reson8', '--url', 'wss://stt.example.com'],
      '--allow-load stt.example.com says that you may',
    ],
    [
      'consent for another host',
      ['--dialect', 'reson8', '--url', 'wss://stt.example.com', '--allow-load', 'example.com'],
      'stt.example.com is not this machine',
    ],
    [
      'more audio than the usual budget',
      [
        '--dialect',
        'reson8',
        '--url',
        'wss://stt.example.com',
        '--allow-load',
        'stt.example.com',
        '--rate',
        '9/s',
        '--for',
        '1h',
      ],
      '--max-audio: that is more than 60 min',
    ],
    [
      'more audio than was allowed',
      [...RIGHT, '--max-audio', '10s'],
      '--max-audio: that is more than 0.2 min',
    ],
    ['a rate without a unit', [...RIGHT, '--rate', '5'], '--rate: expected sessions in a length of time'],
    ['a rate of zero', [...RIGHT, '--rate', '0/s'], '--rate: expected sessions in a length of time'],
    ['a rate that is too high', [...RIGHT, '--rate', '5000/s'], '--rate: '],
    ['a hold of zero', [...RIGHT, '--hold', '0s'], '--hold: expected more than 0'],
    ['a hold of a week', [...RIGHT, '--hold', '168h'], '--hold: '],
    ['a length without a unit', [...RIGHT, '--for', '10'], '--for: expected a length of time'],
    ['an unknown measure', [...RIGHT, '--slo', 'first-reslt p95<1s'], 'did you mean "first-result"?'],
    ['a part beyond the last', [...RIGHT, '--shard', '4/3'], '--shard: expected a part such as 1/3'],
    [
      'an unknown format',
      [...RIGHT, '--report', 'pdf:x'],
      '--report: expected FORMAT:FILE, FORMAT being json, html, junit or text',
    ],
    [
      'two reports for one file',
      [...RIGHT, '--report', 'json:x', '--report', 'html:x'],
      '--report: two reports go to x',
    ],
    [
      'a recording that does not exist',
      [...RIGHT, '--from', 'none.ndjson'],
      'none.ndjson: cannot be read: there is no such file or folder (ENOENT)',
    ],
    [
      'another kind of file',
      [...RIGHT, '--from', 'a.txt'],
      'expected a trace (.ndjson) or a scenario (.yaml)',
      { 'a.txt': '' },
    ],
    [
      'a recording of another dialect',
      [...RIGHT, '--from', 'a.ndjson'],
      'there is no session of reson8 in it',
      { 'a.ndjson': HEADER },
    ],
    [
      'a length in addition to a recording',
      [...RIGHT, '--from', 'a.ndjson', '--hold', '1s'],
      '--hold: not with --from',
      { 'a.ndjson': HEADER },
    ],
    [
      'a scenario of another dialect',
      [...RIGHT, '--from', 'a.yaml'],
      'it is for scriptix, and the load is on reson8',
      { 'a.yaml': 'summary: x\ndialect: scriptix\nclient: [start]\n' },
    ],
    [
      'a step without a time',
      [...RIGHT, '--from', 'a.yaml'],
      'the step ping has no time',
      { 'a.yaml': 'summary: x\ndialect: reson8\nclient: [ping, { wait: 1s }]\n' },
    ],
    ['a report to merge that is not one', ['merge', 'a.json'], 'a.json: schemaVersion', { 'a.json': '{}' }],
    ['a parameter without a value', [...RIGHT, '--query', 'language'], '--query: expected name=value'],
    ['a credential as a parameter', [...RIGHT, '--query', 'token=x'], '--query: token is a credential'],
    [
      'a start command for a service that has none',
      [...RIGHT, '--start', 'partial=false'],
      '--start: no session',
    ],
    ['an unknown edition', [...RIGHT, '--edition', 'kaldy'], '--edition kaldy: reson8 has no edition'],
    ['an unknown flag', [...RIGHT, '--rates', '5/s'], 'Did you mean --rate?'],
  ];
  it.each(wrong)(
    'reports what is wrong with %s, and starts no session',
    async (_what, args, told, texts = {}) => {
      await using files = await folder();
      for (const [name, text] of Object.entries(texts)) await writeFile(files.path(name), text);
      const { code, stderr } = await load(
        ...args.map((each) => (Object.hasOwn(texts, each) ? files.path(each) : each)),
      );

      expect(stderr).toContain(told);
      expect(code).toBe(2);
      expect(stderr).not.toMatch(/^\s+at /m);
    },
  );
});
