import { array, assert, constant, integer, oneof, property, record } from 'fast-check';
import { expect, it } from 'vitest';
import type { Message } from '../../../src/mock-server/engine/messages.ts';
import { added, EMPTY, joined, preceded, taken, type Queue } from '../../../src/mock-server/engine/queue.ts';

const audio = (length: number): Message => ({ kind: 'audio', bytes: new Uint8Array(length) });

function all(queue: Queue): Message[] {
  const messages: Message[] = [];
  for (let next = taken(queue); next !== undefined; next = taken(next.rest)) messages.push(next.message);
  return messages;
}

it('a queue keeps the order of its messages, and older versions of it stay unchanged', () => {
  const act = oneof(
    record({ kind: constant('add'), bytes: integer({ min: 0, max: 9 }) }),
    record({ kind: constant('precede'), bytes: integer({ min: 0, max: 9 }) }),
    record({ kind: constant('take'), bytes: constant(0) }),
    record({ kind: constant('join'), bytes: constant(0) }),
  );
  assert(
    property(array(act, { maxLength: 30 }), (acts) => {
      let queue = EMPTY;
      let list: Message[] = [];
      const before: { readonly queue: Queue; readonly list: Message[] }[] = [];
      for (const { kind, bytes } of acts) {
        before.push({ queue, list });
        const message = audio(bytes);
        if (kind === 'add') [queue, list] = [added(queue, message), [...list, message]];
        if (kind === 'precede') [queue, list] = [preceded(message, queue), [message, ...list]];
        if (kind === 'take') [queue, list] = [taken(queue)?.rest ?? queue, list.slice(1)];
        if (kind === 'join') {
          const other = added(preceded(message, EMPTY), audio(3));
          [queue, list] = [joined(other, queue), [message, ...all(other).slice(1), ...list]];
        }
      }
      for (const one of [...before, { queue, list }]) {
        expect(all(one.queue)).toEqual(one.list);
        expect(one.queue.length).toBe(one.list.length);
        const bytes = one.list.reduce(
          (sum, each) => sum + (each.kind === 'audio' ? each.bytes.length : 0),
          0,
        );
        expect(one.queue.byteCount).toBe(bytes);
      }
    }),
  );
});

it('a queue of ten thousand messages does not copy them for each new one', () => {
  let queue = EMPTY;
  for (let i = 0; i < 10_000; i++) queue = added(queue, audio(i % 3));
  const older = queue.back?.next;
  queue = added(queue, audio(1));

  expect(queue.back?.next?.next).toBe(older);
  expect(all(queue)).toHaveLength(10_001);
});
