import type * as Library from 'mpg123-decoder';
import { expect, it, vi } from 'vitest';
import type { SourceChunk } from '../../../src/audio/source.ts';
import { createMp3Decoder, decodeMp3 } from '../../../src/audio/sources/mp3.ts';
import { fixtureFile } from '../../support/audio.ts';
import { all, failure, pieces } from './support.ts';

/**
 * mpg123 can get into a state in which every read fails; the library then reads again forever and prints each failure. Here
 * a loop that ends stands in for it, so that this test fails instead of hanging if nothing stops the loop.
 */
const complaining = vi.hoisted(() => ({
  fromCall: Infinity,
  complaints: 0,
  /** The result of decoding any bytes. */
  instead: undefined as Library.MPEGDecodedAudio | undefined,
}));

vi.mock('mpg123-decoder', async (original) => {
  const { MPEGDecoder } = await original<typeof Library>();
  class Complaining extends MPEGDecoder {
    calls = 0;
    constructor(options?: { enableGapless?: boolean }) {
      super(options);
      const { decode } = this;
      this.decode = (bytes) => {
        if (complaining.instead !== undefined) return complaining.instead;
        this.calls += 1;
        if (this.calls < complaining.fromCall) return decode(bytes);
        const { error } = console;
        for (let i = 0; i < 100_000; i += 1) {
          complaining.complaints += 1;
          error('mpg123-decoder: -1 MPG123_ERR');
        }
        return decode(bytes);
      };
    }
  }
  return { MPEGDecoder: Complaining };
});

it('samples of the library become interleaved 16-bit samples within their range', async () => {
  complaining.fromCall = Infinity;
  const left = Float32Array.of(0.5, -1.5, 0);
  const right = Float32Array.of(-0.25, 1.5, -1);
  complaining.instead = { channelData: [left, right], samplesDecoded: 3, sampleRate: 44_100, errors: [] };
  const decoder = await createMp3Decoder();
  const frame = { version: 1, layer: 3, sampleRate: 44_100, sampleCount: 1152, byteCount: 417 } as const;
  const bytes = new Uint8Array(417);
  const [stereo] = decoder.decode({ frame: { ...frame, channels: 2 }, bytes }) ?? [];
  const [mono] = decoder.decode({ frame: { ...frame, channels: 1 }, bytes }) ?? [];
  decoder.free();
  complaining.instead = undefined;

  expect(written(stereo)).toEqual({ channels: 2, samples: [16_384, -8192, -32_768, 32_767, 0, -32_768] });
  expect(written(mono)).toEqual({ channels: 1, samples: [16_384, -32_768, 0] });
});

function written(chunk: SourceChunk | undefined) {
  if (chunk?.kind !== 'pcm') throw new Error('it is PCM');
  const bytes = Buffer.from(chunk.bytes);
  const samples = Array.from({ length: bytes.length / 2 }, (_, i) => bytes.readInt16LE(2 * i));
  return { channels: chunk.format.channels, samples };
}

it('a decoder that fails endlessly is stopped, with an error', async () => {
  const printed = vi.spyOn(console, 'error');
  complaining.fromCall = 20;
  const decoder = await createMp3Decoder();
  const error = await failure(
    all(decodeMp3(pieces(fixtureFile('en-appointment.mp3'), 1000), decoder, 'http://h/a')),
  );
  decoder.free();

  expect(error.problem).toBe('unsupported');
  expect(error.message).toBe('Unsupported format: the MP3 of http://h/a cannot be decoded');
  expect(complaining.complaints).toBeLessThan(100);
  expect(printed).not.toHaveBeenCalled();
});
