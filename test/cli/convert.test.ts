import { readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { encodeEvent, encodeHeader, readTrace } from '../../src/wire/trace-file.ts';
import { folder } from '../support/programs/folder.ts';
import { command } from '../support/programs/in-process.ts';

const convert = (...args: readonly string[]) => command('convert', ...args);

const HAR = JSON.stringify({
  log: {
    entries: [
      {
        _resourceType: 'websocket',
        startedDateTime: '2025-01-31T12:00:00.000Z',
        request: { method: 'GET', url: 'wss://h/v2/realtime?token=s3cret-1', headers: [] },
        response: { status: 101, headers: [] },
        _webSocketMessages: [
          { type: 'send', time: 1738324800.5, opcode: 2, data: 'AAEC' },
          { type: 'receive', time: 1738324801, opcode: 1, data: '{"error":"s3cret-1 is unknown"}' },
        ],
      },
    ],
  },
});

describe('understudy convert', () => {
  it('converts a HAR file to a trace, and a trace to a HAR file', async () => {
    await using files = await folder();
    await writeFile(files.path('a.har'), `\ufeff${HAR}`);
    const there = await convert(files.path('a.har'), files.path('b.ndjson'));

    expect(there).toEqual({ code: 0, stdout: `${files.path('b.ndjson')}: 4 events\n`, stderr: '' });

    const trace = await readFile(files.path('b.ndjson'), 'utf8');
    expect(readTrace(trace).events).toMatchObject([
      { kind: 'request', target: '/v2/realtime?token=redacted-1' },
      { kind: 'response', status: 101 },
      { kind: 'binary', byteCount: 3 },
      { kind: 'text', text: '{"error":"redacted-1 is unknown"}' },
    ]);
    expect(trace).not.toContain('AAEC');

    const back = await convert(files.path('b.ndjson'), files.path('c.har'));
    expect(back).toEqual({ code: 0, stdout: `${files.path('c.har')}: 1 entries\n`, stderr: '' });

    const har = JSON.parse(await readFile(files.path('c.har'), 'utf8')) as { log: { entries: unknown[] } };
    expect(har.log.entries).toMatchObject([
      {
        request: { url: 'ws://h/v2/realtime?token=redacted-1' },
        _webSocketMessages: [{ opcode: 2 }, { opcode: 1, type: 'receive' }],
      },
    ]);

    await convert(files.path('a.har'), files.path('d.ndjson'), '--audio');
    expect(await readFile(files.path('d.ndjson'), 'utf8')).toContain('"base64":"AAEC"');
  });

  // Credentials in messages, and those with unlisted names, were written to files.
  it('leaves no secret in what it writes, nor in reports on it', async () => {
    await using files = await folder();
    const part = (value: string) => Buffer.from(value).toString('base64url');
    const jwt = `${part('{"alg":"HS256"}')}.${part('{"sub":"x"}')}.${part('signature')}`;
    const entry = {
      startedDateTime: '2025-01-31T12:00:00.000Z',
      request: {
        method: 'GET',
        url: `wss://h/v2/realtime?token=left-in-1&x=${jwt}&session_token=left-in-2&tenant-pin=left-in-3`,
        headers: [{ name: 'X-Auth', value: 'left-in-4' }],
      },
      response: { status: 101, headers: [] },
      _webSocketMessages: [
        '{"action":"start","headers":{"Authorization":"Bearer left-in-5"}}',
        'Bearer left-in-message-6',
        `{"a":"{\\"tenantPin\\":\\"left-in-7\\",\\"b\\":\\"${jwt}\\"}"}`,
      ].map((data, index) => ({ type: 'send', time: 1738324800.5 + index, opcode: 1, data })),
    };
    await writeFile(files.path('a.har'), JSON.stringify({ log: { entries: [entry, {}] } }));
    const formats = {
      json: 'a.json',
      junit: 'a.xml',
      html: 'a.html',
      markdown: 'a.md',
      tap: 'a.tap',
      text: 'a.txt',
    };
    const reports = Object.entries(formats).flatMap(([name, file]) => [
      '--report',
      `${name}:${files.path(file)}`,
    ]);
    const outputs: string[] = [];
    for (const args of [
      ['convert', files.path('a.har'), files.path('a.ndjson')],
      ['convert', files.path('a.har'), files.path('a.yaml')],
      ['convert', files.path('a.ndjson'), files.path('b.yaml')],
      ['conformance', 'trace', files.path('a.har'), ...reports],
    ]) {
      const { stdout, stderr } = await command(...args, '--redact', 'tenant-pin');
      outputs.push(stdout, stderr);
    }
    for (const file of ['a.ndjson', 'a.yaml', 'b.yaml', ...Object.values(formats)]) {
      outputs.push(await readFile(files.path(file), 'utf8'));
    }
    const left = outputs.flatMap((output) => output.match(/left-in[-\w]*|eyJ[\w-]*/g) ?? []);

    expect(left).toEqual([]);
    expect(outputs.join('')).toContain('redacted-7');
  });

  it('reads a trace that was cut off, and says that it was', async () => {
    await using files = await folder();
    const whole =
      encodeHeader({ kind: 'trace', version: 1, tool: 'x', startedAt: '2025-01-31T12:00:00.000Z' }) +
      encodeEvent({ session: 's1', atMs: 0, kind: 'request', method: 'GET', target: '/', headers: {} });
    await writeFile(files.path('a.ndjson'), whole.slice(0, -5));
    const { code, stderr } = await convert(files.path('a.ndjson'), files.path('a.har'));

    expect(code).toBe(0);
    expect(stderr).toBe(
      `${files.path('a.ndjson')}:2: the last line is cut off (79 characters) and was left out\n`,
    );
  });

  it('replaces a file only with --force', async () => {
    await using files = await folder();
    await writeFile(files.path('a.har'), HAR);
    await writeFile(files.path('b.ndjson'), 'precious');
    const refused = await convert(files.path('a.har'), files.path('b.ndjson'));

    expect(refused).toEqual({
      code: 2,
      stdout: '',
      stderr: `${files.path('b.ndjson')}: already exists; --force replaces it\n`,
    });
    expect(await readFile(files.path('b.ndjson'), 'utf8')).toBe('precious');
    expect((await convert(files.path('a.har'), files.path('b.ndjson'), '--force')).code).toBe(0);
  });

  it.each([
    [
      'a single file',
      ['a.har'],
      /^Expected: understudy convert <from> <to>\nTry: understudy convert --help\n$/,
    ],
    [
      'two HAR files',
      ['a.har', 'b.har'],
      /^convert a\.har b\.har: expected two files whose endings say what to convert: \.har to \.ndjson, .* or \.har to \.yaml$/m,
    ],
    ['files without endings', ['a', 'b'], /expected two files whose endings say what to convert/],
    [
      'a file that does not exist',
      ['no-such.har', 'b.ndjson'],
      /^no-such\.har: cannot be read: there is no such file or folder \(ENOENT\)/,
    ],
    [
      'a file below another file',
      ['package.json/x.har', 'b.ndjson'],
      /cannot be read: a part of the path is a file, not a folder \(ENOTDIR\)/,
    ],
    ['three files', ['a.har', 'b.ndjson', 'c'], /c/],
  ])('refuses %s with exit 2', async (_what, args, expected) => {
    const { code, stdout, stderr } = await convert(...args);

    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(expected);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it('says where a file is wrong', async () => {
    await using files = await folder();
    await writeFile(files.path('a.har'), '{"log":{"entries":[{}]}}');
    await writeFile(files.path('b.ndjson'), '{"kind":"trace"}\n{}\n');
    const har = await convert(files.path('a.har'), files.path('x.ndjson'));

    expect(har).toEqual({
      code: 2,
      stdout: '',
      stderr: `${files.path('a.har')}: log.entries[0]: expected a field "startedDateTime"; is it a HAR file?\n`,
    });

    const trace = await convert(files.path('b.ndjson'), files.path('x.har'));
    expect(trace.code).toBe(2);
    expect(trace.stderr).toMatch(
      /b\.ndjson:1:1: version: expected 1, the only version that is read, got nothing$/m,
    );
  });
});
