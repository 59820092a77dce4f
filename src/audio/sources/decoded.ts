import { pipeline, Readable } from 'node:stream';
import { codingsOf, decoderOf, unknownCoding } from '../../runtime/content-coding.ts';
import { problem } from './problem.ts';
import { describe, type FetchTarget } from './target.ts';

type Pieces = AsyncIterable<unknown>;

/**
 * The pieces of a body without its content encodings, which a server may use even if it was asked not to. Unknown
 * encodings are left alone; whether the result can be played shows later.
 *
 * @throws SourceError `invalid`, from the iteration, for data that is not in the encoding that it claims to have
 */
export function decodedPieces(
  pieces: Pieces,
  contentEncoding: string | undefined,
  target: FetchTarget,
): Pieces {
  const codings = codingsOf(contentEncoding);
  if (unknownCoding(codings) !== undefined) return pieces;
  return codings.reduceRight<Pieces>((body, coding) => without(coding, body, target), pieces);
}

async function* without(
  coding: string,
  pieces: Pieces,
  target: FetchTarget,
): AsyncGenerator<unknown, void, void> {
  const iterator = pieces[Symbol.asyncIterator]();
  let failure: { readonly error: unknown } | undefined;
  const next = async (): Promise<Uint8Array | undefined> => {
    try {
      const piece = await iterator.next();
      // The body of a response has pieces of bytes, which its types do not say.
      return piece.done === true ? undefined : (piece.value as Uint8Array);
    } catch (error) {
      failure = { error };
      throw error;
    }
  };
  const first = await next();
  const decoder = first === undefined ? undefined : decoderOf(coding, first);
  if (decoder === undefined) return;
  const all = async function* () {
    for (let piece = first; piece !== undefined; piece = await next()) yield piece;
  };
  // If one of them ends, so does the other; the error is thrown below.
  pipeline(Readable.from(all(), { objectMode: false }), decoder, () => undefined);
  try {
    yield* decoder;
  } catch {
    if (failure !== undefined) throw failure.error;
    throw problem('invalid', `${describe(target)} is not ${coding}, as its Content-Encoding says`);
  }
}
