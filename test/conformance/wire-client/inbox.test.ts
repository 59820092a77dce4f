import { expect, it } from 'vitest';
import { Compression } from '../../../src/conformance/wire-client/deflate.ts';
import {
  Inbox,
  LONGEST_MESSAGE_BYTES,
  MOST_FRAGMENTS,
  type Received,
} from '../../../src/conformance/wire-client/inbox.ts';
import { encodeClose, encodeFrame, OPCODES } from '../../../src/wire/encode.ts';

const frame = (opcode: number, payload = '', fin = true) =>
  encodeFrame({ opcode, payload: Buffer.from(payload), fin });
const { text, binary, continuation, ping, pong } = OPCODES;

/** All that some frames mean, read byte by byte or at once. */
function received(frames: readonly Uint8Array[], step?: number): readonly Received[] {
  const inbox = new Inbox(new Compression(undefined));
  const bytes = Buffer.concat(frames);
  const all: Received[] = [];
  for (let at = 0; at < bytes.length; at += step ?? bytes.length) {
    inbox.push(bytes.subarray(at, at + (step ?? bytes.length)));
    for (let next = inbox.next(); next !== undefined; next = inbox.next()) {
      all.push(next);
      if (next.kind === 'fault' || next.kind === 'too-much') return all;
    }
  }
  return all;
}

const nothing = { kind: 'nothing' };
const CASES: readonly [what: string, frames: readonly Uint8Array[], expected: readonly object[]][] = [
  [
    'a text and a binary message',
    [frame(text, 'é'), frame(binary, 'abc')],
    [
      { kind: 'message', text: 'é', byteCount: 2 },
      { kind: 'message', text: undefined, byteCount: 3 },
    ],
  ],
  [
    'a message in parts, with a ping between them',
    [frame(text, 'a', false), frame(ping, 'x'), frame(continuation, 'b')],
    [nothing, { kind: 'ping', payload: Buffer.from('x') }, { kind: 'message', text: 'ab', byteCount: 2 }],
  ],
  ['a pong', [frame(pong, 'x')], [{ kind: 'pong', payload: Buffer.from('x') }]],
  [
    'a Close frame with a code, and a ping after it',
    [encodeClose(1000, 'bye'), frame(ping)],
    [{ kind: 'close', code: 1000, reason: 'bye', echo: 1000, faults: [] }, nothing],
  ],
  [
    'an empty Close frame',
    [frame(OPCODES.close)],
    [{ kind: 'close', code: 1005, reason: '', echo: undefined, faults: [] }],
  ],
  [
    'a Close frame with half a code',
    [frame(OPCODES.close, 'x')],
    [
      {
        kind: 'close',
        code: 1005,
        reason: '',
        echo: undefined,
        faults: ['close-code: a Close frame with half a code'],
      },
    ],
  ],
  [
    'a Close frame with a code that must not be sent',
    [frame(OPCODES.close, '\u0003\u0000')],
    [
      {
        kind: 'close',
        code: 768,
        echo: undefined,
        faults: ['close-code: 768 must never be in a Close frame'],
      },
    ],
  ],
  [
    'data after a Close frame',
    [encodeClose(1000), frame(text, 'a')],
    [
      { kind: 'close', code: 1000 },
      { kind: 'fault', what: 'data-after-close: a data frame after the Close frame' },
    ],
  ],
  [
    'a message inside another',
    [frame(text, 'a', false), frame(text, 'b')],
    [nothing, { kind: 'fault', what: 'fragments: a new message inside another' }],
  ],
  [
    'a continuation of nothing',
    [frame(continuation, 'a')],
    [{ kind: 'fault', what: 'fragments: a continuation without a beginning' }],
  ],
  [
    'a text that is not UTF-8',
    [encodeFrame({ opcode: text, payload: Buffer.of(0xff) })],
    [{ kind: 'fault', what: 'bad-utf8: a text message that is not UTF-8' }],
  ],
  ['an unknown kind of frame', [frame(3)], [{ kind: 'fault', what: 'bad-opcode: 3' }]],
];

it.each(CASES)('what arrives is named for what it is: %s', (_what, frames, expected) => {
  const read = received(frames);

  expect(read).toMatchObject(expected);
  expect(read).toHaveLength(expected.length);
  expect(received(frames, 1)).toEqual(read);
});

it.each([
  [
    'bytes',
    Array.from({ length: 17 }, (_, i) => frame(i === 0 ? binary : continuation, 'x'.repeat(65_536), false)),
  ],
  [
    'parts',
    Array.from({ length: MOST_FRAGMENTS + 1 }, (_, i) => frame(i === 0 ? text : continuation, '', false)),
  ],
])('a message of too many %s is not read to its end', (_what, frames) => {
  const read = received(frames);

  expect(read.at(-1)?.kind).toBe('too-much');
  expect(read.slice(0, -1).every(({ kind }) => kind === 'nothing')).toBe(true);
});

it('a message of the greatest length is read', () => {
  const parts = Array.from({ length: 16 }, (_, i) =>
    frame(i === 0 ? binary : continuation, 'x'.repeat(65_536), i === 15),
  );

  expect(received(parts).at(-1)).toEqual({
    kind: 'message',
    text: undefined,
    byteCount: LONGEST_MESSAGE_BYTES,
  });
});

it('it is known whether a message has begun', () => {
  const inbox = new Inbox(new Compression(undefined));
  const [first, rest] = [frame(text, 'ab', false), frame(continuation, 'c')].map((each) => Buffer.from(each));
  if (first === undefined || rest === undefined) throw new Error('there are two frames');
  const whether = [inbox.isInMessage];
  for (const bytes of [first.subarray(0, 1), first.subarray(1), rest]) {
    inbox.push(bytes);
    inbox.next();
    whether.push(inbox.isInMessage);
  }

  expect(whether).toEqual([false, true, true, false]);
});
