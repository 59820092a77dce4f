import type { Message } from './messages.ts';

interface Cell {
  readonly message: Message;
  readonly next: Cell | undefined;
}

/**
 * Messages that wait, the oldest first. Each function returns a new queue and leaves the given one unchanged; on
 * average none of them takes longer for longer queues.
 */
export interface Queue {
  /** The oldest ones, in their order. */
  readonly front: Cell | undefined;
  /** All later ones, the latest first. */
  readonly back: Cell | undefined;
  readonly length: number;
  /** Bytes of audio in the messages. */
  readonly byteCount: number;
}

/** A queue without messages. */
export const EMPTY: Queue = { front: undefined, back: undefined, length: 0, byteCount: 0 };

/** Adds a message at the end. */
export function added(queue: Queue, message: Message): Queue {
  const { front, back, length, byteCount } = queue;
  return {
    front,
    back: { message, next: back },
    length: length + 1,
    byteCount: byteCount + bytesOf(message),
  };
}

/** Puts a message before all others. */
export function preceded(message: Message, { front, back, length, byteCount }: Queue): Queue {
  return {
    front: { message, next: front },
    back,
    length: length + 1,
    byteCount: byteCount + bytesOf(message),
  };
}

/** Puts all messages of one queue before those of another. */
export function joined(first: Queue, second: Queue): Queue {
  return [...messagesOf(first)].reduceRight((all, message) => preceded(message, all), second);
}

/** Takes the oldest message; undefined if there is none. */
export function taken(queue: Queue): { readonly message: Message; readonly rest: Queue } | undefined {
  const front = queue.front ?? reversed(queue.back);
  if (front === undefined) return undefined;
  const { message, next } = front;
  const back = queue.front === undefined ? undefined : queue.back;
  const byteCount = queue.byteCount - bytesOf(message);
  return { message, rest: { front: next, back, length: queue.length - 1, byteCount } };
}

function* messagesOf({ front, back }: Queue): Generator<Message> {
  for (let cell = front; cell !== undefined; cell = cell.next) yield cell.message;
  for (let cell = reversed(back); cell !== undefined; cell = cell.next) yield cell.message;
}

function reversed(cells: Cell | undefined): Cell | undefined {
  let all: Cell | undefined;
  for (let cell = cells; cell !== undefined; cell = cell.next) all = { message: cell.message, next: all };
  return all;
}

function bytesOf(message: Message): number {
  return message.kind === 'audio' ? message.bytes.length : 0;
}
