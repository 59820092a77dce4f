import type { AudioFormat } from './format.ts';

/** A piece of a stream, in playing order. */
export type SourceChunk =
  /** Decoded samples, whole in every channel. */
  | {
      readonly kind: 'pcm';
      readonly format: AudioFormat;
      readonly bytes: Uint8Array;
      readonly durationMs: number;
    }
  /** Audio of known length (from a playlist) in a codec that we do not decode. */
  | { readonly kind: 'undecoded'; readonly durationMs: number };

/** The possible problems of a stream, after the error scenarios of S2:112-118. */
export type SourceProblem = 'invalid' | 'timeout' | 'unsupported' | 'authentication';

/** A stream that cannot be played. The message never holds the URL's query: it may be a signature. */
export class SourceError extends Error {
  override readonly name = 'SourceError';
  readonly problem: SourceProblem;
  constructor(problem: SourceProblem, message: string) {
    super(message);
    this.problem = problem;
  }
}
