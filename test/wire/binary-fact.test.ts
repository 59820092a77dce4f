import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { binaryFact, MOST_TEXT_BYTES, textIn, textOfBinary } from '../../src/wire/binary-fact.ts';
import { newRedactor } from '../../src/wire/redact/redact.ts';

// A start command that a client sent as a binary message was only a length in the trace, like audio, so no judge saw it.
describe('a binary message that is text', () => {
  it.each([
    ['a start', '{"action":"start"}'],
    ['a flush', '{"type": "flush_request", "id": "flush-1"}'],
    ['a word', 'start'],
    ['JSON over several lines', '{\n\t"action": "start"\r\n}'],
    ['JSON with a letter beyond ASCII', '{"action":"start","name":"Zoë"}'],
  ])('is kept with its bytes: %s', (_what, text) => {
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

  it('has its secrets removed, and then also its hash', () => {
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

  it.each([2, 6, 20, 64, 160, 256])('is never kept in frames of %i bytes of speech', (size) => {
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
  ])('is not taken for text: %s', (_what, byte) => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: MOST_TEXT_BYTES }),
        (length) => textIn(Buffer.alloc(length, byte)) === undefined,
      ),
    );
  });
});
