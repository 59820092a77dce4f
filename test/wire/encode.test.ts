import { once } from 'node:events';
import type { Writable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as ws from 'ws';
import { encodeClose, encodeFrame, encodeText, OPCODES } from '../../src/wire/encode.ts';

/** `ws` exports this class, but not its types. */
const { Receiver } = ws as unknown as { Receiver: new (options: object) => Writable };

/** What the receiver of `ws` reads from bytes; it shares no code with the encoder. */
interface Heard {
  readonly messages: readonly { readonly data: Buffer; readonly isBinary: boolean }[];
  readonly pings: readonly Buffer[];
  readonly pongs: readonly Buffer[];
  readonly closes: readonly { readonly code: number; readonly reason: string }[];
  /** The code of the error, if there was one. */
  readonly error: string | undefined;
}

async function receive(isServer: boolean, ...pieces: readonly Uint8Array[]): Promise<Heard> {
  const receiver = new Receiver({ isServer, binaryType: 'nodebuffer', maxPayload: 0 });
  const messages: { data: Buffer; isBinary: boolean }[] = [];
  const pings: Buffer[] = [];
  const pongs: Buffer[] = [];
  const closes: { code: number; reason: string }[] = [];
  let error: Heard['error'];
  receiver.on('message', (data: Buffer, isBinary: boolean) => messages.push({ data, isBinary }));
  receiver.on('ping', (data: Buffer) => pings.push(data));
  receiver.on('pong', (data: Buffer) => pongs.push(data));
  receiver.on('conclude', (code: number, reason: Buffer) => closes.push({ code, reason: String(reason) }));
  receiver.on('error', (fault: Error & { code: string }) => (error = fault.code));
  const ended = Promise.race([once(receiver, 'finish'), once(receiver, 'close')]);
  for (const piece of pieces) receiver.write(piece);
  receiver.end();
  await ended.catch(() => undefined);
  return { messages, pings, pongs, closes, error };
}

/** ASCII; for a negative length it ends with characters that take two to four bytes. */
const textOf = (length: number) => `${'x'.repeat(Math.abs(length))}${length < 0 ? 'éあ😀' : ''}`;
const bytesOf = (text: string) => new Uint8Array(Buffer.from(text));

describe('a frame', () => {
  it('has the bytes of the examples in RFC 6455 (5.7)', () => {
    const hex = (frame: Uint8Array) => Buffer.from(frame).toString('hex');
    const payload = bytesOf('Hello');
    expect(hex(encodeFrame({ opcode: 1, payload }))).toBe('810548656c6c6f');

    const mask = Uint8Array.of(0x37, 0xfa, 0x21, 0x3d);
    expect(hex(encodeFrame({ opcode: 1, payload, mask }))).toBe('818537fa213d7f9f4d5158');
    expect(hex(encodeFrame({ opcode: 1, payload: bytesOf('Hel'), fin: false }))).toBe('010348656c');
    expect(hex(encodeFrame({ opcode: 0, payload: bytesOf('lo') }))).toBe('80026c6f');
    expect(hex(encodeFrame({ opcode: 9, payload }))).toBe('890548656c6c6f');

    const head = (length: number) =>
      hex(encodeFrame({ opcode: 2, payload: new Uint8Array(length) })).slice(0, 20);
    expect(head(256).slice(0, 8)).toBe('827e0100');
    expect(head(65_536)).toBe('827f0000000000010000');
  });

  it.each([0, 1, 125, 126, 127, 65_535, 65_536, 70_000])('of %d bytes arrives whole', async (length) => {
    const payload = Buffer.alloc(length, 'x');
    const { messages, error } = await receive(false, encodeFrame({ opcode: OPCODES.binary, payload }));

    expect(error).toBeUndefined();
    expect(messages.map(({ data, isBinary }) => [data.equals(payload), isBinary])).toEqual([[true, true]]);
  });

  it('always arrives unchanged, masked or not, in any number of fragments', async () => {
    const parts = fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 6 });
    const maskOf = fc.option(fc.uint8Array({ minLength: 4, maxLength: 4 }), { nil: undefined });
    await fc.assert(
      fc.asyncProperty(parts, maskOf, async (payloads, mask) => {
        const frames = payloads.map((payload, i) =>
          encodeFrame({
            opcode: i === 0 ? OPCODES.binary : OPCODES.continuation,
            payload,
            fin: i === payloads.length - 1,
            ...(mask === undefined ? {} : { mask }),
          }),
        );
        const { messages, error } = await receive(mask !== undefined, ...frames);
        expect(error).toBeUndefined();
        expect(messages.map(({ data }) => data)).toEqual([Buffer.concat(payloads)]);
      }),
    );
  });

  it('of text has the same bytes from encodeText() and encodeFrame()', () => {
    const lengths = [0, 1, 125, 126, 127, 65_535, 65_536];
    for (const text of [...lengths, ...lengths.map((length) => -length)].map(textOf)) {
      const frame = encodeFrame({ opcode: OPCODES.text, payload: bytesOf(text) });
      expect(Buffer.from(encodeText(text)).equals(frame)).toBe(true);
    }
    // Half of a surrogate pair.
    expect(Buffer.from(encodeText('\ud800')).toString('hex')).toBe('8103efbfbd');
  });

  it('of a ping or pong arrives with its payload', async () => {
    const ping = encodeFrame({ opcode: OPCODES.ping, payload: bytesOf('a') });
    const pong = encodeFrame({ opcode: OPCODES.pong, payload: bytesOf('b') });
    const { pings, pongs } = await receive(false, ping, ping, pong);

    expect([pings, pongs].map((all) => all.map(String))).toEqual([['a', 'a'], ['b']]);
  });

  it.each([
    [
      'a mask from a server',
      { opcode: 1, payload: bytesOf('x'), mask: Uint8Array.of(1, 2, 3, 4) },
      'WS_ERR_UNEXPECTED_MASK',
    ],
    ['an opcode that means nothing', { opcode: 3, payload: bytesOf('x') }, 'WS_ERR_INVALID_OPCODE'],
    ['text that is not UTF-8', { opcode: 1, payload: Uint8Array.of(0xc3, 0x28) }, 'WS_ERR_INVALID_UTF8'],
    ['a continuation of nothing', { opcode: 0, payload: bytesOf('x') }, 'WS_ERR_INVALID_OPCODE'],
    ['a ping in fragments', { opcode: 9, payload: bytesOf('x'), fin: false }, 'WS_ERR_EXPECTED_FIN'],
    [
      'a ping that is too long',
      { opcode: 9, payload: new Uint8Array(126) },
      'WS_ERR_INVALID_CONTROL_PAYLOAD_LENGTH',
    ],
  ])('is written although a receiver refuses it: %s', async (_what, frame, code) => {
    expect((await receive(false, encodeFrame(frame))).error).toBe(code);
  });
});

describe('a Close frame', () => {
  it.each([
    [1000, ''],
    [1011, 'overloaded'],
    [4999, 'é'.repeat(61)],
  ])('with %d and the reason "%s" arrives', async (code, reason) => {
    const { closes, error } = await receive(false, encodeClose(code, reason));
    expect(error).toBeUndefined();
    expect(closes).toEqual([{ code, reason }]);
  });

  it.each([0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65_535])(
    'with %d is written although a receiver refuses it',
    async (code) => {
      const frame = encodeClose(code);
      expect([...frame]).toEqual([0x88, 2, code >> 8, code & 0xff]);
      expect((await receive(false, frame)).error).toBe('WS_ERR_INVALID_CLOSE_CODE');
    },
  );
});
