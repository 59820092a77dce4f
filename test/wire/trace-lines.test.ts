import { expect, it } from 'vitest';
import { traceLines } from '../../src/wire/trace-lines.ts';
import type { TraceFact } from '../../src/wire/trace.ts';

it.each<[string, TraceFact, string]>([
  [
    'a request',
    { kind: 'request', method: 'GET', target: '/v2/realtime', headers: {} },
    'client  GET /v2/realtime',
  ],
  ['a response', { kind: 'response', status: 101, headers: {} }, 'server  HTTP 101'],
  [
    'a response with its body',
    { kind: 'response', status: 401, headers: {}, body: '{"detail":"No"}' },
    'server  HTTP 401 {"detail":"No"}',
  ],
  ['a text', { kind: 'text', from: 'client', text: '{"action":"start"}' }, 'client  {"action":"start"}'],
  [
    'a text with line breaks and escapes',
    { kind: 'text', from: 'client', text: 'a\nb\u001b[2J\u2028c' },
    'client  a b [2J c',
  ],
  [
    'a long text',
    { kind: 'text', from: 'server', text: 'x'.repeat(161) },
    `server  ${'x'.repeat(160)}… (161 characters)`,
  ],
  ['a binary message', { kind: 'binary', from: 'client', byteCount: 320 }, 'client  320 bytes'],
  [
    'several binary messages',
    { kind: 'binary', from: 'client', byteCount: 640, frameCount: 2 },
    'client  640 bytes in 2 messages',
  ],
  ['a ping', { kind: 'ping', from: 'server', base64: '' }, 'server  ping'],
  ['raw bytes', { kind: 'bytes', from: 'server', base64: 'AAE=' }, 'server  raw bytes AAE='],
  ['a Close frame', { kind: 'close', from: 'client', code: 1000, reason: '' }, 'client  Close 1000'],
  [
    'a Close frame with its reason',
    { kind: 'close', from: 'server', code: 1001, reason: 'bye' },
    'server  Close 1001 bye',
  ],
  [
    'a fault',
    { kind: 'fault', from: 'client', message: 'bad opcode' },
    'client  broke the protocol: bad opcode',
  ],
  [
    'a note that something was left out',
    { kind: 'note', message: '3 events are not here', dropped: 3 },
    '        (3 events are not here)',
  ],
  [
    'an end',
    { kind: 'end', by: 'client', how: 'fin', code: 1006 },
    'client  end of the connection (fin, 1006)',
  ],
  [
    'an end by neither side',
    { kind: 'end', how: 'fin', code: 1006 },
    '        end of the connection (fin, 1006)',
  ],
])('one line shows %s', (_what, fact, expected) => {
  expect(traceLines([{ session: 's1', atMs: 12.3, ...fact }])).toBe(`     12.3 ms  ${expected}`);
});

it('each event is one line', () => {
  const event = { session: 's1', atMs: 0, kind: 'ping', from: 'client', base64: '' } as const;
  expect(traceLines([event, event]).split('\n')).toHaveLength(2);
  expect(traceLines([])).toBe('');
});
