import type { Problem, ServerSay, Word } from '../../../scenario/script.ts';
import { jsonFrame, type Frame } from '../../../wire/frame.ts';
import type { ClientInput } from '../../engine/messages.ts';
import { quote, readObject } from '../json.ts';

/** The meaning of a client's frame, for all sockets of Reson8. */
export function hearFrame(frame: Frame): ClientInput {
  return frame.kind === 'binary' ? { kind: 'audio', bytes: frame.bytes } : hearRequest(frame.text);
}

/** Not documented. A fault of the client closes with 1008, any other early end with 1011. */
export function closeCode(problem: Problem | undefined): number {
  if (problem === undefined) return 1000;
  return problem === 'invalid-request' || problem === 'unauthorized' || problem === 'timeout' ? 1008 : 1011;
}

function hearRequest(text: string): ClientInput {
  const message = readObject(text);
  if (typeof message === 'string') return { kind: 'unreadable', message };
  const { type, id } = message;
  if (type !== 'flush_request') {
    return { kind: 'unreadable', message: `Unknown type ${quote(type)}: expected "flush_request"` };
  }
  if (id === undefined || id === null) return { kind: 'flush', id: null, message };
  if (typeof id === 'string') return { kind: 'flush', id, message };
  return { kind: 'unreadable', message: `Invalid id: expected a string, got ${quote(id)}` };
}

/** The answer to a flush, with the id of the flush if it had one. */
export function confirmationFrame({ id }: Extract<ServerSay, { kind: 'flushed' }>): Frame {
  return jsonFrame({ type: 'flush_confirmation', ...(id === undefined ? {} : { id }) });
}

/** A word of a transcript: each flag adds its fields and no others. Times are on the clock of the audio. */
export function wordFields(
  { text, startMs, endMs, confidence }: Word,
  asked: { readonly timestamps: boolean; readonly confidence: boolean },
): Record<string, unknown> {
  return {
    text,
    ...(asked.timestamps ? { start_ms: startMs, duration_ms: endMs - startMs } : {}),
    ...(asked.confidence ? { confidence } : {}),
  };
}

/** Assumed: S4 gives codes only for the upgrade. */
export function errorFrame({ problem, message }: Extract<ServerSay, { kind: 'error' }>): Frame {
  return jsonFrame({ type: 'error', code: errorCode(problem), message });
}

function errorCode(problem: Problem): string {
  if (problem === 'unauthorized') return 'UNAUTHORIZED';
  return closeCode(problem) === 1008 ? 'INVALID_REQUEST' : 'INTERNAL_ERROR';
}
