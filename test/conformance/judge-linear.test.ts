import { expect, it } from 'vitest';
import { judgeTrace } from '../../src/conformance/judge-trace.ts';
import type { TraceEvent, TraceFact } from '../../src/wire/trace.ts';

/** So often both sizes are judged, one after the other: the fastest of each counts, which a busy machine spoils least. */
const ROUNDS = 5;
/** Twice as many events take twice as long; were each compared with each, it would be four times. */
const MOST = 2.8;
/** A trace of so many events, and one of twice as many. */
const EVENTS = 6000;

type Shape = (count: number) => readonly TraceEvent[];

/** Sessions of so many events each, until there are enough. */
function sessions(
  count: number,
  each: number,
  facts: (place: number) => TraceFact,
  target: string,
): TraceEvent[] {
  const events: TraceEvent[] = [];
  for (let s = 1; events.length < count; s++) {
    const put = (fact: TraceFact) => events.push({ session: `s${s}`, atMs: events.length, ...fact });
    put({ kind: 'request', method: 'GET', target, headers: { host: 'x' } });
    put({ kind: 'response', status: 101, headers: {} });
    for (let place = 0; place < Math.min(each, count) - 5; place++) put(facts(place));
    put({ kind: 'close', from: 'client', code: 1000, reason: '' });
    put({ kind: 'close', from: 'server', code: 1000, reason: '' });
    put({ kind: 'end', by: 'client', how: 'close', code: 1000 });
  }
  return events;
}

const said = (from: 'client' | 'server', message: unknown): TraceFact => ({
  kind: 'text',
  from,
  text: JSON.stringify(message),
});
const audio: TraceFact = { kind: 'binary', from: 'client', byteCount: 3200 };

function scriptix(place: number): TraceFact {
  if (place === 0) return said('client', { action: 'start' });
  if (place === 1) return said('server', { state: 'listening' });
  if (place % 3 === 0) return audio;
  const isFinal = place % 30 === 29;
  const offset = {
    text: `words ${Math.floor(place / 30)}`,
    is_final: isFinal,
    offset_ms: Math.floor(place / 30) * 1000,
  };
  return said('server', isFinal ? { ...offset, words: [] } : { ...offset, stability: 0.5 });
}

function reson8(place: number): TraceFact {
  if (place % 3 === 0) return audio;
  if (place % 30 === 28) return said('client', { type: 'flush_request', id: `f${place}` });
  if (place % 30 === 29) return said('server', { type: 'flush_confirmation', id: `f${place - 1}` });
  return said('server', { type: 'transcript', text: `words ${place}`, is_final: false });
}

/** What came, and that the user sees it. */
function shownBy(of: (place: number) => TraceFact, text: (place: number) => string) {
  return (place: number): TraceFact =>
    place % 3 === 2 && place > 2
      ? { kind: 'report', report: { event: 'display', text: text(place) } }
      : of(place);
}

const MICROPHONE = '/v2/realtime?token=redacted-1&type=fast&language=en';
const REALTIME = '/v1/speech-to-text/realtime?encoding=pcm_s16le&include_interim=true';

const SHAPES: Readonly<Record<string, Shape>> = {
  'many sessions of Scriptix': (count) => sessions(count, 25, scriptix, MICROPHONE),
  'one session of Scriptix': (count) => sessions(count, count, scriptix, MICROPHONE),
  'many sessions of Reson8': (count) => sessions(count, 25, reson8, REALTIME),
  'one session of Reson8': (count) => sessions(count, count, reson8, REALTIME),
  'clients of Scriptix that report': (count) =>
    sessions(
      count,
      25,
      shownBy(scriptix, (place) => `words ${Math.floor(place / 30)}`),
      MICROPHONE,
    ),
  'one client of Scriptix that reports': (count) =>
    sessions(
      count,
      count,
      shownBy(scriptix, (place) => `words ${Math.floor(place / 30)}`),
      MICROPHONE,
    ),
  'one client of Reson8 that reports': (count) =>
    sessions(
      count,
      count,
      shownBy(reson8, (place) => `words ${place - 1}`),
      REALTIME,
    ),
  'flushes that are all open': (count) =>
    sessions(
      count,
      count,
      (place) =>
        place < count / 2
          ? said('client', { type: 'flush_request' })
          : said('server', { type: 'flush_confirmation' }),
      REALTIME,
    ),
};

// Each session was compared with all others, and each flush with all that were open: 40,000 events took four times as
// long as 20,000.
it.each(Object.entries(SHAPES))('judges %s in time that grows with its events', (_what, shape) => {
  const [small, large] = [shape(EVENTS), shape(2 * EVENTS)];
  const fastest = [Infinity, Infinity];
  judgeTrace(small);
  for (let round = 0; round < ROUNDS && !(round > 1 && ratio(fastest) <= MOST); round++) {
    for (const [i, events] of [small, large].entries()) {
      // Processor time of this process: others on the machine do not count. What is derived is kept by the list.
      const copy = [...events];
      const began = process.cpuUsage();
      judgeTrace(copy);
      const { user, system } = process.cpuUsage(began);
      fastest[i] = Math.min(fastest[i] ?? Infinity, user + system);
    }
  }
  expect(ratio(fastest)).toBeLessThanOrEqual(MOST);
});

function ratio([small = 1, large = 1]: readonly number[]): number {
  return large / small;
}
