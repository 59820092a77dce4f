import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LONGEST_HEAD_BYTES, MOST_CHANNELS, MOST_CHUNKS, readRiff } from '../../src/audio/riff.ts';

interface Fmt {
  format?: number;
  channels?: number;
  rate?: number;
  bits?: number;
  extra?: Uint8Array;
}

function chunk(name: string, body: Uint8Array, size = body.length): Buffer {
  const head = Buffer.alloc(8);
  head.write(name, 0, 'latin1');
  head.writeUInt32LE(size, 4);
  return Buffer.concat([head, body, Buffer.alloc(body.length % 2)]);
}

function fmt({
  format = 1,
  channels = 1,
  rate = 16_000,
  bits = 16,
  extra = new Uint8Array(0),
}: Fmt = {}): Buffer {
  const body = Buffer.alloc(16);
  body.writeUInt16LE(format, 0);
  body.writeUInt16LE(channels, 2);
  body.writeUInt32LE(rate, 4);
  body.writeUInt32LE((rate * channels * bits) / 8, 8);
  body.writeUInt16LE((channels * bits) / 8, 12);
  body.writeUInt16LE(bits, 14);
  return chunk('fmt ', Buffer.concat([body, extra]));
}

function wave(...chunks: Uint8Array[]): Buffer {
  return Buffer.concat([Buffer.from('RIFF\0\0\0\0WAVE', 'latin1'), ...chunks]);
}

const DATA = chunk('data', new Uint8Array(0), 0xffff_ffff);

describe('a RIFF header', () => {
  it.each<[string, Fmt, string]>([
    ['8 bits', { bits: 8 }, 'u8'],
    ['16 bits', { bits: 16 }, 's16le'],
    ['24 bits', { bits: 24 }, 's24le'],
    ['32 bits', { bits: 32 }, 's32le'],
    ['floats', { format: 3, bits: 32 }, 'f32le'],
    ['A-law', { format: 6, bits: 8 }, 'alaw'],
    ['mu-law', { format: 7, bits: 8 }, 'mulaw'],
  ])('of %s is read', (_name, header, encoding) => {
    const head = wave(fmt({ ...header, channels: 2, rate: 44_100 }), DATA);
    expect(readRiff(head)).toEqual({
      kind: 'format',
      format: { encoding, channels: 2, sampleRate: 44_100 },
      dataAt: head.length,
      dataBytes: Infinity,
    });
  });

  it('is read with an extensible format and with chunks of odd size before the data', () => {
    const extra = Buffer.alloc(24);
    extra.writeUInt16LE(1, 8);
    const head = wave(chunk('LIST', new Uint8Array(7)), fmt({ format: 0xfffe, extra }), DATA);

    expect(readRiff(head)).toMatchObject({
      kind: 'format',
      format: { encoding: 's16le' },
      dataAt: head.length,
    });
  });

  it.each<[string, Uint8Array, RegExp]>([
    ['is not a WAVE file', Buffer.from('RIFF\0\0\0\0AVI LIST'), /RIFF and WAVE/],
    ['has big-endian numbers', Buffer.from('RIFX\0\0\0\0WAVEfmt '), /RIFX/],
    ['has data before its format', wave(DATA), /before the fmt/],
    ['has an unknown format', wave(fmt({ format: 85 }), DATA), /format 85/],
    ['has no channels', wave(fmt({ channels: 0 }), DATA), /no channels/],
    ['has a sample rate of 0', wave(fmt({ rate: 0 }), DATA), /sample rate/],
    ['has a format chunk that is too short', wave(chunk('fmt ', new Uint8Array(4)), DATA), /least/],
    ['does not end', wave(chunk('LIST', new Uint8Array(LONGEST_HEAD_BYTES))), /no data chunk/],
  ])('that %s is refused', (_name, head, reason) => {
    const read = readRiff(head);
    expect(read.kind === 'bad' ? read.reason : read.kind).toMatch(reason);
  });

  it('has a limited number of chunks, because each is read again when more bytes arrive', () => {
    const empty = (count: number) => Array<Buffer>(count).fill(chunk('LIST', new Uint8Array(0)));
    const most = wave(...empty(MOST_CHUNKS - 1), fmt(), DATA);
    expect(readRiff(most)).toMatchObject({ kind: 'format', dataAt: most.length });

    const reason = `no data chunk among the first ${MOST_CHUNKS}`;
    expect(readRiff(wave(...empty(MOST_CHUNKS), fmt(), DATA))).toEqual({ kind: 'bad', reason });
  });

  it('has a limited number of channels, because a sample of all of them is kept until it is complete', () => {
    const format = { channels: MOST_CHANNELS };
    expect(readRiff(wave(fmt(format), DATA))).toMatchObject({ format });

    const reason = `it has 65535 channels; at most ${MOST_CHANNELS} are read`;
    expect(readRiff(wave(fmt({ channels: 65_535, bits: 8 }), DATA))).toEqual({ kind: 'bad', reason });
  });

  it('is incomplete at every shorter length, and reading it never throws', () => {
    const head = wave(chunk('LIST', new Uint8Array(9)), fmt(), DATA);
    for (let length = 0; length < head.length; length++) {
      expect(readRiff(head.subarray(0, length))).toEqual({ kind: 'more' });
    }
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        readRiff(bytes);
        readRiff(wave(bytes));
      }),
    );
  });
});
