import type { Request } from 'express';
import { SOURCE_LIMITS } from '../../../audio/sources/limits.ts';
import { paceOf } from '../../../audio/sources/pace.ts';
import type { Clock } from '../../../runtime/clock.ts';
import type { Body } from './hear.ts';
import { wrappedAs } from './not-audio.ts';
import { Refused, wrongBody } from './refused.ts';

/**
 * The body of a call as it arrives. The patience with a client is that with a source of audio, in real time.
 *
 * @throws Refused while iterating: 400 for an empty body, a form and a compressed one, 408 for a slow one, 413 for one of more than `mostBytes`
 */
export async function* uploadOf(request: Request, mostBytes: number, wall: Clock): Body {
  if (Number(request.headers['content-length'] ?? 0) > mostBytes) throw tooLarge(mostBytes);
  const instead = wrappedAs(request.headers);
  if (instead !== undefined) throw wrongBody(instead);
  const pieces = request.iterator({ destroyOnReturn: false })[Symbol.asyncIterator]();
  const pace = paceOf(SOURCE_LIMITS, () => wall.now());
  let byteCount = 0;
  for (;;) {
    const { dueMs, why, arrived } = pace.wait(Infinity);
    const piece = await nextBefore(wall, dueMs, pieces, `The body ${why}`);
    if (piece.done === true) break;
    // Node.js types it as any; without an encoding, a request yields bytes.
    const bytes = piece.value as Uint8Array;
    arrived(bytes.length);
    byteCount += bytes.length;
    if (byteCount > mostBytes) throw tooLarge(mostBytes);
    yield bytes;
  }
  if (byteCount === 0) throw new Refused(400, 'The body is empty: expected a recording');
}

function nextBefore<T>(wall: Clock, dueMs: number, pieces: AsyncIterator<T>, why: string) {
  return new Promise<IteratorResult<T>>((resolve, reject) => {
    const cancel = wall.at(dueMs, () => reject(new Refused(408, why)));
    void pieces.next().then(resolve, reject).finally(cancel);
  });
}

function tooLarge(mostBytes: number): Refused {
  return new Refused(413, `The body is longer than ${mostBytes} bytes`);
}
