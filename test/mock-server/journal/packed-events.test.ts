import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bytesOf, PackedEvents } from '../../../src/mock-server/journal/packed-events.ts';
import type { TraceFact } from '../../../src/wire/trace.ts';

const from = fc.constantFrom('client', 'server');
const step = fc.oneof(
  fc.record({ kind: fc.constant('text'), from, text: fc.string() }),
  fc.record({ kind: fc.constant('binary'), from, byteCount: fc.nat() }),
  fc.record({ kind: fc.constant('note'), message: fc.string() }),
);

it('what was added is read back, in order and with its time', () => {
  fc.assert(
    fc.property(fc.array(step), (facts) => {
      const events = new PackedEvents();
      for (const [i, fact] of facts.entries()) {
        if (fact.kind === 'text') events.text(i * 1.5, fact.from, fact.text);
        else if (fact.kind === 'binary') events.binary(i * 1.5, fact.from, fact.byteCount);
        else events.fact(i * 1.5, JSON.stringify(fact));
      }

      expect(events.count).toBe(facts.length);
      expect(facts.map((_, i) => [events.atMs(i), events.at(i)])).toEqual(
        facts.map((fact, i) => [i * 1.5, fact]),
      );
      expect(events.atMs(facts.length)).toBeUndefined();
    }),
  );
});

it('binary messages of one side are counted in one event until something else comes', () => {
  const events = new PackedEvents();

  expect(events.moreBinary('client', 1)).toBe(false);

  events.binary(0, 'client', 640);

  expect(events.moreBinary('client', 320)).toBe(true);
  expect(events.moreBinary('server', 1)).toBe(false);
  expect(events.at(0)).toEqual({ kind: 'binary', from: 'client', byteCount: 960, frameCount: 2 });

  events.text(1, 'server', 'a');

  expect(events.moreBinary('client', 1)).toBe(false);
  expect([events.isServerText(0), events.isServerText(1)]).toEqual([false, true]);
});

it('an event can be altered, and events can be removed', () => {
  const events = new PackedEvents();
  events.text(0, 'client', 'my key is k');
  events.binary(1, 'client', 640);
  events.fact(2, JSON.stringify({ kind: 'note', message: 'k' }));
  const hide = (fact: TraceFact): TraceFact =>
    fact.kind === 'note' ? { ...fact, message: '***' } : { kind: 'text', from: 'client', text: 'hidden' };

  expect([0, 1, 2].map((i) => events.alter(i, hide))).toEqual([-5, 0, 2]);
  expect(events.bytesAt(0)).toBe(bytesOf('hidden'.length));
  expect(events.at(2)).toEqual({ kind: 'note', message: '***' });

  events.remove(0, 2);

  expect([events.count, events.atMs(0)]).toEqual([1, 2]);
});
