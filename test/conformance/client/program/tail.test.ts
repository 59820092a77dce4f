import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Tail } from '../../../../src/conformance/client/program/tail.ts';
import { newRedactor } from '../../../../src/wire/redact/redact.ts';

it('the tail of a short output is all of it', () => {
  const tail = new Tail();
  expect(tail.read(newRedactor())).toEqual({ text: '', byteCount: 0 });

  for (const text of ['a', '', 'bç', 'd']) tail.push(Buffer.from(text));
  expect(tail.read(newRedactor())).toEqual({ text: 'abçd', byteCount: 5 });
});

it('the tail always has the end of the output, in whatever pieces it comes', () => {
  const piece = fc.integer({ min: 0, max: 200_000 });
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (lengths) => {
      const tail = new Tail();
      let all = '';
      for (const [i, length] of lengths.entries()) {
        const text = String.fromCharCode(97 + i).repeat(length);
        all += text;
        tail.push(Buffer.from(text));
      }
      const { text, byteCount } = tail.read(newRedactor());
      expect(byteCount).toBe(all.length);
      expect(all.endsWith(text)).toBe(true);
      expect(text.length).toBe(all.length <= 69_632 ? all.length : 65_536);
    }),
    { numRuns: 50 },
  );
});

it('the tail never begins with a part of a secret', () => {
  const secret = 'a-secret-that-is-cut-in-two';
  fc.assert(
    // Where the tail begins within a secret, and the rest of the output: shorter than a secret, or empty.
    fc.property(
      fc.integer({ min: 0, max: 40 }),
      fc.constantFrom('', ' ', 'x'.repeat(50)),
      (offset, between) => {
        const redactor = newRedactor();
        redactor.learn(secret);
        const tail = new Tail();
        tail.push(Buffer.from('.'.repeat(offset)));
        for (let i = 0; i < 8000; i++) tail.push(Buffer.from(secret + between));
        expect(tail.read(redactor).text).not.toMatch(/secret|that|cut|two/);
      },
    ),
    { numRuns: 20 },
  );
});
