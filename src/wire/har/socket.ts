import { UserError } from '../../runtime/errors.ts';
import { binaryFact } from '../binary-fact.ts';
import type { HarValue } from './value.ts';
import type { Peer, TraceFact } from '../trace.ts';

/** A fact, and when it was. */
export interface Timed {
  readonly epochMs: number;
  readonly fact: TraceFact;
}

const MOST_MESSAGES = 1_000_000;

/** Takes what can be read; what cannot is named, and left out. */
export function readable<T>(
  values: readonly HarValue[],
  read: (value: HarValue) => T,
  faults: string[],
): readonly T[] {
  return values.flatMap((value) => {
    try {
      return [read(value)];
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      faults.push(`${error.message}; it was left out`);
      return [];
    }
  });
}

/**
 * The messages of a connection, as Chrome, mitmproxy and Playwright write them; undefined where an entry has no list.
 *
 * @throws UserError for more messages than are read
 */
export function messagesOf(entry: HarValue, audio: boolean, faults: string[]): readonly Timed[] | undefined {
  const list = entry.optional('_webSocketMessages')?.list(MOST_MESSAGES);
  if (list === undefined) return undefined;
  return readable(
    list,
    (message) => ({ epochMs: timeOf(message.field('time')), fact: messageOf(message, audio) }),
    faults,
  );
}

/** Seconds since 1970, as Chrome writes them; or milliseconds, as others do. */
export function timeOf(value: HarValue): number {
  const time = value.number();
  const epochMs = time > 1e11 ? time : time * 1000;
  if (!(epochMs >= 0 && epochMs < 1e14)) throw value.wrong('seconds since 1970');
  return epochMs;
}

function messageOf(message: HarValue, audio: boolean): TraceFact {
  const type = message.field('type').text();
  const opcode = message.optional('opcode')?.maybeNumber() ?? 1;
  const data = message.field('data').text();
  if (type === 'error') return { kind: 'fault', from: 'server', message: data };
  if (type !== 'send' && type !== 'receive') throw message.field('type').wrong('"send" or "receive"');
  const from: Peer = type === 'send' ? 'client' : 'server';
  switch (opcode) {
    case 1:
      return { kind: 'text', from, text: data };
    case 2: {
      const sha256 = message.optional('_sha256')?.maybeText();
      const byteCount = message.optional('_byteCount')?.maybeNumber();
      // Ours, of which only the length and the hash were kept.
      if (
        data === '' &&
        sha256 !== undefined &&
        /^[\da-f]{16}$/.test(sha256) &&
        Number.isSafeInteger(byteCount)
      ) {
        return { kind: 'binary', from, byteCount: Math.max(0, byteCount ?? 0), sha256 };
      }
      return binaryFact(from, Buffer.from(data, 'base64'), audio);
    }
    case 8:
      return { kind: 'close', from, code: codeOf(message.optional('code')), reason: data };
    case 9:
    case 10:
      return {
        kind: opcode === 9 ? 'ping' : 'pong',
        from,
        base64: Buffer.from(data, 'base64').toString('base64'),
      };
    default:
      throw message.field('opcode').wrong('1 (text), 2 (binary), 8 (close), 9 (ping) or 10 (pong)');
  }
}

/**
 * How a connection ended, as far as the file says: in `_end` (ours), in `_webSocketClose` (a code, or an object with a
 * code and perhaps a reason, a time and who it was), or by a Close frame among the messages. `lastMs` is when the last
 * message was.
 */
export function endingOf(entry: HarValue, messages: readonly Timed[], lastMs: number): readonly Timed[] {
  const end = entry.optional('_end');
  if (end !== undefined) return [{ epochMs: timeOf(end.field('time')), fact: endOf(end) }];
  const frame = messages.find(({ fact }) => fact.kind === 'close');
  if (frame?.fact.kind === 'close') {
    const { from, code } = frame.fact;
    return [{ epochMs: lastMs, fact: { kind: 'end', by: from, how: 'close', code } }];
  }
  const close = entry.optional('_webSocketClose');
  return close === undefined ? [] : closedAs(close, lastMs);
}

function closedAs(close: HarValue, lastMs: number): readonly Timed[] {
  const bare = close.maybeNumber();
  if (bare !== undefined) return [{ epochMs: lastMs, fact: endWith(codeOf(close), undefined) }];
  const first = (...names: readonly string[]) =>
    names.map((name) => close.optional(name)).find((value) => value !== undefined);
  const code = codeOf(first('code', 'closeCode', 'status', 'statusCode'));
  const reason = first('reason', 'closeReason', 'data')?.maybeText() ?? '';
  const by = peerOf(first('by', 'from', 'initiator', 'type', 'direction')?.maybeText());
  const time = first('time', 'timestamp');
  const epochMs = Math.max(lastMs, time?.maybeNumber() === undefined ? lastMs : timeOf(time));
  const end: Timed = { epochMs, fact: endWith(code, by) };
  if (code === 1006) return [end];
  if (by !== undefined) return [{ epochMs, fact: { kind: 'close', from: by, code, reason } }, end];
  const told = `closed with code ${code}${reason === '' ? '' : `, reason ${JSON.stringify(reason)}`}; the file does not say by whom`;
  return [{ epochMs, fact: { kind: 'note', message: told } }, end];
}

function endWith(code: number, by: Peer | undefined): TraceFact {
  return { kind: 'end', ...(by !== undefined && { by }), how: code === 1006 ? 'fin' : 'close', code };
}

function peerOf(word: string | undefined): Peer | undefined {
  if (word === undefined) return undefined;
  if (/^(?:client|send|sent|local|browser|page)$/i.test(word)) return 'client';
  return /^(?:server|receive|received|remote|peer)$/i.test(word) ? 'server' : undefined;
}

function endOf(end: HarValue): TraceFact {
  const how = (['close', 'fin', 'reset', 'silence', 'refused'] as const).find(
    (word) => word === end.field('how').text(),
  );
  if (how === undefined) throw end.field('how').wrong('how a connection ends');
  const by = (['client', 'server'] as const).find((word) => word === end.optional('by')?.maybeText());
  return { kind: 'end', ...(by !== undefined && { by }), how, code: codeOf(end.optional('code')) };
}

function codeOf(value: HarValue | undefined): number {
  const code = value?.maybeNumber() ?? 1005;
  return Number.isInteger(code) && code >= 0 && code <= 65_535 ? code : 1005;
}
