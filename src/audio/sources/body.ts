import { codingsOf } from '../../runtime/content-coding.ts';
import { decodedPieces } from './decoded.ts';
import { networkProblem } from './network-problem.ts';
import { paceOf } from './pace.ts';
import { problem } from './problem.ts';
import { describe, type FetchTarget } from './target.ts';
import type { Portion } from './request.ts';
import type { Answer, ByteRange, RequestContext } from './request.ts';

/**
 * The body of an answer in pieces, without its content encodings, read no faster than it is asked for. Time limits run
 * only while a caller is waiting, so a stream that is played slowly is not mistaken for one that has stalled.
 *
 * @param whole the time for the whole body, from its first wait; it may change between two waits
 */
export async function* readBody(
  answer: Answer,
  target: FetchTarget,
  context: RequestContext,
  portion: Portion,
  whole: { readonly limitMs: number },
): AsyncGenerator<Uint8Array, void, void> {
  const { clock, signal, limits } = context;
  const { response } = answer;
  const coding = response.headers['content-encoding'];
  if (response.statusCode === 206 && codingsOf(coding).length > 0) {
    answer.close();
    throw problem('invalid', `${describe(target)} answers with a part of a compressed body`);
  }
  const pieces = decodedPieces(response, coding, target)[Symbol.asyncIterator]();
  const cut = cutOf(portion.range, response.statusCode);
  const beganMs = clock.now();
  const pace = paceOf(limits, () => clock.now());
  let position = 0;
  let taken = 0;
  try {
    for (;;) {
      const { dueMs, why, arrived } = pace.wait(beganMs + whole.limitMs);
      const late = problem('timeout', `${describe(target)} ${why}`);
      const cancel = clock.at(dueMs, () => void response.destroy(late));
      const piece = await pieces.next().finally(cancel);
      if (piece.done === true) return;
      if (!(piece.value instanceof Uint8Array)) throw new TypeError('a body is read as bytes');
      arrived(piece.value.length);
      const bytes = within(piece.value, position, cut);
      position += piece.value.length;
      taken += bytes.length;
      if (taken > portion.limitBytes || position > limits.bodyBytes) {
        throw problem(
          'invalid',
          `${describe(target)} is longer than ${Math.min(portion.limitBytes, limits.bodyBytes)} bytes`,
        );
      }
      if (bytes.length > 0) yield bytes;
      if (cut !== undefined && position >= cut.offset + cut.length) return;
    }
  } catch (error) {
    signal.throwIfAborted();
    throw networkProblem(error, target, true);
  } finally {
    answer.close();
    // An early return leaves decoders behind, whose errors no longer matter.
    pieces.return?.().catch(() => undefined);
  }
}

/** Which part of a body to take: a server that does not support ranges sends all of it from the beginning. */
function cutOf(range: ByteRange | undefined, status: number | undefined): ByteRange | undefined {
  return range !== undefined && status === 206 ? { offset: 0, length: range.length } : range;
}

/** The part of a piece at `position` that lies within the range. */
function within(piece: Uint8Array, position: number, range: ByteRange | undefined): Uint8Array {
  if (range === undefined) return piece;
  const from = Math.max(0, range.offset - position);
  const to = Math.max(from, range.offset + range.length - position);
  return piece.subarray(from, to);
}
