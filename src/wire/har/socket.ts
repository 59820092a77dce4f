import { UserError } from '../../runtime/errors.ts';
import { binaryFact } from '../binary-fact.ts';
import { below, check, checkEach, leftOut, type Place } from './place.ts';
import { closeCode, closing, end, message, type HarEntry, type HarMessage } from './schema.ts';
import type { Peer, TraceFact } from '../trace.ts';

/** A fact and its time. */
export interface Timed {
  readonly epochMs: number;
  readonly fact: TraceFact;
}

/** The messages of a connection; undefined if an entry has no list. */
export function messagesOf(
  entry: HarEntry,
  place: Place,
  audio: boolean,
  faults: string[],
): readonly Timed[] | undefined {
  const key = '_webSocketMessages';
  const list = entry[key] ?? undefined;
  if (list === undefined) return undefined;
  return checkEach(message, list, below(place, key), faults).map((read) => ({
    epochMs: read.time,
    fact: factOf(read, audio),
  }));
}

function factOf(read: HarMessage, audio: boolean): TraceFact {
  const { data } = read;
  if (read.type === 'error') return { kind: 'fault', from: 'server', message: data };
  const from: Peer = read.type === 'send' ? 'client' : 'server';
  switch (read.opcode) {
    case 1:
      return { kind: 'text', from, text: data };
    case 2: {
      const { _sha256: sha256, _byteCount: byteCount } = read;
      // Written by us, with only the length and the hash kept.
      if (data === '' && sha256 !== undefined && byteCount !== undefined) {
        return { kind: 'binary', from, byteCount, sha256 };
      }
      return binaryFact(from, Buffer.from(data, 'base64'), audio);
    }
    case 8:
      return { kind: 'close', from, code: read.code, reason: data };
    case 9:
    case 10:
      return {
        kind: read.opcode === 9 ? 'ping' : 'pong',
        from,
        base64: Buffer.from(data, 'base64').toString('base64'),
      };
  }
}

/**
 * How a connection ended, according to the file: in `_end` (ours), in `_webSocketClose` (a code, or an object with a
 * code and possibly a reason, a time and a peer; or that it was aborted), or by a Close frame among the messages. If
 * the needed one cannot be read, it is named in `faults`, and the connection has no end. `lastMs` is the time of the
 * last message.
 */
export function endingOf(
  entry: HarEntry,
  place: Place,
  messages: readonly Timed[],
  { lastMs, faults }: { readonly lastMs: number; readonly faults: string[] },
): readonly Timed[] {
  try {
    return endIn(entry, place, messages, lastMs);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    faults.push(leftOut(error));
    return [];
  }
}

function endIn(
  { _end: ours, _webSocketClose: close }: HarEntry,
  place: Place,
  messages: readonly Timed[],
  lastMs: number,
): readonly Timed[] {
  if (ours !== undefined && ours !== null) {
    const { time: epochMs, how, by, code } = check(end, ours, below(place, '_end'));
    return [{ epochMs, fact: { kind: 'end', ...(by !== undefined && { by }), how, code } }];
  }
  const frame = messages.find(({ fact }) => fact.kind === 'close');
  if (frame?.fact.kind === 'close') {
    const { from, code } = frame.fact;
    return [{ epochMs: lastMs, fact: { kind: 'end', by: from, how: 'close', code } }];
  }
  return close === undefined || close === null
    ? []
    : closedAs(close, below(place, '_webSocketClose'), lastMs);
}

function closedAs(close: unknown, place: Place, lastMs: number): readonly Timed[] {
  if (typeof close === 'number') {
    return [{ epochMs: lastMs, fact: endWith(closeCode.parse(close), undefined) }];
  }
  // The word of HTTP Toolkit for a connection that ended without a Close frame.
  if (close === 'aborted') return [{ epochMs: lastMs, fact: endWith(1006, undefined) }];
  const { code, reason, by, epochMs: closedMs = lastMs } = check(closing, close, place);
  const epochMs = Math.max(lastMs, closedMs);
  const end: Timed = { epochMs, fact: endWith(code, by) };
  if (code === 1006) return [end];
  if (by !== undefined) return [{ epochMs, fact: { kind: 'close', from: by, code, reason } }, end];
  const told = `closed with code ${code}${reason === '' ? '' : `, reason ${JSON.stringify(reason)}`}; the file does not say by whom`;
  return [{ epochMs, fact: { kind: 'note', message: told } }, end];
}

function endWith(code: number, by: Peer | undefined): TraceFact {
  return { kind: 'end', ...(by !== undefined && { by }), how: code === 1006 ? 'fin' : 'close', code };
}
