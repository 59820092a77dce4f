import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/runtime/errors.ts';
import { harToTrace, traceToHar } from '../../../src/wire/har/har.ts';
import type { TraceEvent, TraceHeader } from '../../../src/wire/trace.ts';

const HEADER: TraceHeader = {
  kind: 'trace',
  version: 1,
  tool: 'understudy 1.2.3',
  startedAt: '2025-01-31T12:00:00.000Z',
};
const START = Date.parse(HEADER.startedAt) / 1000;

function entry(more: object = {}, request: object = {}, response: object = {}): object {
  return {
    startedDateTime: '2025-01-31T13:00:00.000+01:00',
    time: 50,
    request: { method: 'GET', url: 'wss://h.example/v2/realtime?token=s3cret-1', headers: [], ...request },
    response: { status: 101, headers: [{ name: 'Upgrade', value: 'websocket' }], content: {}, ...response },
    timings: { blocked: 1, dns: -1, wait: 9 },
    ...more,
  };
}

function har(...entries: object[]): string {
  return JSON.stringify({ log: { version: '1.2', creator: {}, entries } });
}

function read(text: string, audio = false) {
  return harToTrace(text, { name: 'a.har', tool: HEADER.tool, audio });
}

describe('a HAR file', () => {
  it('from Chrome is read with its messages', () => {
    const { header, events, faults } = read(
      har(
        entry({
          _resourceType: 'websocket',
          _webSocketMessages: [
            { type: 'send', time: START + 0.02, opcode: 1, data: '{"action":"start"}' },
            { type: 'send', time: START + 0.03, opcode: 2, data: 'AAEC' },
            { type: 'receive', time: START + 0.0401, opcode: 1, data: '{"error":"no s3cret-1"}' },
            { type: 'error', time: START + 0.05, opcode: -1, data: 'Invalid frame header' },
          ],
        }),
        entry({ _resourceType: 'script' }),
      ),
    );

    expect(header).toEqual(HEADER);
    expect(events).toEqual([
      {
        session: 's1',
        atMs: 0,
        kind: 'request',
        method: 'GET',
        target: '/v2/realtime?token=redacted-1',
        headers: { host: 'h.example' },
      },
      { session: 's1', atMs: 10, kind: 'response', status: 101, headers: { upgrade: 'websocket' } },
      { session: 's1', atMs: 20, kind: 'text', from: 'client', text: '{"action":"start"}' },
      { session: 's1', atMs: 30, kind: 'binary', from: 'client', byteCount: 3, sha256: 'ae4b3280e56e2faf' },
      { session: 's1', atMs: 40.1, kind: 'text', from: 'server', text: '{"error":"no redacted-1"}' },
      { session: 's1', atMs: 50, kind: 'fault', from: 'server', message: 'Invalid frame header' },
    ]);
    expect(faults).toEqual(['a.har: 1 entries that are not API calls were left out']);
  });

  it('keeps the bytes of audio when asked to', () => {
    const text = har(entry({ _webSocketMessages: [{ type: 'send', time: START, opcode: 2, data: 'AAEC' }] }));
    expect(read(text, true).events.at(-1)).toMatchObject({ kind: 'binary', base64: 'AAEC' });
  });

  it('from Firefox is reported to have no messages', () => {
    const { events, faults } = read(har(entry({ _securityState: 'secure' }, { url: 'wss://h/v2/realtime' })));

    expect(events.map(({ kind }) => kind)).toEqual(['request', 'response']);
    expect(faults).toEqual([
      'a.har: log.entries[0]: the connection has no messages; Chrome exports them, Firefox and Safari do not',
    ]);
  });

  // No reason was given why nothing could be judged.
  it('from a proxy that keeps no messages is reported to have none', () => {
    const { faults } = read(har(entry({}, { url: 'https://h/v2/realtime' }, { _charlesStatus: 'COMPLETE' })));

    expect(faults).toEqual([
      'a.har: log.entries[0]: the connection has no messages; Chrome exports them, Firefox and Safari do not',
    ]);
  });

  it('may have times of messages in milliseconds, and how a connection was closed', () => {
    const { events } = read(
      har(
        entry({
          _webSocketMessages: [
            { type: 'receive', time: START * 1000 + 5, opcode: 9, data: 'AA==' },
            { type: 'receive', time: START * 1000 + 6, opcode: 8, data: 'bye', code: 1001 },
          ],
        }),
      ),
    );
    expect(events.slice(2)).toEqual([
      { session: 's1', atMs: 5, kind: 'ping', from: 'server', base64: 'AA==' },
      { session: 's1', atMs: 6, kind: 'close', from: 'server', code: 1001, reason: 'bye' },
      { session: 's1', atMs: 6, kind: 'end', by: 'server', how: 'close', code: 1001 },
    ]);
  });

  // Browsers save the decoded body; some proxies save what was on the wire, with the header that says how to decode it.
  it('is read with a body that a proxy has kept compressed', () => {
    const content = { text: gzipSync('{"key":"s3cret-3"}').toString('base64'), encoding: 'base64' };
    const headers = [{ name: 'Content-Encoding', value: 'gzip' }];
    const { events } = read(har(entry({}, {}, { status: 401, content, headers })));

    expect(events.find(({ kind }) => kind === 'response')).toMatchObject({ body: '{"key":"redacted-2"}' });

    const decoded = { text: '{"detail":"no"}' };
    const usual = read(har(entry({}, {}, { status: 401, content: decoded, headers })));
    expect(usual.events.find(({ kind }) => kind === 'response')).toMatchObject({
      body: '{"detail":"no"}',
      headers: { 'content-encoding': 'gzip' },
    });
  });

  it('is read with calls of an API, refused connections, and connections without an answer', () => {
    const { events } = read(
      har(
        entry(
          {},
          {
            method: 'POST',
            url: 'https://me:pass-word@h/api?x=1#part',
            headers: [
              { name: ':path', value: '/api?token=s3cret-2' },
              { name: 'Authorization', value: 'ApiKey s3cret-2' },
              { name: 'Accept', value: 'a' },
              { name: 'accept', value: 'b' },
            ],
            postData: { text: '{"say":"s3cret-2"}' },
          },
          {
            status: 200,
            content: { text: Buffer.from('{"key":"s3cret-3"}').toString('base64'), encoding: 'base64' },
          },
        ),
        entry({}, {}, { status: 401, content: { text: 'no' } }),
        entry({}, {}, { status: 0 }),
      ),
    );

    expect(events.filter(({ session }) => session === 's1')).toEqual([
      {
        session: 's1',
        atMs: 0,
        kind: 'request',
        method: 'POST',
        target: '/api?x=1',
        headers: { host: 'h', authorization: 'ApiKey redacted-1', accept: 'a, b' },
        body: '{"say":"redacted-1"}',
      },
      {
        session: 's1',
        atMs: 10,
        kind: 'response',
        status: 200,
        headers: { upgrade: 'websocket' },
        body: '{"key":"redacted-2"}',
      },
    ]);
    expect(events.filter(({ kind }) => kind === 'end')).toEqual([
      { session: 's2', atMs: 0, kind: 'end', by: 'server', how: 'refused', code: 1006 },
      { session: 's3', atMs: 0, kind: 'end', how: 'fin', code: 1006 },
    ]);
  });

  it.each([
    [
      '{"log":\n {"entries"}}',
      'a.har:2:12: not JSON: expected ":"; a HAR file is what the network panel of a browser exports',
    ],
    ['[]', 'a.har: expected an object'],
    ['{}', 'a.har: expected a field "log"; is it a HAR file?'],
    ['{"log":{"entries":{}}}', 'a.har: log.entries: expected a list'],
    [
      '{"log":{"entries":[{}]}}',
      'a.har: log.entries[0]: expected a field "startedDateTime"; is it a HAR file?',
    ],
    [
      har(entry({ startedDateTime: 'now' })),
      'a.har: log.entries[0].startedDateTime: expected a time such as 2025-01-31T12:00:00.000+01:00',
    ],
    [har(entry({}, { url: '/path' })), 'a.har: log.entries[0].request.url: expected an absolute URL'],
    [
      har(entry({ _webSocketMessages: Array(1_000_001).fill(0) })),
      'a.har: log.entries[0]._webSocketMessages: it has 1000001 items; at most 1000000 are read',
    ],
  ])('is refused: %.60s', (text, expected) => {
    const work = () => read(text);
    expect(work).toThrow(UserError);
    expect(work).toThrow(expect.objectContaining({ message: expected }) as Error);
  });

  // A file with a hundred good entries was refused for one header that was not a string.
  it('is read without its unreadable parts, which are named', () => {
    const good = { type: 'send', time: START, opcode: 1, data: 'x' };
    const { events, faults } = read(
      har(
        entry({
          _webSocketMessages: [
            { ...good, type: 'sent' },
            { ...good, opcode: 3 },
            { ...good, time: -1 },
            { ...good, data: null },
            // Node.js would skip what is not base64, and other bytes would stand for those that were sent.
            { ...good, opcode: 2, data: 'AA?C' },
            { ...good, opcode: 2, data: 'AAEC0' },
            { ...good, opcode: 9, data: 'keep-alive' },
            { ...good, opcode: 10, data: 'AB==' },
            { ...good, opcode: 2, data: 'AAE' },
            good,
          ],
        }),
        entry({}, { headers: [{ name: 1 }, { name: 'a', value: 'b' }] }),
        entry({ startedDateTime: 'now' }),
        {},
      ),
    );
    expect(events.filter(({ kind }) => kind === 'text')).toHaveLength(1);
    expect(events.filter(({ kind }) => kind === 'binary')).toMatchObject([{ byteCount: 2 }]);
    expect(events.filter(({ kind }) => kind === 'request')).toMatchObject([
      { session: 's1' },
      { session: 's2', headers: { a: 'b' } },
    ]);

    const message = 'a.har: log.entries[0]._webSocketMessages';
    expect(faults).toEqual(
      [
        `${message}[0].type: expected "send" or "receive"`,
        `${message}[1].opcode: expected 1 (text), 2 (binary), 8 (close), 9 (ping) or 10 (pong)`,
        `${message}[2].time: expected seconds since 1970`,
        `${message}[3]: expected a field "data"; is it a HAR file?`,
        `${message}[4].data: expected base64`,
        `${message}[5].data: expected base64`,
        `${message}[6].data: expected base64`,
        `${message}[7].data: expected base64`,
        'a.har: log.entries[1].request.headers[0].name: expected a string',
        'a.har: log.entries[1]: the connection has no messages; Chrome exports them, Firefox and Safari do not',
        'a.har: log.entries[2].startedDateTime: expected a time such as 2025-01-31T12:00:00.000+01:00',
        'a.har: log.entries[3]: expected a field "startedDateTime"; is it a HAR file?',
      ].map((fault) => (fault.includes('Firefox') ? fault : `${fault}; it was left out`)),
    );
  });

  // The whole file was refused for one entry that was not an object.
  it('is read without an entry that is not an object, which is named', () => {
    const { events, faults } = read(JSON.stringify({ log: { entries: ['s3cret-9', null, entry({})] } }));

    expect(events.map(({ session, kind }) => `${session} ${kind}`)).toEqual(['s1 request', 's1 response']);
    expect(faults.slice(0, 2)).toEqual([
      'a.har: log.entries[0]: expected an object; it was left out',
      'a.har: log.entries[1]: expected an object; it was left out',
    ]);
  });

  // Each of these stands where something else belongs, or has another type.
  it('has mistakes reported with what was expected in their place, never with what is there', () => {
    const secret = 's3cret-9';
    const message = { type: 'send', time: START, opcode: 1, data: secret };
    const wrong: readonly (readonly [more: object, request: object, response: object, fault: string])[] = [
      [{ startedDateTime: secret }, {}, {}, '.startedDateTime: expected a time such as'],
      [{ timings: secret }, {}, {}, '.timings: expected an object'],
      [{ request: secret }, {}, {}, '.request: expected an object'],
      [{}, { method: [secret] }, {}, '.request.method: expected a string'],
      [{}, { method: null }, {}, '.request: expected a field "method"; is it a HAR file?'],
      [{}, { url: secret }, {}, '.request.url: expected an absolute URL'],
      [{}, { headers: secret }, {}, '.request.headers: expected a list'],
      [{}, { headers: [{ name: secret }] }, {}, '.request.headers[0]: expected a field "value"'],
      [{}, { postData: secret }, {}, '.request.postData: expected an object'],
      [
        {},
        {},
        { headers: [{ name: 'a', value: [secret] }] },
        '.response.headers[0].value: expected a string',
      ],
      [{}, {}, { content: [secret] }, '.response.content: expected an object'],
      [{}, {}, { content: { text: secret, encoding: 'base64' } }, '.response.content.text: expected base64'],
      [
        { _webSocketMessages: [{ ...message, opcode: 2 }] },
        {},
        {},
        '._webSocketMessages[0].data: expected base64',
      ],
      [{ _webSocketMessages: secret }, {}, {}, '._webSocketMessages: expected a list'],
      [{ _webSocketMessages: [secret] }, {}, {}, '._webSocketMessages[0]: expected an object'],
      [
        { _webSocketMessages: [{ ...message, type: secret }] },
        {},
        {},
        '[0].type: expected "send" or "receive"',
      ],
      [
        { _webSocketMessages: [{ ...message, time: secret }] },
        {},
        {},
        '[0].time: expected seconds since 1970',
      ],
      [{ _webSocketMessages: [{ ...message, data: [secret] }] }, {}, {}, '[0].data: expected a string'],
      [{ _end: secret }, {}, {}, '._end: expected an object'],
      [{ _end: { time: START, how: secret } }, {}, {}, '._end.how: expected how a connection ends'],
      [{ _webSocketClose: secret }, {}, {}, '._webSocketClose: expected an object'],
      [{ _webSocketClose: { time: -1 } }, {}, {}, '._webSocketClose.time: expected seconds since 1970'],
    ];
    const good = entry({ _webSocketMessages: [] });

    for (const [more, request, response, fault] of wrong) {
      const { faults } = read(har(good, entry(more, request, response)));
      const left = faults.filter((sentence) => sentence.endsWith('; it was left out'));

      expect(left).toHaveLength(1);
      expect(left[0]).toMatch(/^a\.har: log\.entries\[1\]/);
      expect(left[0]).toContain(fault);
      expect(faults.join('\n')).not.toContain(secret);
    }
  });

  // 130,000 messages overflowed the stack; a million are allowed.
  it('is read with as many messages as a long session has', () => {
    const messages = Array(130_000).fill({ type: 'error', time: START, data: '' });

    const { events, faults } = read(har(entry({ _webSocketMessages: messages })));

    expect(events).toHaveLength(130_002);
    expect(faults).toEqual([]);
  });

  it('has at most twenty of its mistakes named', () => {
    const bad = Array.from({ length: 50 }, () => ({ type: 'sent', time: START, data: '' }));
    const { faults } = read(har(entry({ _webSocketMessages: bad })));

    expect(faults).toHaveLength(21);
    expect(faults.at(-1)).toBe('a.har: and 30 more');
  });

  // Over HTTP/2 a WebSocket is opened with 200, and Playwright writes -1: both were read as refusals with messages.
  describe('of a connection that had messages', () => {
    const messages = [{ type: 'receive', time: START + 0.02, opcode: 1, data: '{"state":"loading"}' }];
    it.each([
      [
        'HTTP/2',
        { method: 'CONNECT', httpVersion: 'HTTP/2' },
        { status: 200, httpVersion: 'HTTP/2', headers: [] },
      ],
      ['HTTP/3', {}, { status: 200, httpVersion: 'h3', headers: [] }],
      ['a program that writes -1', {}, { status: -1 }],
      ['a program that writes 0', {}, { status: 0 }],
      ['a program that writes nothing', {}, { status: undefined }],
      ['a program that writes the earlier answer of a gateway', {}, { status: 502 }],
    ])('is read as one of an opened connection: %s', (_what, request, response) => {
      const { events } = read(har(entry({ _webSocketMessages: messages }, request, response)));
      expect(events).toMatchObject([
        { kind: 'request', method: 'GET' },
        { kind: 'response', status: 101 },
        { kind: 'note' },
        { kind: 'text', text: '{"state":"loading"}' },
      ]);
    });

    it('is read as one of a refused connection if there was only a fault', () => {
      const fault = { type: 'error', time: START, opcode: -1, data: 'Unexpected response code: 401' };
      const { events } = read(har(entry({ _webSocketMessages: [fault] }, {}, { status: 401 })));
      expect(events.map(({ kind }) => kind)).toEqual(['request', 'response', 'end', 'fault']);
    });

    it.each([
      [
        'by the server, with a time',
        { code: 1000, reason: 'bye', by: 'server', time: START + 1 },
        [
          { atMs: 1000, kind: 'close', from: 'server', code: 1000, reason: 'bye' },
          { atMs: 1000, kind: 'end', by: 'server', how: 'close', code: 1000 },
        ],
      ],
      [
        'by the client',
        { code: 1001, type: 'send' },
        [
          { atMs: 20, kind: 'close', from: 'client', code: 1001, reason: '' },
          { atMs: 20, kind: 'end', by: 'client', how: 'close', code: 1001 },
        ],
      ],
      [
        'by a side that is not named',
        { code: 1000, reason: 'bye' },
        [
          {
            atMs: 20,
            kind: 'note',
            message: 'closed with code 1000, reason "bye"; the file does not say by whom',
          },
          { atMs: 20, kind: 'end', how: 'close', code: 1000 },
        ],
      ],
      ['without a Close frame', { code: 1006 }, [{ atMs: 20, kind: 'end', how: 'fin', code: 1006 }]],
      ['with a bare code', 1000, [{ atMs: 20, kind: 'end', how: 'close', code: 1000 }]],
      // HTTP Toolkit writes this word in place of an object.
      [
        'by neither side, because it was aborted',
        'aborted',
        [{ atMs: 20, kind: 'end', how: 'fin', code: 1006 }],
      ],
      ['not at all', null, []],
    ])('reports how it was closed: %s', (_what, close, expected) => {
      const { events, faults } = read(har(entry({ _webSocketMessages: messages, _webSocketClose: close })));
      expect(events.slice(3)).toEqual(expected.map((event) => ({ session: 's1', ...event })));
      expect(faults).toEqual([]);
    });

    // The whole connection was left out.
    it.each([
      ['_webSocketClose: expected an object', { _webSocketClose: 'gone' }],
      ['_webSocketClose.time: expected seconds since 1970', { _webSocketClose: { time: -1 } }],
      ['_end.how: expected how a connection ends', { _end: { time: START, how: 'badly' } }],
    ])('is read without an unreadable end, which is named: %s', (fault, end) => {
      const { events, faults } = read(har(entry({ _webSocketMessages: messages, ...end })));

      expect(events.map(({ kind }) => kind)).toEqual(['request', 'response', 'text']);
      expect(faults).toEqual([`a.har: log.entries[0].${fault}; it was left out`]);
    });
  });

  it('never causes any error but a mistake of the user', () => {
    const hostile = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        fc.constantFrom<unknown>(
          null,
          1e400,
          -1,
          1,
          'x',
          '',
          'ws://h',
          '2025-01-31T12:00:00Z',
          true,
          '__proto__',
        ),
        fc.array(tie('value'), { maxLength: 2 }),
        fc.dictionary(
          fc.constantFrom('name', 'value', 'type', 'time', 'opcode', 'data', 'text', '__proto__'),
          tie('value'),
          { maxKeys: 4 },
        ),
      ),
    })).value;
    const places = [
      'request',
      'response',
      'startedDateTime',
      '_webSocketMessages',
      'timings',
      '_resourceType',
      '_end',
    ];
    fc.assert(
      fc.property(
        fc.constantFrom(...places),
        hostile,
        fc.constantFrom('headers', 'url', 'postData', 'content', 'status'),
        (place, value, below) => {
          for (const more of [
            { [place]: value },
            { request: { method: 'GET', url: 'ws://h', [below]: value } },
            { response: { status: 101, [below]: value } },
          ]) {
            try {
              read(har(entry(more)));
            } catch (error) {
              expect(error).toBeInstanceOf(UserError);
            }
          }
        },
      ),
    );
  });
});

describe('a trace written as HAR', () => {
  const peer = fc.constantFrom('client' as const, 'server' as const);
  const fact = fc.oneof(
    fc.record({ kind: fc.constant('text' as const), from: peer, text: fc.string() }),
    fc.record({
      kind: fc.constant('binary' as const),
      from: peer,
      byteCount: fc.nat(),
      sha256: fc.constant('0123456789abcdef'),
    }),
    fc.record({
      kind: fc.constantFrom('ping' as const, 'pong' as const),
      from: peer,
      base64: fc.constantFrom('', 'AAEC'),
    }),
    fc.record({
      kind: fc.constant('close' as const),
      from: peer,
      code: fc.integer({ min: 1000, max: 4999 }),
      reason: fc.string(),
    }),
  );

  it('is read as the same trace again', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(100_000), fact), { maxLength: 6 }),
        fc.boolean(),
        (timed, isEnded) => {
          const messages = timed.map(([tenths, given]): TraceEvent => ({
            session: 's1',
            atMs: 20 + tenths / 10,
            ...given,
          }));
          const ends: TraceEvent[] =
            isEnded || messages.some(({ kind }) => kind === 'close')
              ? [{ session: 's1', atMs: 20_000, kind: 'end', by: 'client', how: 'fin', code: 1006 }]
              : [];
          const events: TraceEvent[] = [
            {
              session: 's1',
              atMs: 0,
              kind: 'request',
              method: 'GET',
              target: '/v2/realtime?x=1',
              headers: { host: 'h', upgrade: 'websocket' },
            },
            { session: 's1', atMs: 15, kind: 'response', status: 101, headers: { a: 'b' } },
            ...messages.sort((a, b) => a.atMs - b.atMs),
            ...ends,
          ];

          expect(read(JSON.stringify(traceToHar(HEADER, events)))).toEqual({
            header: HEADER,
            events,
            faults: [],
          });
        },
      ),
      { numRuns: 50 },
    );
  });

  it('contains no secret that someone has written into the trace', () => {
    const events: TraceEvent[] = [
      { session: 's1', atMs: 0, kind: 'request', method: 'GET', target: '/v2/client/s3cret-1', headers: {} },
      { session: 's1', atMs: 1, kind: 'text', from: 'server', text: 's3cret-1' },
    ];
    expect(JSON.stringify(traceToHar(HEADER, events))).not.toContain('s3cret-1');
  });
});
