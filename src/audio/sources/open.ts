import type { IncomingHttpHeaders } from 'node:http';
import { codingsOf, unknownCoding } from '../../runtime/content-coding.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { SourceChunk } from '../source.ts';
import type { AllowList } from './allow.ts';
import { fetchStream } from './fetch.ts';
import { playHls, readText } from './hls.ts';
import { SOURCE_LIMITS, type SourceLimits } from './limits.ts';
import { createMp3Decoder, decodeMp3 } from './mp3.ts';
import { problem } from './problem.ts';
import type { RequestContext } from './request.ts';
import { sniffBody } from './sniff.ts';
import { describe, readTarget, type FetchTarget } from './target.ts';
import { decodeWave } from './wave.ts';

/** How a source is fetched. */
export interface SourceOptions {
  /** The addresses allowed in addition to loopback. */
  readonly allow: AllowList;
  /** The clock for all waits and timeouts. */
  readonly clock: Clock;
  /** Stops the source: the next requested chunk throws the signal's reason. */
  readonly signal: AbortSignal;
  /** Replacements for some of SOURCE_LIMITS. */
  readonly limits?: Partial<SourceLimits>;
  /** Resolves a host name to addresses; by default with the operating system. */
  readonly resolve?: (host: string) => Promise<readonly string[]>;
  /** Certificate authorities to trust for https, as PEM, instead of those that are trusted otherwise. */
  readonly ca?: string;
}

/** A source that is being played. */
export type Source = AsyncGenerator<SourceChunk, void, void>;

/**
 * Fetches the URL of a stream and decodes it, no faster than the chunks are asked for (S2:108-135). Supports MP3, WAVE,
 * and HLS playlists of MP3 or anything else; see playHls. Nothing is sent before the first chunk is requested. PCM
 * chunks are at most CHUNK_MS long.
 *
 * Ends every request and frees the decoder when it ends, fails, is returned from (also while a chunk is pending, which
 * then ends the iteration), or when the signal aborts.
 *
 * @throws SourceError, from the iteration: `invalid`, `timeout`, `unsupported` or `authentication`
 */
export function openSource(url: string, options: SourceOptions): Source {
  const stop = new AbortController();
  const left = new Error('the source was left');
  const chunks = play(url, options, stop);
  const leave = () => {
    // A generator finishes its pending wait before it returns, which is no longer needed.
    stop.abort(left);
    return chunks.return();
  };
  return {
    next: () =>
      chunks.next().catch((error: unknown) => {
        if (error === left) return { done: true, value: undefined };
        throw error;
      }),
    return: leave,
    throw: async (error: unknown) => {
      await leave();
      throw error;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
    [Symbol.asyncDispose]: async () => {
      await leave();
    },
  };
}

async function* play(url: string, options: SourceOptions, stop: AbortController): Source {
  const { allow, clock, resolve, ca } = options;
  options.signal.throwIfAborted();
  const abort = () => stop.abort(options.signal.reason);
  options.signal.addEventListener('abort', abort, { once: true });
  try {
    const requested = readTarget(url);
    const context: RequestContext = {
      allow,
      clock,
      signal: stop.signal,
      limits: { ...SOURCE_LIMITS, ...options.limits },
      ...(resolve !== undefined && { resolve }),
      ...(ca !== undefined && { ca }),
    };
    let silent = true;
    for await (const chunk of playTarget(requested, context)) {
      silent = false;
      yield chunk;
    }
    if (silent) throw problem('unsupported', `${describe(requested)} contains no audio`);
  } finally {
    options.signal.removeEventListener('abort', abort);
  }
}

async function* playTarget(requested: FetchTarget, context: RequestContext): Source {
  const { limits } = context;
  const fetched = await fetchStream(requested, context, { limitBytes: limits.bodyBytes });
  const where = describe(fetched.target);
  let text: string;
  try {
    const { sniffed, all } = await sniffBody(fetched.body, fetched.headers['content-type']);
    switch (sniffed.kind) {
      case 'wav':
        return yield* decodeWave(all, where);
      case 'mp3':
        return yield* playMp3(all, where);
      case 'hls':
        fetched.limit(limits.playlistMs);
        text = await readText(all, limits.playlistBytes, where);
        break;
      case 'other':
        throw problem('unsupported', `${where} is ${sniffed.name}${codingTold(fetched.headers)}`);
    }
  } finally {
    fetched.close();
  }
  yield* playHls({ requested, found: fetched.target, text }, context);
}

/** A body in an unknown encoding may look like anything. */
function codingTold({ 'content-encoding': coding }: IncomingHttpHeaders): string {
  const why = unknownCoding(codingsOf(coding));
  return why === undefined ? '' : ` (${why})`;
}

async function* playMp3(body: AsyncIterable<Uint8Array>, where: string): Source {
  const decoder = await createMp3Decoder();
  try {
    yield* decodeMp3(body, decoder, where);
  } finally {
    decoder.free();
  }
}
