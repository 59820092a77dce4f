import { deflateRawSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codingsOf, decodeContent, encodeContent } from '../../src/runtime/content-coding.ts';

const LIMIT = 2 ** 16;
/** Whether zstd is supported: Node.js 22 has it, but does not notice a body that is cut off. */
const HAS_ZSTD = Number(process.versions.node.split('.')[0]) >= 24;
const NAMES = ['gzip', 'x-gzip', 'deflate', 'br', 'identity', 'GZip', 'BR', 'Deflate', ''];
const coding = fc.constantFrom(...NAMES, ...(HAS_ZSTD ? ['zstd', 'ZSTD'] : []));
const header = fc
  .array(coding, { maxLength: 4 })
  .chain((names) => fc.constantFrom(names.join(', '), names.join(','), names.join(' ,\t')));
const body = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc.string({ maxLength: 300 }).map((text) => new Uint8Array(Buffer.from(text.repeat(50)))),
);

describe('content codings', () => {
  it('are decoded in reverse order, whatever their list', () => {
    fc.assert(
      fc.property(body, header, (bytes, list) => {
        const encoded = encodeContent(bytes, list);
        expect(encoded).toBeDefined();
        const decoded = decodeContent(encoded ?? bytes, list, LIMIT);
        expect(decoded.kind).toBe('decoded');
        expect(decoded.kind === 'decoded' && Buffer.from(decoded.bytes).equals(bytes)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('never throw and never decode more than the limit, whatever the bytes', () => {
    const part = fc.tuple(body, header, fc.nat(1000)).map(([bytes, list, cut]) => {
      const encoded = encodeContent(bytes, list) ?? bytes;
      return { bytes: encoded.subarray(0, cut % (encoded.length + 1)), list };
    });
    const garbage = fc.record({ bytes: fc.uint8Array({ maxLength: 200 }), list: header });

    fc.assert(
      fc.property(fc.oneof(part, garbage), fc.integer({ min: 1, max: 500 }), ({ bytes, list }, limit) => {
        const decoded = decodeContent(bytes, list, limit);
        if (decoded.kind === 'decoded' && codingsOf(list).length > 0) {
          expect(decoded.bytes.length).toBeLessThanOrEqual(Math.max(limit, bytes.length));
        }
        if (decoded.kind !== 'decoded') expect(decoded.why).toMatch(/^content-encoding: /);
      }),
      { numRuns: 500 },
    );
  });

  it.each(['gzip', 'deflate', 'br', ...(HAS_ZSTD ? ['zstd'] : [])])(
    'notice that a body of %s ends too early',
    (name) => {
      const encoded = encodeContent(Buffer.from('{"ready":true}'.repeat(20)), name) ?? new Uint8Array();
      const decoded = decodeContent(encoded.subarray(0, encoded.length - 8), name, LIMIT);
      expect(decoded).toMatchObject({
        kind: 'damaged',
        why: expect.stringContaining(`not ${name}`) as string,
      });
    },
  );

  it('accept deflate with and without the header of zlib', () => {
    fc.assert(
      fc.property(body, (bytes) => {
        const decoded = decodeContent(deflateRawSync(bytes), 'deflate', LIMIT);
        expect(decoded.kind === 'decoded' && Buffer.from(decoded.bytes).equals(bytes)).toBe(true);
      }),
    );
  });

  // The shortest frames there are: the magic number of RFC 8878, a header and a raw block.
  it.runIf(HAS_ZSTD)('decode zstd if Node.js supports it, up to the limit', () => {
    const frame = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0x20, 0x02, 0x11, 0x00, 0x00, 0x7b, 0x7d);
    expect(decodeContent(frame, 'zstd', LIMIT)).toMatchObject({
      kind: 'decoded',
      bytes: Buffer.from('{}'),
    });
    expect(decodeContent(frame, 'zstd', 1).kind).toBe('too-long');
  });

  it.skipIf(HAS_ZSTD)('report zstd as unknown if Node.js does not support it fully', () => {
    expect(decodeContent(Uint8Array.of(0x28), 'zstd', LIMIT).kind).toBe('unknown');
  });

  it('leave a body unchanged if a coding is unknown, and name the coding', () => {
    const bytes = Buffer.from('{}');
    expect(decodeContent(bytes, 'gzip, compress', LIMIT)).toEqual({
      kind: 'unknown',
      why: `content-encoding: compress is not known here; gzip, x-gzip, deflate, br${HAS_ZSTD ? ', zstd' : ''} are`,
      bytes,
    });
    expect(encodeContent(bytes, 'compress')).toBeUndefined();

    const long = decodeContent(bytes, 'x'.repeat(10_000), LIMIT);
    expect(long.kind === 'unknown' && long.why.length).toBeLessThan(150);
  });

  // A body of 10 KB used to become 10 MB, as did one of 30 bytes that was compressed five times.
  it('stop at the limit of the decoded size', () => {
    const bomb = gzipSync(Buffer.alloc(10 * 2 ** 20));
    expect(decodeContent(bomb, 'gzip', 2 ** 20)).toMatchObject({
      kind: 'too-long',
      why: 'content-encoding: decoded (gzip) it is longer than 1048576 bytes',
    });

    const thrice = gzipSync(gzipSync(bomb));
    expect(decodeContent(thrice, 'gzip, gzip, gzip', 2 ** 20).kind).toBe('too-long');
    expect(decodeContent(bomb, Array(100).fill('gzip').join(), 2 ** 20)).toMatchObject({
      kind: 'unknown',
      why: 'content-encoding: 100 codings; at most 4 are decoded',
    });
  });

  it('decode an empty body as empty', () => {
    expect(decodeContent(new Uint8Array(), 'gzip', LIMIT)).toEqual({
      kind: 'decoded',
      bytes: new Uint8Array(),
    });
  });
});
