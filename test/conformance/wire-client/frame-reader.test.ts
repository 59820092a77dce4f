import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  faultOf,
  FrameReader,
  LONGEST_FRAME_BYTES,
} from '../../../src/conformance/wire-client/frame-reader.ts';
import { encodeFrame } from '../../../src/wire/encode.ts';

const frame = fc.record({
  opcode: fc.constantFrom(0, 1, 2, 8, 9, 10, 3, 15),
  payload: fc.oneof(
    fc.uint8Array({ maxLength: 130 }),
    fc.constantFrom(126, 65_535, 65_536).map((length) => new Uint8Array(length).fill(7)),
  ),
  fin: fc.boolean(),
  mask: fc.option(fc.uint8Array({ minLength: 4, maxLength: 4 }), { nil: undefined }),
});

it('every frame that was written is read, however its bytes are cut', () => {
  fc.assert(
    fc.property(fc.array(frame, { maxLength: 5 }), fc.array(fc.nat(200_000)), (frames, cuts) => {
      const bytes = Buffer.concat(
        frames.map(({ mask, ...rest }) => encodeFrame(mask === undefined ? rest : { ...rest, mask })),
      );
      const reader = new FrameReader();
      const read = [];
      const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
      for (const [i, from] of [0, ...places].entries()) {
        reader.push(bytes.subarray(from, places[i] ?? bytes.length));
        for (let next = reader.next(); next !== undefined; next = reader.next()) read.push(next);
      }
      expect(
        read.map(({ opcode, fin, masked, payload }) => ({
          opcode,
          fin,
          masked,
          payload: Buffer.from(payload).toString('base64'),
        })),
      ).toEqual(
        frames.map(({ opcode, fin, mask, payload }) => ({
          opcode,
          fin,
          masked: mask !== undefined,
          payload: Buffer.from(payload).toString('base64'),
        })),
      );
      expect(reader.pendingByteCount).toBe(0);
    }),
    { numRuns: 200 },
  );
});

it('reading ends at a frame whose length is unreasonable', () => {
  const reader = new FrameReader();
  const head = Buffer.alloc(10);
  head.writeUInt8(0x82, 0);
  head.writeUInt8(127, 1);
  head.writeBigUInt64BE(BigInt(LONGEST_FRAME_BYTES) + 1n, 2);
  reader.push(head);

  expect(() => reader.next()).toThrow(RangeError);
});

it.each([
  ['a valid text', { opcode: 1, fin: true }, undefined],
  ['a mask', { opcode: 1, fin: true, masked: true }, /^masked-frame: /],
  ['an unknown opcode', { opcode: 3, fin: true }, /^bad-opcode: 3/],
  ['a reserved bit', { opcode: 1, fin: true, reserved: 4 }, /^bad-opcode: .*reserved/],
  ['a ping in fragments', { opcode: 9, fin: false }, /^fragments: /],
  ['a ping that is too long', { opcode: 9, fin: true, payload: Buffer.alloc(126) }, /^fragments: .*125/],
])('a frame is checked: %s', (_what, given, fault) => {
  const found = faultOf({ masked: false, reserved: 0, payload: Buffer.alloc(0), ...given });
  if (fault === undefined) expect(found).toBeUndefined();
  else expect(found).toMatch(fault);
});

it.each([
  ['the first one in a text', { opcode: 1, reserved: 4 }, undefined],
  ['the first one in a binary message', { opcode: 2, reserved: 4 }, undefined],
  ['the first one in a continuation', { opcode: 0, reserved: 4 }, /^bad-opcode: .*means nothing there/],
  ['the first one in a ping', { opcode: 9, reserved: 4 }, /^bad-opcode: .*means nothing there/],
  ['another one', { opcode: 1, reserved: 2 }, /^bad-opcode: .*means nothing there/],
  ['all of them', { opcode: 1, reserved: 7 }, /^bad-opcode: .*means nothing there/],
])('reserved bits are checked where messages may be compressed: %s', (_what, given, fault) => {
  const frame = { fin: true, masked: false, payload: Buffer.alloc(0), ...given };
  const found = faultOf(frame, true);
  if (fault === undefined) expect(found).toBeUndefined();
  else expect(found).toMatch(fault);
});
