import { describe, expect, it } from 'vitest';
import { Histogram } from '../../src/load/histogram.ts';
import { meaningOf } from '../../src/load/heard.ts';
import { mapTimes, Meter } from '../../src/load/meter.ts';
import { outcomeOf } from '../../src/load/outcome.ts';
import { Pacer } from '../../src/load/pacer.ts';
import { dueTimes, parseRate } from '../../src/load/plan.ts';
import { judgeSlo, parseSlo } from '../../src/load/slo.ts';
import type { TimeName } from '../../src/load/result.ts';
import { manualClock } from '../../src/runtime/clock.ts';

function seen(counts: Partial<Meter['counts']>, times: Partial<Record<TimeName, readonly number[]>> = {}) {
  const meter = new Meter(1000);
  Object.assign(meter.counts, { started: 10, opened: 10 }, counts);
  const measured = mapTimes((name) => {
    const histogram = new Histogram();
    for (const ms of times[name] ?? []) histogram.add(ms);
    return { count: histogram.count, buckets: histogram.buckets };
  });
  const subject = { dialect: 'reson8', target: 'wss://a.example' } as const;
  return { counts: meter.countsSoFar, times: measured, isStopped: false, failures: {}, subject };
}

describe('an objective', () => {
  it.each([
    ['first-result p95<900ms', 'kept'],
    ['first-result p95 <= 0.8s', 'broken'],
    ['first-result max<900ms', 'broken'],
    ['first-result p50=100ms', 'broken'],
    ['lost-finals=0', 'kept'],
    ['refused<=10%', 'kept'],
    ['refused<10%', 'broken'],
    ['refused<2', 'kept'],
    ['confirmation p99<1s', 'not-measured'],
  ])('%s is %s', (text, verdict) => {
    const times = Array.from({ length: 100 }, (_none, i) => (i < 90 ? 100 : i < 96 ? 880 : 2000));
    expect(judgeSlo(parseSlo(text), seen({ refused: 1 }, { 'first-result': times })).verdict).toBe(verdict);
  });

  it.each([
    ['', 'expected an objective such as'],
    ['first-result', 'expected an objective such as'],
    ['first-result<900ms', 'expected p50, p90, p95, p99, p99.9 or max after first-result'],
    ['first-result p97<900ms', 'expected p50, p90'],
    ['first-result p95<900', 'expected a length of time such as 900ms'],
    ['first-result p95<5%', 'expected a length of time'],
    ['first-results p95<1s', 'nothing called "first-results" is measured'],
    ['lost-finals p95=0', 'lost-finals is a number'],
    ['lost-finals=5ms', 'expected a number or a percentage'],
    ['lost-finals>0', 'expected an objective such as'],
  ])('"%s" is refused', (text, told) => {
    expect(() => parseSlo(text)).toThrow(told);
  });
});

describe('the outcome of a load', () => {
  const kept = parseSlo('lost-finals=0');
  it.each<[string, ReturnType<typeof seen>, string]>([
    ['every objective is met', seen({}), 'kept'],
    ['one is not', seen({ 'lost-finals': 1 }), 'broken'],
    ['no session was accepted', seen({ opened: 0 }), 'not-opened'],
    ['the generator was late', seen({ 'lost-finals': 1 }, { lateness: [300] }), 'late'],
    ['this machine had no room', seen({ 'lost-finals': 1, 'own-failures': 1 }), 'late'],
    ['it was stopped', { ...seen({}), isStopped: true }, 'incomplete'],
  ])('when %s', (_what, measured, outcome) => {
    expect(outcomeOf([kept], measured).outcome).toBe(outcome);
  });

  // Only a code was said of a certificate that is not trusted.
  it('says why no session was accepted, the most frequent reason first', () => {
    const causeOf = (failures: Record<string, number>, counts = {}) =>
      outcomeOf([], { ...seen({ opened: 0, ...counts }), failures }).causes[0];
    const begins = 'No session was accepted, so nothing was measured: ';

    expect(causeOf({ ECONNREFUSED: 1, CERT_HAS_EXPIRED: 3 })).toBe(
      `${begins}the certificate of a.example has expired, so the server needs a new one (unless the clock of this machine is wrong) (CERT_HAS_EXPIRED); nothing listens on a.example (ECONNREFUSED).`,
    );
    expect(causeOf({ TIMEOUT: 1 }, { refused: 1 })).toBe(
      `${begins}a.example did not answer in time (TIMEOUT); see also the refusals.`,
    );
    expect(causeOf({})).toBe(`${begins}see the refusals and failures.`);
  });

  it('is incomplete where an objective is about something that never happened, and for a part of a load', () => {
    expect(outcomeOf([parseSlo('final-lag p95<1s')], seen({})).outcome).toBe('incomplete');
    const shard = { index: 1, count: 2 };
    expect(outcomeOf([kept], seen({}), { shard }).outcome).toBe('incomplete');
    expect(outcomeOf([kept], seen({ 'lost-finals': 1 }), { shard }).outcome).toBe('incomplete');
    expect(outcomeOf([kept], seen({}), { missing: ['one'] }).outcome).toBe('incomplete');
  });
});

describe('the schedule', () => {
  const schedule = { perSecond: 2, holdMs: 1000, forMs: 3000 };
  it('begins sessions at fixed times, whatever the others do', () => {
    expect(dueTimes(schedule)).toEqual([0, 500, 1000, 1500, 2000, 2500]);
    expect(dueTimes({ ...schedule, perSecond: 0.01 })).toEqual([0]);
  });

  it('is shared out without gaps or overlaps', () => {
    const parts = [1, 2, 3, 4].map((index) => dueTimes({ ...schedule, shard: { index, count: 4 } }));
    expect(parts.flat().sort((a, b) => a - b)).toEqual(dueTimes(schedule));
    expect(parts[0]).toEqual([0, 2000]);
  });

  it.each([
    ['5/s', 5],
    ['30/m', 0.5],
    ['90/h', 0.025],
    ['0.5/s', 0.5],
  ])('reads %s as %d a second', (text, perSecond) => {
    expect(parseRate(text)).toBeCloseTo(perSecond);
  });

  it.each(['', '5', '5/d', '0/s', '-1/s', '1e3/s', '5 /s', '12345678/s'])('refuses the rate "%s"', (text) => {
    expect(() => parseRate(text)).toThrow('such as 5/s');
  });

  it('refuses more sessions than one process can hold', () => {
    expect(() => dueTimes({ perSecond: 1000, holdMs: 60_000, forMs: 60_000 })).toThrow('--shard');
    expect(() => dueTimes({ perSecond: 1000, holdMs: 1000, forMs: 3_600_000 })).toThrow('sessions');
  });
});

describe('the pacer', () => {
  it('does everything at its time with a single timer, and catches up after a stall', async () => {
    const clock = manualClock();
    const pacer = new Pacer(clock);
    const done: [string, number][] = [];
    const every = (name: string, ms: number) => {
      let due = ms;
      pacer.add(
        {
          step(nowMs) {
            for (; due <= nowMs; due += ms) done.push([name, due]);
            return due;
          },
        },
        due,
      );
    };
    every('a', 10);
    every('b', 15);
    await clock.advance(30);

    expect(done).toEqual([
      ['a', 10],
      ['b', 15],
      ['a', 20],
      ['b', 30],
      ['a', 30],
    ]);
    expect(clock.pending).toBe(1);

    pacer.stop();

    expect(clock.pending).toBe(0);
  });
});

describe('what a message means', () => {
  const reson8 = { type: 'transcript', text: 'a b', start_ms: 200, duration_ms: 300 };
  it.each<[string, Parameters<typeof meaningOf>[1], object, object]>([
    [
      'an interim',
      'reson8',
      { ...reson8, is_final: false },
      { kind: 'partial', startMs: 200, endMs: 500, hasText: true },
    ],
    ['a transcript', 'reson8', reson8, { kind: 'final', endMs: 500 }],
    ['a confirmation', 'reson8', { type: 'flush_confirmation' }, { kind: 'confirmation' }],
    [
      'a partial',
      'scriptix',
      { text: 'a', is_final: false, offset_ms: 40, stability: 1 },
      { kind: 'partial', startMs: 40, endMs: undefined },
    ],
    [
      'a final whose words count from the connection',
      'scriptix',
      { text: 'a', is_final: true, offset_ms: 2000, words: [['a', 2000, 2400, 1]] },
      { kind: 'final', endMs: 2400 },
    ],
    [
      'a final whose words count from its segment',
      'scriptix',
      { text: 'a', is_final: true, offset_ms: 2000, words: [['a', 0, 2400, 1]] },
      { kind: 'final', endMs: 4400 },
    ],
    ['the end of a session', 'scriptix', { state: 'stopped' }, { kind: 'stopped' }],
    ['an error', 'scriptix', { error: 'x' }, { kind: 'error' }],
    [
      'a candidate',
      'reson8-turns',
      { ...reson8, type: 'turn_end_candidate' },
      { kind: 'partial', endMs: 500 },
    ],
    ['the end of a turn', 'reson8-turns', { type: 'turn_end' }, { kind: 'turn-end' }],
    ['anything else', 'reson8', { type: 1 }, { kind: 'other' }],
  ])('%s of %s', (_what, dialect, message, meaning) => {
    expect(meaningOf(JSON.stringify(message), dialect)).toMatchObject(meaning);
  });

  it('is undefined for text that is not JSON', () => {
    expect(meaningOf('{', 'reson8')).toEqual({ kind: 'other' });
  });
});
