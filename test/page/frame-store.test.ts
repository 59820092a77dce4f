import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BLOCK, FrameStore, MOST_LOADED } from '../../src/page/session/frame-store.ts';
import { allOf, MOST_FOUND, Search } from '../../src/page/session/listing.ts';
import type { TraceEvent } from '../../src/wire/trace.ts';

const event = (number: number): TraceEvent => ({
  session: 's1',
  atMs: number,
  kind: 'text',
  from: number % 2 === 0 ? 'server' : 'client',
  text: `message ${number}`,
});
const note = (dropped: number): TraceEvent => ({
  session: 's1',
  atMs: 0,
  kind: 'note',
  message: 'gone',
  dropped,
});
const events = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => event(from + i));

function storeOf(all: readonly TraceEvent[]): FrameStore {
  const store = new FrameStore();
  for (const each of all) store.add(each);
  return store;
}

/** Reads a block as the page does. */
function read(store: FrameStore, block: number): void {
  const { from, count } = store.partOf(block);
  store.keep(block, events(from, from + count));
}

describe('the rows of a long trace', () => {
  it('are kept in memory up to a limit; the others can be read again', () => {
    const store = storeOf(events(0, 50_000));
    expect([store.length, store.rowAt(49_999)?.summary]).toEqual([50_000, 'message 49999']);
    expect(store.rowAt(0)).toBeUndefined();
    expect(store.missing(49_000, 50_000)).toBeUndefined();

    for (let from = 0; from < 50_000; from += 100)
      for (
        let block = store.missing(from, from + 100);
        block !== undefined;
        block = store.missing(from, from + 100)
      ) {
        read(store, block);
        expect(store.inMemory).toBeLessThanOrEqual(MOST_LOADED);
        expect(store.rowAt(block * BLOCK)?.summary).toBe(`message ${block * BLOCK}`);
      }

    expect(MOST_LOADED).toBe(10_000);
  });

  it('that were viewed last stay in memory', () => {
    const store = storeOf(events(0, 20_000));
    for (let block = 0; block < 7; block++) read(store, block);
    expect(store.missing(0, 1)).toBeUndefined();

    read(store, 10);

    expect(store.missing(0, 1)).toBeUndefined();
    expect(store.missing(BLOCK, BLOCK + 1)).toBe(1);
  });

  it('keep their places, even if the journal drops events before or while they are read', () => {
    const store = storeOf([...events(0, 2), note(4000), ...events(4002, 20_000)]);
    expect(store.length).toBe(20_000 - 3999);
    expect(store.partOf(1)).toEqual({ from: 500 + 3999, count: BLOCK });
    expect(store.partOf(0)).toEqual({ from: 0, count: BLOCK + 3999 });

    // A hundred more have been dropped.
    store.keep(0, [...events(0, 2), note(4100), ...events(4102, 4499)]);

    expect(store.rowAt(1)?.summary).toBe('message 1');
    expect(store.rowAt(2)?.summary).toBe('gone');
    expect(store.rowAt(102)?.summary).toBe('gone');
    expect(store.rowAt(103)?.summary).toBe('message 4102');
    expect(store.rowAt(499)?.summary).toBe('message 4498');
  });

  it('keep their places, whichever are read in whatever order', () => {
    const store = storeOf(events(0, 12_345));

    fc.assert(
      fc.property(fc.array(fc.nat(12_344), { maxLength: 40 }), (places) => {
        for (const place of places) {
          const block = store.missing(place, place + 1);
          if (block !== undefined) read(store, block);
          expect(store.rowAt(place)?.index).toBe(place);
        }
      }),
    );
  });
});

describe('a search', () => {
  it('finds rows in memory and rows that are read again, in order, and keeps the last ones', () => {
    const store = storeOf(events(0, 20_000));
    const search = new Search({ from: 'server', text: '' });
    expect(search.look(store)).toBe(false);
    while (search.next < store.first) {
      const index = search.next;
      const { from, count } = store.partFrom(index, Math.min(index + BLOCK, store.first));
      search.lookAt(store.rowsOf(index, events(from, from + count)));
    }
    expect(search.look(store)).toBe(true);
    const { listing, total } = search;

    expect([total, listing.length]).toEqual([10_000, MOST_FOUND]);
    expect(listing.rowAt(MOST_FOUND - 1)?.index).toBe(19_998);
    expect(listing.indexAt(0)).toBe(20_000 - 2 * MOST_FOUND);
    expect(listing.placeOf(19_998)).toBe(MOST_FOUND - 1);
    expect(listing.placeOf(19_999)).toBeUndefined();

    store.add(event(20_000));

    expect(search.look(store)).toBe(true);
    expect(search.total).toBe(10_001);
  });

  it('is not needed to list all rows', () => {
    const listing = allOf(storeOf(events(0, 3)));

    expect([listing.length, listing.placeOf(2), listing.placeOf(3), listing.rowAt(1)?.summary]).toEqual([
      3,
      2,
      undefined,
      'message 1',
    ]);
  });
});
