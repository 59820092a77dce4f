import { expect, it } from 'vitest';
import { Recorder } from '../../../src/conformance/peer/recorder.ts';
import { Room } from '../../../src/conformance/peer/room.ts';
import { manualClock } from '../../../src/runtime/clock.ts';
import { newRedactor } from '../../../src/wire/redact/redact.ts';
import type { TraceFact } from '../../../src/wire/trace.ts';

const text = (content: string): TraceFact => ({ kind: 'text', from: 'server', text: content });

it('has room for a given number of events, and stays full', () => {
  const room = new Room({ events: 2, bytes: 10_000 });
  expect([room.take(text('a')), room.take(text('b')), room.isFull]).toEqual([true, true, false]);
  expect([room.take(text('c')), room.isFull]).toEqual([false, true]);
});

it('counts what a message takes when it has been read, which is more than its letters', () => {
  const takes = (content: string) => new Room({ events: 9, bytes: 30_000 }).take(text(content));
  expect(takes('x'.repeat(10_000))).toBe(true);
  expect(takes('[],'.repeat(3000))).toBe(false);
});

it('is full for all parts of it when the parts together have filled it', () => {
  const whole = new Room({ events: 3, bytes: 10_000 });
  const parts = [
    new Room({ events: 2, bytes: 10_000 }, whole),
    new Room({ events: 2, bytes: 10_000 }, whole),
  ];
  const taken = [0, 0, 1, 1].map((part) => parts[part]?.take(text('a')));

  expect(taken).toEqual([true, true, true, false]);
  expect([whole.isFull, ...parts.map(({ isFull }) => isFull)]).toEqual([true, true, true]);
});

it('lets a recorder say once what is missing, and how a connection ended', () => {
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
