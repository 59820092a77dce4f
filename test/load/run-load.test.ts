import { describe, expect, it } from 'vitest';
import { openSounds } from '../../src/conformance/player/sounds.ts';
import { LOAD_FORMATS } from '../../src/load/formats/formats.ts';
import { spokenMaterial } from '../../src/load/material.ts';
import { mergeLoads, type FiledLoad } from '../../src/load/merge.ts';
import { outcomeOf } from '../../src/load/outcome.ts';
import { readLoad } from '../../src/load/read-load.ts';
import type { LoadReport } from '../../src/load/result.ts';
import { runLoad, type LoadOptions } from '../../src/load/run-load.ts';
import { parseSlo } from '../../src/load/slo.ts';
import { startMockServer } from '../../src/mock-server/server.ts';
import type { SocketDialect } from '../../src/protocol/dialects.ts';

const HOLD_MS = 2500;

/** Four sessions in a second, against a fake. */
async function loaded(dialect: SocketDialect, fakeOptions: object, options: Partial<LoadOptions> = {}) {
  await using fake = await startMockServer(fakeOptions);
  return await runLoad({
    dialect,
    url: fake.urls.url.replace('http', 'ws'),
    token: 'any-token',
    ...{ perSecond: 4, forMs: 1000, slos: [] },
    material: spokenMaterial(dialect, HOLD_MS, openSounds()),
    ...options,
  });
}

/** A report as if this machine had sent everything on time, which a busy one does not. */
function onTime(report: LoadReport): LoadReport {
  const { terms, times, shard } = report;
  const punctual = { ...report, times: { ...times, lateness: { count: 0, buckets: [] } } };
  return { ...punctual, ...outcomeOf(terms.slos.map(parseSlo), punctual, { shard }) };
}

describe('a load', () => {
  it.each<SocketDialect>(['scriptix', 'scriptix-stream', 'reson8', 'reson8-turns'])(
    'on %s counts every session, and measures times against the audio clock',
    async (dialect) => {
      const report = await loaded(dialect, {});
      const { counts, times, closes } = report;

      expect(counts).toMatchObject({
        due: 4,
        started: 4,
        opened: 4,
        refused: 0,
        failed: 0,
        'closed-early': 0,
        errors: 0,
      });
      expect(closes).toEqual({ '1000': 4 });
      expect(counts['lost-finals']).toBe(0);
      expect(times.handshake.count).toBe(4);
      expect(times['first-result'].count).toBe(4);
      if (dialect === 'scriptix-stream') return;
      expect(times.lateness.count).toBeGreaterThan(4 * 25);
      expect(times['partial-lag'].count).toBeGreaterThan(0);
      expect(times['final-lag'].count).toBeGreaterThanOrEqual(4);
    },
  );

  it('counts refusals, and counts failures to connect apart from them', async () => {
    const refused = await loaded('reson8', { scenario: 'refused-500' });
    expect(onTime(refused)).toMatchObject({
      outcome: 'not-opened',
      refusals: { '500': 4 },
      counts: { refused: 4, opened: 0 },
    });

    const gone = await loaded('reson8', {}, { url: 'ws://127.0.0.1:1' });
    expect(onTime(gone)).toMatchObject({
      outcome: 'not-opened',
      failures: { ECONNREFUSED: 4 },
      counts: { failed: 4 },
      causes: [
        'No session was accepted, so nothing was measured: nothing listens on 127.0.0.1:1 (ECONNREFUSED).',
      ],
    });
  });

  it('finds lost finals', async () => {
    const slos = [parseSlo('lost-finals=0')];
    const report = await loaded('reson8', { scenario: 'reson8/final-lost-in-flush' }, { slos });
    expect(report.counts['lost-finals']).toBeGreaterThan(0);
    expect(onTime(report).outcome).toBe('broken');
  });

  it('connects again where the server ends a session early', async () => {
    const report = await loaded(
      'reson8',
      { scenario: 'reson8/drop-mid-word' },
      { forMs: 250, material: spokenMaterial('reson8', 6000, openSounds()) },
    );
    expect(report.counts['closed-early']).toBeGreaterThan(0);
    expect(report.counts.reconnects).toBeGreaterThan(0);
  });

  it('ends properly when it is stopped: it closes its sessions and returns a report', async () => {
    const stop = new AbortController();
    const report = await loaded(
      'reson8',
      {},
      {
        forMs: 60_000,
        material: spokenMaterial('reson8', 60_000, openSounds()),
        signal: stop.signal,
        onProgress: () => stop.abort(),
      },
    );

    expect(onTime(report)).toMatchObject({ outcome: 'incomplete', isStopped: true });
    expect(report.counts.started).toBeLessThan(240);
    expect(report.closes).toEqual({ '1000': report.counts.opened });
  });

  it('adds up its parts: together they have the numbers of all sessions, and a missing part is reported', async () => {
    const slos = [parseSlo('lost-finals=0')];
    const url = 'ws://127.0.0.1:1';
    const filed = [];
    for (const index of [1, 2]) {
      const report = await loaded('reson8', {}, { slos, shard: { index, count: 2 } });
      expect(onTime(report).outcome).toBe('incomplete');
      const file = `${index}.json`;
      const text = LOAD_FORMATS.json({ ...report, subject: { ...report.subject, target: url } });
      filed.push({ file, report: readLoad(text, file) });
    }
    const [a, b] = filed;
    if (a === undefined || b === undefined) throw new Error('there are two');
    const merged = mergeLoads([a, b]);

    const punctual = (each: FiledLoad) => ({ ...each, report: onTime(each.report) });
    expect(mergeLoads([punctual(a), punctual(b)]).outcome).toBe('kept');
    expect(mergeLoads([punctual(a)])).toMatchObject({ outcome: 'incomplete' });
    expect(merged.counts).toMatchObject({ started: 4, opened: 4 });
    for (const name of ['lateness', 'first-result', 'final-lag'] as const) {
      expect(merged.times[name].count).toBe(a.report.times[name].count + b.report.times[name].count);
    }
    expect(() => mergeLoads([a, { ...a, file: '3.json' }])).toThrow(
      '1.json and 3.json are both part 1/2 of a load',
    );
    const other = { ...b.report, terms: { ...b.report.terms, perSecond: 9 } };
    expect(() => mergeLoads([a, { ...b, report: other }])).toThrow(
      '--rate (a second) is 4 in one and 9 in the other',
    );

    const html = LOAD_FORMATS.html(merged);
    expect(html).toMatch(/<svg\s+class="chart"/);
    expect(html).not.toContain('any-token');
    expect(LOAD_FORMATS.junit(merged)).toContain('<testcase classname="load" name="lost-finals=0"/>');
    expect(LOAD_FORMATS.text(merged)).toMatch(/^kept +lost-finals=0 {2}\(0\)$/m);
  });
});
