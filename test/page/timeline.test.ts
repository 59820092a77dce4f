import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AudioLine, firstWhere, MOST_WINDOWS } from '../../src/page/timeline/audio.ts';
import { markAt, spanOf, stepTop } from '../../src/page/timeline/lanes.ts';
import { markOf } from '../../src/page/timeline/marks.ts';
import { MOST_MARKS, Timeline } from '../../src/page/timeline/timeline.ts';
import { following, panned, showing, whole, zoomed, type View } from '../../src/page/timeline/view.ts';
import { placeAt, sentenceOf } from '../../src/page/timeline/words.ts';
import type { TraceEvent, TraceFact } from '../../src/wire/trace.ts';

const at = (atMs: number, fact: TraceFact): TraceEvent => ({ session: 's1', atMs, ...fact });
const text = (from: 'client' | 'server', value: unknown): TraceFact => ({
  ...{ kind: 'text', from },
  text: typeof value === 'string' ? value : JSON.stringify(value),
});
const audio = (byteCount: number, frameCount?: number): TraceFact => ({
  ...{ kind: 'binary', from: 'client', byteCount },
  ...(frameCount === undefined ? {} : { frameCount }),
});
const levels = (
  atMs: number,
  fromMs: number,
  decibels: readonly number[],
  speech: readonly (readonly [number, number])[] = [],
) => ({ kind: 'levels', atMs, fromMs, decibels, speech }) as const;

describe('audio on the timeline', () => {
  it('ends when it arrived, and begins after the audio before it', () => {
    const line = new AudioLine();
    line.message(1000, 3200, 1);
    line.message(1100, 3200, 1);
    // A late message, followed by another one at once.
    line.message(1500, 3200, 1);
    line.message(1501, 3200, 1);

    expect([0, 50, 100, 200, 250, 300, 400].map((ms) => line.timeOf(ms))).toEqual([
      900, 950, 1000, 1400, 1450, 1500, 1501,
    ]);
    expect(line.timeOf(9999)).toBe(1501);
    expect(new AudioLine().timeOf(0)).toBeUndefined();
  });

  it('combines several messages over the time in which they arrived', () => {
    const line = new AudioLine();
    line.message(1000, 32_000, 10);
    expect(line.pieces).toMatchObject([{ sinceMs: 900, untilMs: 1900, fromMs: 0, toMs: 1000 }]);

    line.others(1600);
    expect(line.pieces).toMatchObject([{ sinceMs: 900, untilMs: 1600 }]);
  });

  it('has the times of its levels, even if its format was assumed wrongly', () => {
    const line = new AudioLine();
    line.message(1000, 3200, 1);
    // It has twice the rate, so it is half as long.
    line.message(1100, 6400, 1);
    line.levels(levels(1100, 100, [-20, -30, -40, -50, -60], [[60, 140]]));
    line.message(1200, 6400, 1);
    line.levels(
      levels(
        1200,
        200,
        [-20, -30, -40, -50, -60],
        [
          [160, 220],
          [600, 700],
        ],
      ),
    );

    expect(line.pieces.map(({ fromMs, toMs, decibels }) => [fromMs, toMs, decibels?.length])).toEqual([
      [0, 100, undefined],
      [100, 200, 5],
      [200, 300, 5],
    ]);
    expect(line.speech).toEqual([
      [60, 220],
      [600, 700],
    ]);
  });

  it('never runs backwards, whatever arrives', () => {
    const piece = fc.record({
      afterMs: fc.nat(300),
      bytes: fc.nat(20_000),
      frames: fc.integer({ min: 1, max: 5 }),
      leveled: fc.boolean(),
    });

    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const line = new AudioLine();
        let now = 0;
        for (const { afterMs, bytes, frames, leveled } of pieces) {
          now += afterMs;
          line.others(now);
          const fromMs = line.lengthMs;
          line.message(now, bytes, frames);
          if (leveled)
            line.levels(
              levels(now, Math.floor(fromMs / 20) * 20, new Array<number>(Math.floor(bytes / 640)).fill(-20)),
            );
        }
        const times = Array.from({ length: 40 }, (_, i) => line.timeOf((line.lengthMs * i) / 39) ?? 0);
        expect(times).toEqual([...times].sort((a, b) => a - b));
        for (const { sinceMs, untilMs } of line.pieces) expect(untilMs).toBeGreaterThanOrEqual(sinceMs);
      }),
    );
  });

  it('is kept for an hour and forgotten after that', () => {
    const line = new AudioLine();
    for (let i = 0; i < 250; i++)
      line.levels(levels(i * 20_000, i * 20_000, new Array<number>(1000).fill(-30)));

    const windows = line.pieces.reduce((sum, { decibels }) => sum + (decibels?.length ?? 0), 0);
    expect(windows).toBeLessThanOrEqual(MOST_WINDOWS);
    expect(windows).toBeGreaterThan(MOST_WINDOWS / 2);
    expect(line.lengthMs).toBe(5_000_000);
  });
});

describe('marks', () => {
  it.each([
    [text('server', { text: 'good', is_final: false, offset_ms: 300 }), 'partial', 'good', [300, undefined]],
    [
      text('server', { type: 'transcript', text: 'good', is_final: true, start_ms: 300, duration_ms: 80 }),
      'final',
      'good',
      [300, 380],
    ],
    [text('server', { type: 'transcript', text: 'good' }), 'final', 'good', [undefined, undefined]],
    [
      text('server', { type: 'turn_end_candidate', text: 'so', start_ms: 1, duration_ms: 2 }),
      'partial',
      'so',
      [1, 3],
    ],
    [text('server', { type: 'turn_end' }), 'state', 'turn_end', undefined],
    [text('server', { state: 'listening' }), 'state', 'listening', undefined],
    [text('server', { type: 'flush_confirmation', id: 'a' }), 'confirmation', 'flush confirmed', undefined],
    [text('server', { error: 'no' }), 'error', '{"error":"no"}', undefined],
    [text('server', 'not JSON\u202e'), 'state', 'not JSON\\u{202e}', undefined],
    [text('client', { action: 'start' }), 'command', 'start', undefined],
    [text('client', '[1]'), 'command', '[1]', undefined],
    [{ kind: 'ping', from: 'server', base64: '' }, 'ping', 'ping', undefined],
    [{ kind: 'fault', from: 'client', message: 'bad opcode' }, 'fault', 'bad opcode', undefined],
    [{ kind: 'close', from: 'client', code: 1000, reason: '' }, 'end', 'Close 1000', undefined],
    [{ kind: 'end', how: 'reset', code: 1006 }, 'end', 'reset, 1006', undefined],
  ] as const)('are of the kind $1 and labelled $2', (fact, kind, label, span) => {
    const mark = markOf(at(5, fact), 7, 2);

    expect(mark).toMatchObject({ index: 7, atMs: 5, kind, label, step: 2 });
    expect(span === undefined ? undefined : [mark?.fromMs, mark?.toMs]).toEqual(span);
  });

  it('do not exist for other events, and are short', () => {
    expect(markOf(at(0, { kind: 'note', message: 'x' }), 0, 0)).toBeUndefined();
    expect(markOf(at(0, { kind: 'response', status: 101, headers: {} }), 0, 0)).toBeUndefined();
    expect(markOf(at(0, text('server', 'x'.repeat(1_000_000))), 0, 0)?.label).toHaveLength(120);
  });

  it('beyond the maximum are forgotten, the oldest first', () => {
    const timeline = new Timeline();
    for (let i = 0; i < MOST_MARKS * 2; i++) timeline.add(at(i, text('server', { state: `${i}` })), i);

    expect(timeline.marks.length).toBeLessThanOrEqual(MOST_MARKS);
    expect(timeline.marks.at(-1)?.index).toBe(MOST_MARKS * 2 - 1);
  });
});

/** Half a second of audio, and two results about it. */
function spoken(): Timeline {
  const timeline = new Timeline();
  timeline.add(at(100, { kind: 'request', method: 'GET', target: '/v1?sample_rate=16000', headers: {} }), 0);
  for (let i = 1; i <= 5; i++) {
    timeline.add(at(100 + i * 100, audio(3200)), i);
    timeline.levels(
      levels(
        100 + i * 100,
        (i - 1) * 100,
        [-50, -20, -20, -20, -20],
        i > 1 ? [[(i - 1) * 100, i * 100]] : [],
      ),
    );
  }
  const transcript = { type: 'transcript', text: 'so', start_ms: 100, duration_ms: 200 };
  timeline.add(at(640, text('server', { ...transcript, is_final: false })), 6);
  timeline.add(at(700, text('server', { ...transcript, is_final: true })), 7);
  return timeline;
}

describe('a result', () => {
  it('is drawn from the beginning of its audio to its arrival', () => {
    const timeline = spoken();
    const [partial] = timeline.marks;

    expect(partial && spanOf(partial, timeline.audio)).toEqual({ fromMs: 200, coveredMs: 400, toMs: 640 });
    expect(partial && sentenceOf(partial, timeline)).toBe(
      'Partial of the server at 0.54 s: so, of audio 0.1 s to 0.3 s, 240 ms after its end was sent',
    );
  });

  it('is found at its bar; elsewhere, the audio is described', () => {
    const timeline = spoken();
    const xOf = (ms: number) => ms;
    const find = (x: number, y: number) => markAt(timeline.marks, timeline.audio, { x, y }, xOf)?.kind;

    expect(find(300, stepTop(0) + 2)).toBe('partial');
    expect(find(701, 145)).toBe('final');
    expect(find(300, 30)).toBeUndefined();
    expect(placeAt(timeline, 450)).toBe('At 0.35 s, 0.35 s of audio, -20 dBFS, speech');
    expect(placeAt(timeline, 5000)).toBe('At 4.9 s: no audio');
  });
});

describe('the visible part', () => {
  const bounds = { startMs: 1000, endMs: 61_000 };

  it('follows the end until its reader looks elsewhere', () => {
    const view = following(bounds);

    expect(view.follows).toBe(true);
    expect(view.toMs).toBeGreaterThan(bounds.endMs);
    for (const moved of [
      zoomed(view, 0.5, 55_000, bounds),
      panned(view, -100, bounds),
      showing(view, 60_000, bounds),
    ])
      expect(moved.follows).toBe(false);
  });

  it('keeps the time under the pointer in its place when it is zoomed', () => {
    const view: View = { fromMs: 10_000, toMs: 20_000, follows: false };

    expect(zoomed(view, 0.5, 12_000, bounds)).toEqual({ fromMs: 11_000, toMs: 16_000, follows: false });
  });

  it('is never empty or outside of the session, however it is zoomed and moved', () => {
    const act = fc.record({
      factor: fc.double({ min: 0.01, max: 100, noNaN: true }),
      byMs: fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      atMs: fc.double({ min: 0, max: 1e5, noNaN: true }),
    });

    fc.assert(
      fc.property(fc.array(act, { maxLength: 20 }), (acts) => {
        let view = whole(bounds);
        for (const { factor, byMs, atMs } of acts) {
          view = panned(zoomed(view, factor, atMs, bounds), byMs, bounds);
          expect(view.toMs - view.fromMs).toBeGreaterThanOrEqual(49.9);
          expect(view.fromMs).toBeLessThan(bounds.endMs);
          expect(view.toMs).toBeGreaterThan(bounds.startMs);
        }
      }),
    );
  });
});

it('a binary search finds the first match', () => {
  expect([0, 3, 5, 9].map((limit) => firstWhere([1, 3, 5, 7], (each) => each >= limit))).toEqual([
    0, 1, 2, 4,
  ]);
});
