import { expect, it } from 'vitest';
import { Recorder } from '../../../src/conformance/wire-client/recorder.ts';
import { Room } from '../../../src/conformance/wire-client/room.ts';
import { manualClock } from '../../../src/runtime/clock.ts';
import { newRedactor } from '../../../src/wire/redact/redact.ts';
import type { TraceFact } from '../../../src/wire/trace.ts';

const text = (content: string): TraceFact => ({ kind: 'text', from: 'server', text: content });

it('a room takes a given number of events, and stays full', () => {
  const room = new Room({ events: 2, bytes: 10_000 });
  expect([room.take(text('a')), room.take(text('b')), room.isFull]).toEqual([true, true, false]);
  expect([room.take(text('c')), room.isFull]).toEqual([false, true]);
});

it('a room counts the memory of a message once it is read, which is more than its characters', () => {
  const takes = (content: string) => new Room({ events: 9, bytes: 30_000 }).take(text(content));
  expect(takes('x'.repeat(10_000))).toBe(true);
  expect(takes('[],'.repeat(3000))).toBe(false);
});

it('a room is full for all its parts when these have filled it together', () => {
  const whole = new Room({ events: 3, bytes: 10_000 });
  const parts = [
    new Room({ events: 2, bytes: 10_000 }, whole),
    new Room({ events: 2, bytes: 10_000 }, whole),
  ];
  const taken = [0, 0, 1, 1].map((part) => parts[part]?.take(text('a')));

  expect(taken).toEqual([true, true, true, false]);
  expect([whole.isFull, ...parts.map(({ isFull }) => isFull)]).toEqual([true, true, true]);
});

it('a recorder without room notes once what is missing, and how the connection ended', () => {
  const recorder = new Recorder(manualClock(), newRedactor(), new Room({ events: 1, bytes: 10_000 }));
  const { record, isFull } = recorder.session('s1');
  for (const content of ['a', 'b', 'c']) record(text(content));
  record({ kind: 'end', by: 'client', how: 'reset', code: 1006 });

  expect(isFull()).toBe(true);
  expect(recorder.cut).toMatch(/more events than are kept/);
  expect(recorder.events).toMatchObject([
    { kind: 'text', text: 'a' },
    { kind: 'note', dropped: 2 },
    { kind: 'end' },
  ]);
});
