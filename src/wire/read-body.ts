import { isUtf8 } from 'node:buffer';
import { decodeContent } from '../runtime/content-coding.ts';
import type { Peer, TraceFact } from './trace.ts';

/** What a trace says of a body whose codings were taken off. */
export interface BodyRead {
  /** The decoded body; undefined when nothing is known of it. */
  readonly bytes: Uint8Array | undefined;
  /** What is to be told of it besides. */
  readonly facts: readonly TraceFact[];
}

/** What the facts about a body that was not read begin with. */
const NOT_READ = 'the body was not read: ';

/**
 * Takes the codings off a whole body. What is not what its header says is a fault of the one who sent it; a coding that is not known
 * here is not, and its text is read where it is text all the same.
 *
 * @param from who sent it
 * @param limitBytes of the decoded body
 */
export function readBody(
  bytes: Uint8Array,
  contentEncoding: string | undefined,
  from: Peer,
  limitBytes: number,
): BodyRead {
  const decoded = decodeContent(bytes, contentEncoding, limitBytes);
  switch (decoded.kind) {
    case 'decoded':
      return { bytes: decoded.bytes, facts: [] };
    case 'damaged':
      return { bytes: undefined, facts: [{ kind: 'fault', from, message: decoded.why }] };
    case 'unknown':
      // Some servers name a charset there, and clients leave what they do not know as it is.
      if (isUtf8(bytes)) return { bytes, facts: [{ kind: 'note', message: decoded.why }] };
      return { bytes: undefined, facts: [notRead(decoded.why)] };
    case 'too-long':
      return { bytes: undefined, facts: [notRead(decoded.why)] };
  }
}

/** Why the body of an answer is not known, if an observer has told so. */
export function whyUnread(fact: TraceFact): string | undefined {
  if (fact.kind !== 'note' || !fact.message.startsWith(NOT_READ)) return undefined;
  return fact.message.slice(NOT_READ.length);
}

/** Whether a fault is that a body is not what its header says. */
export function isDamagedBody(message: string): boolean {
  return message.startsWith('content-encoding: ');
}

/** Nothing else is missing: what does not depend on the body is judged. */
function notRead(why: string): TraceFact {
  return { kind: 'note', message: `${NOT_READ}${why}` };
}
