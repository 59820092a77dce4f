import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { binaryFact, MOST_TEXT_BYTES, textIn, textOfBinary } from '../../src/wire/binary-fact.ts';
import { newRedactor } from '../../src/wire/redact/redact.ts';

// A start that a client sent as a binary message was a length in a trace, like audio: no judge could see what it was.
describe('a binary message that is text', () => {
  it.each([
    ['a start', '{"action":"start"}'],
    ['a flush', '{"type": "flush_request", "id": "flush-1"}'],
    ['a word', 'start'],
    ['JSON over several lines', '{\n\t"action": "start"\r\n}'],
    ['JSON with a letter beyond ASCII', '{"action":"start","name":"Zoë"}'],
  ])('%s is kept with its bytes', (_what, text) => {
    const fact = binaryFact('client', Buffer.from(text), false);

    expect(fact).toMatchObject({
      kind: 'binary',
      byteCount: Buffer.byteLength(text),
      base64: Buffer.from(text).toString('base64'),
    });
    expect(textOfBinary(fact)).toBe(text);
  });

  it('is not kept when it is longer than the limit, or empty', () => {
    expect(binaryFact('client', Buffer.alloc(MOST_TEXT_BYTES, 'a'), false)).toHaveProperty('base64');
    expect(binaryFact('client', Buffer.alloc(MOST_TEXT_BYTES + 1, 'a'), false)).not.toHaveProperty('base64');
    expect(binaryFact('client', Buffer.alloc(0), false)).not.toHaveProperty('base64');
  });

  it('loses its secrets, and then its hash as well', () => {
    const redactor = newRedactor();
    redactor.learn('s3cret-key-1');
    const bytes = Buffer.from('{"action":"start","key":"s3cret-key-1"}');
    const fact = redactor.fact(binaryFact('client', bytes, false));

    expect(fact).toEqual({
      kind: 'binary',
      from: 'client',
      byteCount: bytes.length,
      base64: Buffer.from('{"action":"start","key":"redacted-1"}').toString('base64'),
    });
  });
});

describe('a binary message that is audio', () => {
  const pcm = readFileSync(new URL('../../fixtures/audio/en-appointment.wav', import.meta.url)).subarray(44);

  it.each([2, 6, 20, 64, 160, 256])('in frames of %i bytes of speech is never kept', (size) => {
    const frames = Array.from({ length: Math.floor(pcm.length / size) }, (_, i) =>
      pcm.subarray(i * size, (i + 1) * size),
    );

    expect(frames.length).toBeGreaterThan(100);
    expect(frames.filter((frame) => textIn(frame) !== undefined)).toEqual([]);
  });

  it.each([
    ['silence of 16 bits', 0x00],
    ['silence of 8 bits', 0x80],
    ['silence of µ-law', 0xff],
    ['silence of A-law', 0xd5],
  ])('%s is not text', (_what, byte) => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: MOST_TEXT_BYTES }),
        (length) => textIn(Buffer.alloc(length, byte)) === undefined,
      ),
    );
  });
});
