import { MPEGDecoder } from 'mpg123-decoder';
import type { AudioFormat } from '../format.ts';
import type { SourceChunk } from '../source.ts';
import { framesOf, type FrameBytes } from './mpeg-frames.ts';
import { pcmChunks } from './pcm.ts';
import { problem } from './problem.ts';

/** Decodes the frames of one stream in order. Must be freed, because its memory belongs to WebAssembly. */
export interface Mp3Decoder {
  /**
   * The samples that a frame completes: none for the first, then mostly its own. Undefined once the decoder has given
   * up.
   */
  decode(frame: FrameBytes): readonly SourceChunk[] | undefined;
  /** May be called again. */
  free(): void;
}

/** mpg123 repeats an unrecoverable error forever; a single frame cannot legitimately cause this many. */
const MOST_COMPLAINTS = 32;

/** A decoder may lose a frame to damage or a missing neighbour; this many in a row are not MP3. */
const MOST_SILENT_FRAMES = 100;

/**
 * A decoder of MPEG audio, layers I to III, to 16-bit samples at the rate and with the channels of the file. The
 * encoder's delay and padding are kept, as in a live stream.
 */
export async function createMp3Decoder(): Promise<Mp3Decoder> {
  const decoder = new MPEGDecoder({ enableGapless: false });
  await decoder.ready;
  let usable = true;
  return {
    decode({ frame, bytes }) {
      const decoded = usable ? guarded(() => decoder.decode(bytes)) : undefined;
      if (decoded === undefined) {
        usable = false;
        return undefined;
      }
      // The library always returns two channels; those of a mono frame are equal.
      const channels = decoded.channelData.slice(0, frame.channels);
      const format: AudioFormat = {
        encoding: 's16le',
        sampleRate: decoded.sampleRate,
        channels: channels.length,
      };
      return [...pcmChunks(format, interleaved(channels))];
    },
    free() {
      // A decoder that has given up may be corrupt; its memory is released when nothing refers to it.
      if (usable) decoder.free();
      usable = false;
    },
  };
}

/**
 * Decodes a body.
 *
 * @param where the body's name in messages
 * @throws SourceError `unsupported` if it has no frame or its frames cannot be decoded
 */
export async function* decodeMp3(
  body: AsyncIterable<Uint8Array>,
  decoder: Mp3Decoder,
  where: string,
): AsyncGenerator<SourceChunk, void, void> {
  let frames = 0;
  let silent = 0;
  for await (const frame of framesOf(body)) {
    const chunks = decoder.decode(frame);
    frames += 1;
    silent = chunks?.length === 0 ? silent + 1 : 0;
    if (chunks === undefined || silent > MOST_SILENT_FRAMES) {
      throw problem('unsupported', `the MP3 of ${where} cannot be decoded`);
    }
    yield* chunks;
  }
  if (frames === 0) throw problem('unsupported', `${where} begins like an MP3 file but has no MPEG frames`);
}

function interleaved(channels: readonly Float32Array[]): Uint8Array {
  const count = channels[0]?.length ?? 0;
  const view = new DataView(new ArrayBuffer(count * channels.length * 2));
  channels.forEach((samples, channel) => {
    for (let i = 0; i < count; i += 1) {
      const value = Math.round((samples[i] ?? 0) * 32_768);
      view.setInt16((i * channels.length + channel) * 2, Math.max(-32_768, Math.min(32_767, value)), true);
    }
  });
  return new Uint8Array(view.buffer);
}

/**
 * Runs the decoder without its error output: the library prints every damaged frame to the console, which it should not
 * write to, and offers no other way to learn about them. Its loop ends only when mpg123 is satisfied, so the count of
 * errors also ends it when mpg123 never is. Undefined if it was ended or has crashed.
 */
function guarded<T>(decode: () => T): T | undefined {
  /* oxlint-disable no-console -- decode() is synchronous, so no one else's message can be lost */
  const { error } = console;
  let complaints = 0;
  console.error = () => {
    complaints += 1;
    if (complaints > MOST_COMPLAINTS) throw new Error('mpg123 does not recover');
  };
  try {
    return decode();
  } catch {
    return undefined;
  } finally {
    console.error = error;
  }
  /* oxlint-enable no-console */
}
