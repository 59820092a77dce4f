import { isUtf8 } from 'node:buffer';
import { decodeContent } from '../runtime/content-coding.ts';
import type { Peer, TraceFact } from './trace.ts';

/** The facts about a body whose content encodings were removed. */
export interface BodyRead {
  /** The decoded body; undefined if it is unknown. */
  readonly bytes: Uint8Array | undefined;
  /** Further facts to record about it. */
  readonly facts: readonly TraceFact[];
}

/** The beginning of notes about an unread body. */
const NOT_READ = 'the body was not read: ';

/**
 * Removes the content encodings of a complete body. If it is not what its header says, its sender is at fault; an
 * encoding that is unknown here is not a fault, and if the body is text anyway it is read.
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
      // Some servers put a charset there, and clients leave unknown encodings alone.
      if (isUtf8(bytes)) return { bytes, facts: [{ kind: 'note', message: decoded.why }] };
      return { bytes: undefined, facts: [notRead(decoded.why)] };
    case 'too-long':
      return { bytes: undefined, facts: [notRead(decoded.why)] };
  }
}

/** Why the body of an answer is unknown, if an observer has said so. */
export function whyUnread(fact: TraceFact): string | undefined {
  if (fact.kind !== 'note' || !fact.message.startsWith(NOT_READ)) return undefined;
  return fact.message.slice(NOT_READ.length);
}

/** Whether a fault is that a body is not what its header says. */
export function isDamagedBody(message: string): boolean {
  return message.startsWith('content-encoding: ');
}

/** Nothing else is missing, so requirements that do not depend on the body are judged. */
function notRead(why: string): TraceFact {
  return { kind: 'note', message: `${NOT_READ}${why}` };
}
