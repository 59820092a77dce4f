import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RequirementResult } from '../../../src/conformance/judge/result.ts';
import { startMockServer } from '../../../src/mock-server/server.ts';
import { CLI } from '../../support/programs/cli.ts';
import { probe, ran, reportIn, verdictOf } from '../../support/conformance.ts';
import { folder, type Folder } from '../../support/programs/folder.ts';
import { Program } from '../../support/programs/program.ts';

/** The traces of a run against a fake with a scenario, and the verdicts of that run. */
async function recorded(files: Folder, scenario: string, probeName: string) {
  await using fake = await startMockServer({ scenario });
  const url = fake.urls.url.replace('http', 'ws');
  const dialect = probeName.startsWith('reson8') ? 'reson8' : 'scriptix';
  const { stderr } = await ran([
    ...['server', '--dialect', dialect, '--url', url, '--token', 'any-token', '--scenario', probe(probeName)],
    ...['--profile', 'quick', '--pace', '100', '--traces', files.path('traces')],
    ...['--report', `json:${files.path('run.json')}`],
  ]);
  expect(stderr).toContain('1 probes');
  const traces = (await readdir(files.path('traces'))).map((name) => join(files.path('traces'), name));
  return { report: await reportIn(files.path('run.json')), traces };
}

/** Kept by silence, which counts only where the server has sent something: a part of the run does not show that. */
const KEPT_BY_SILENCE = new Set(['R8-FL-008', 'R8-TR-013', 'SX-PART-007', 'SX-ERR-002']);
const ORDER = ['fail', 'warn', 'inconclusive', 'pass'];

/** The verdict of several results of one requirement: the worst of them. */
function together(results: readonly RequirementResult[]): { verdict: string; exercised: number } {
  const verdicts = results.map(({ verdict }) => verdict);
  const worst = ORDER.find((each) => verdicts.some((verdict) => verdict === each)) ?? 'not seen';
  return { verdict: worst, exercised: results.reduce((sum, { exercised }) => sum + exercised, 0) };
}

describe('understudy conformance trace', () => {
  it('judges the side for which the trace was recorded, unless another is asked for', async () => {
    await using files = await folder();
    const { traces } = await recorded(files, 'happy-path', 'reson8/speech');
    const trace = traces.find((path) => path.endsWith('speech.ndjson')) ?? '';
    const sidesOf = async (...flags: readonly string[]) => {
      await ran(['trace', trace, ...flags, '--report', `json:${files.path('t.json')}`]);
      const { requirements } = await reportIn(files.path('t.json'));
      return [...new Set(requirements.map(({ side }) => side))].sort();
    };

    expect(await sidesOf()).toEqual(['both', 'server']);
    expect(await sidesOf('--side', 'client')).toEqual(['both', 'client']);
    expect(await sidesOf('--side', 'both')).toEqual(['both', 'client', 'server']);
  });

  it.each([
    ['final-changes', 'scriptix/speech', 'SX-FIN-014'],
    ['confirmation-of-another', 'reson8/speech', 'R8-FL-003'],
    ['happy-path', 'scriptix/speech', undefined],
  ])('reaches the verdicts of the run from its traces: %s', async (scenario, probeName, broken) => {
    await using files = await folder();
    const { report, traces } = await recorded(files, scenario, probeName);
    const offline = [];
    for (const [i, trace] of traces.entries()) {
      const out = files.path(`offline-${i}.json`);
      const { code } = await ran(['trace', trace, '--side', 'server', '--report', `json:${out}`]);
      offline.push(await reportIn(out));
      expect(code).toBe(offline.at(-1)?.outcome === 'violations' ? 1 : 3);
    }

    expect(offline).toHaveLength(2);

    const seen = report.requirements.filter(({ exercised }) => exercised > 0);
    expect(seen.length).toBeGreaterThan(15);

    for (const result of seen.filter(({ id }) => !KEPT_BY_SILENCE.has(id))) {
      const same = offline.flatMap(({ requirements }) => requirements.filter(({ id }) => id === result.id));
      expect([result.id, together(same)]).toEqual([result.id, together([result])]);
    }
    const failed = report.requirements.filter(({ verdict }) => verdict === 'fail').map(({ id }) => id);
    expect(failed).toEqual(broken === undefined ? [] : [broken]);
  });

  it('exits with 0, 1 or 3 depending on what was asked, and writes every format', async () => {
    await using files = await folder();
    const { traces } = await recorded(files, 'final-changes', 'scriptix/speech');
    const [, trace = ''] = traces;
    const held = await ran(['trace', trace, '--only', 'SX-PART-001,SX-PART-002']);

    expect(held).toMatchObject({ code: 0, stderr: '' });

    const formats = ['json', 'junit', 'html', 'markdown', 'tap', 'text'];
    const reports = formats.flatMap((format) => ['--report', `${format}:${files.path(format)}`]);
    expect((await ran(['trace', trace, '--only', 'SX-FIN-014', ...reports])).code).toBe(1);

    for (const format of formats) expect(await readFile(files.path(format), 'utf8')).toContain('SX-FIN-014');
    expect((await ran(['trace', trace, '--only', 'SX-FIN-014', '--skip', 'SX-FIN-014'])).code).toBe(3);

    // Only requirements on clients, and this one has broken none.
    const client = ['trace', trace, '--side', 'client', '--report', `json:${files.path('client')}`];
    expect((await ran(client)).code).toBe(3);

    const report = await reportIn(files.path('client'));
    expect(verdictOf(report, 'SX-FIN-014')).toBeUndefined();
    expect(verdictOf(report, 'SX-MIC-002')).toBe('pass');
  });

  it('reads HAR files saved by a browser', async () => {
    await using files = await folder();
    const { traces } = await recorded(files, 'final-changes', 'scriptix/speech');
    await using convert = new Program(process.execPath, [
      CLI,
      'convert',
      traces[1] ?? '',
      files.path('a.har'),
    ]);

    expect((await convert.exit).code).toBe(0);

    const { code, stdout } = await ran(['trace', files.path('a.har'), '--side', 'server']);
    expect(code).toBe(1);
    expect(stdout).toMatch(/\nFAIL +SX-FIN-014/);
  });

  it('refuses what it cannot read with exit code 2 and the place', async () => {
    await using files = await folder();
    const header = '{"kind":"trace","version":1,"tool":"x","startedAt":"2025-01-31T12:00:00.000Z"}\n';
    const cases: readonly (readonly [string, string | undefined, RegExp])[] = [
      ['none.ndjson', undefined, /none\.ndjson: cannot be read: there is no such file or folder \(ENOENT\)$/],
      ['a.txt', '', /a\.txt: expected a file that ends in \.ndjson \(a trace\) or \.har$/],
      ['empty.ndjson', '', /empty\.ndjson:1:1: /],
      ['wrong.ndjson', `${header}{"kind":"none"}\n`, /wrong\.ndjson:2:2: kind: expected request, response, /],
      ['binary.ndjson', `${header}\u0000\u0001\u0007\n`, /binary\.ndjson:2:1: /],
      ['deep.ndjson', `${header}${'['.repeat(200_000)}\n`, /deep\.ndjson:2:\d+: /],
      ['wrong.har', '{"log":{}}', /wrong\.har:/],
    ];

    for (const [name, text, expected] of cases) {
      if (text !== undefined) await writeFile(files.path(name), text);
      const { code, stdout, stderr } = await ran(['trace', files.path(name)]);
      expect([name, code, stdout]).toEqual([name, 2, '']);
      expect(stderr.trimEnd()).toMatch(expected);
      expect(stderr).not.toMatch(/^ +at |[\u0000\u0007]/m);
    }
  });

  it('exits as incomplete, not as passed, for a trace with no conversation', async () => {
    await using files = await folder();
    const header = '{"kind":"trace","version":1,"tool":"x","startedAt":"2025-01-31T12:00:00.000Z"}\n';
    await writeFile(files.path('nothing.ndjson'), header);

    expect(await ran(['trace', files.path('nothing.ndjson')])).toMatchObject({ code: 3, stderr: '' });
  });
});
