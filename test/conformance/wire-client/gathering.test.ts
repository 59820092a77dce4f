import { expect, it } from 'vitest';
import { Gathering } from '../../../src/conformance/wire-client/gathering.ts';

const bytes = Buffer.from(Array.from({ length: 10_000 }, (_, i) => i % 251));

it.each([1, 3, 4096, 9999, 10_000, 20_000])('pieces of %d bytes are joined', (size) => {
  const gathered = new Gathering(bytes.length);
  for (let at = 0; at < bytes.length; at += size) {
    expect(gathered.push(bytes.subarray(at, at + size))).toBe(true);
  }

  expect(gathered.bytes).toEqual(bytes);
});

it('no more than the limit is kept, and it is known that there was more', () => {
  const gathered = new Gathering(9000);

  expect(gathered.push(bytes.subarray(0, 9000))).toBe(true);
  expect(gathered.push(bytes.subarray(9000))).toBe(false);
  expect(gathered.push(Buffer.of(1))).toBe(false);
  expect(gathered.bytes).toEqual(bytes.subarray(0, 9000));
});

// Each piece was kept separately until the end of the body: a million pieces of one byte took a hundred megabytes.
it('one buffer is kept, whatever the pieces', () => {
  const gathered = new Gathering(2 ** 20);
  const buffers = new Set<ArrayBufferLike>();
  for (let i = 0; i < 100_000; i++) {
    gathered.push(Buffer.of(i % 251));
    buffers.add(gathered.bytes.buffer);
  }

  expect(gathered.bytes.buffer.byteLength).toBeLessThanOrEqual(200_000);
  expect(buffers.size).toBeLessThanOrEqual(10);
});
