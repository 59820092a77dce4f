import fc from 'fast-check';
import { expect, it } from 'vitest';
import { unmask } from '../../src/wire/unmask.ts';

it('bytes are unmasked as RFC 6455 says, at any offset in memory', () => {
  const bytes = fc.uint8Array({ maxLength: 300 });
  const mask = fc.uint8Array({ minLength: 4, maxLength: 4 });
  fc.assert(
    fc.property(bytes, mask, fc.nat(9), (payload, key, offset) => {
      const all = new Uint8Array(payload.length + offset + 5).fill(7);
      all.set(payload, offset);
      unmask(all.subarray(offset, offset + payload.length), key);

      expect([...all.subarray(offset, offset + payload.length)]).toEqual(
        [...payload].map((byte, i) => byte ^ (key[i % 4] ?? 0)),
      );
      expect([...all.subarray(0, offset), ...all.subarray(offset + payload.length)]).toEqual(
        new Array(offset + 5).fill(7),
      );
    }),
  );
});
