import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startMockServer } from '../../../src/mock-server/server.ts';
import type { Report } from '../../../src/conformance/report/report.ts';
import { jsonReport } from '../../../src/conformance/report/formats/json.ts';
import { EVERY_VERDICT } from '../../conformance/report/sample.ts';
import { ran, reportIn } from '../../support/conformance.ts';
import { folder } from '../../support/programs/folder.ts';
import { REPOSITORY } from '../../support/programs/cli.ts';

const CLIENT = ['--', 'node', join(REPOSITORY, 'examples/node/reson8.mjs')];
const SCENARIOS = ['happy-path', 'interims', 'no-credits'].flatMap((name) => ['--scenario', name]);
const ofClient = (...flags: readonly string[]) =>
  ran(['client', '--dialect', 'reson8', ...SCENARIOS, ...flags, ...CLIENT]);

const verdicts = ({ requirements }: Report) => requirements.map(({ id, verdict }) => [id, verdict]);

describe('understudy conformance merge', () => {
  it('makes one report from the parts of a run of a client, which do not pass by themselves', async () => {
    await using files = await folder();
    const at = (name: string) => files.path(name);
    const whole = await ofClient('--report', `json:${at('whole.json')}`);
    await mkdir(at('parts'));
    for (const index of [1, 2]) {
      const { code, stdout } = await ofClient(
        ...['--shard', `${index}/2`, '--traces', at(`traces${index}`)],
        ...['--report', `json:${at(`parts/${index}.json`)}`],
      );
      expect(code, stdout).toBe(3);
      expect(stdout).toContain(`This is part ${index} of 2 of a run`);
    }
    const trace = await readFile(at('traces2/interims.ndjson'), 'utf8');
    expect(trace.split('\n')[0]).toContain('"shard":{"index":2,"count":2}');

    const merged = await ran([
      'merge',
      at('parts'),
      '--report',
      `json:${at('m.json')}`,
      '--report',
      `html:${at('m.html')}`,
    ]);

    expect(merged.code, merged.stderr).toBe(whole.code);
    expect(verdicts(await reportIn(at('m.json')))).toEqual(verdicts(await reportIn(at('whole.json'))));
    // The conversation that is drawn comes from the report on a part.
    expect(await readFile(at('m.html'), 'utf8')).toContain('happy-path/s1');

    const half = await ran(['merge', at('parts/1.json')]);
    expect(half.code).toBe(3);
    expect(half.stdout).toContain('Of 2 parts of the run 1 is missing (part 2)');
  }, 120_000);

  it('adds up the generated sessions of a run that was divided into parts', async () => {
    await using fake = await startMockServer();
    await using files = await folder();
    const url = fake.urls.url.replace('http', 'ws');
    const flags = [
      '--dialect',
      'reson8-turns',
      '--url',
      url,
      '--pace',
      '200',
      '--runs',
      '4',
      '--only',
      'R8-TURN-006',
    ];
    for (const index of [1, 2]) {
      const file = files.path(`${index}.json`);
      const { code, stderr } = await ran(
        ['server', ...flags, '--shard', `${index}/2`, '--report', `json:${file}`],
        { UNDERSTUDY_TOKEN: 'x' },
      );
      expect(code, stderr).toBe(3);
      const { sessions } = await reportIn(file);
      expect(
        new Set(sessions.map(({ play }) => play).filter((play) => play.startsWith('generated/'))).size,
      ).toBe(2);
    }
    const badge = files.path('badge.json');
    const merged = await ran([
      'merge',
      files.path('1.json'),
      files.path('2.json'),
      '--report',
      `badge:${badge}`,
    ]);

    expect(merged.code, merged.stdout).toBe(0);
    expect(JSON.parse(await readFile(badge, 'utf8'))).toEqual({
      ...{ schemaVersion: 1, label: 'reson8-turns server' },
      ...{ message: 'conforming', color: 'brightgreen' },
    });
  }, 120_000);

  it('puts reports on different subjects side by side', async () => {
    await using files = await folder();
    const { report } = EVERY_VERDICT;
    const other = { ...report, subject: { ...report.subject, target: 'wss://other.example.com' } };
    await writeFile(files.path('a.json'), jsonReport(report));
    await writeFile(files.path('b.json'), jsonReport(other));
    const { code, stdout } = await ran([
      ...['merge', files.path('a.json'), files.path('b.json')],
      ...['--report', `html:${files.path('m.html')}`, '--report', `markdown:${files.path('m.md')}`],
    ]);

    expect(code).toBe(1);
    expect(stdout).toContain('Conformance of 2 subjects');
    expect(await readFile(files.path('m.html'), 'utf8')).toContain('wss://other.example.com');
    expect(await readFile(files.path('m.md'), 'utf8')).toContain('| **B** |');
  });

  const SAMPLE = jsonReport(EVERY_VERDICT.report);
  const LINK = jsonReport({
    ...EVERY_VERDICT.report,
    subject: { kind: 'client', dialect: 'reson8', target: 'x' },
    shard: { index: 1, count: 2, alone: 'incomplete', terms: {} },
  });
  const wrong: readonly [string, Readonly<Record<string, string>>, readonly string[], string][] = [
    ['no file', {}, [], 'Expected: understudy conformance merge <files..>'],
    [
      'a file that does not exist',
      {},
      ['a.json'],
      'a.json: cannot be read: there is no such file or folder (ENOENT)',
    ],
    ['an empty file', { 'a.json': '' }, ['a.json'], 'a.json:1:1: not JSON'],
    ['a file cut off', { 'a.json': SAMPLE.slice(0, 700) }, ['a.json'], 'not JSON'],
    ['a list', { 'a.json': '[]' }, ['a.json'], 'a.json: the report: expected object'],
    [
      'another kind of JSON',
      { 'a.json': '{"schemaVersion":2}' },
      ['a.json'],
      'a.json: schemaVersion: expected 1',
    ],
    [
      'an unknown verdict',
      { 'a.json': SAMPLE.replace('"verdict":"pass"', '"verdict":"good"') },
      ['a.json'],
      'verdict: expected one of "pass"',
    ],
    ['JSON of a million levels', { 'a.json': '['.repeat(1e6) }, ['a.json'], 'a.json: '],
    ['a file twice', { 'a.json': SAMPLE }, ['a.json', './a.json'], 'a.json: is given twice'],
    [
      'one run twice',
      { 'a.json': SAMPLE, 'b.json': SAMPLE },
      ['a.json', 'b.json'],
      'are of two runs against',
    ],
    ['an empty folder', {}, ['.'], '.: no report (.json) in this folder'],
    [
      'an unknown format',
      { 'a.json': SAMPLE },
      ['a.json', '--report', 'pdf:x'],
      '--report pdf:x: expected FORMAT:FILE',
    ],
    [
      'a part without its record',
      { 'a.json': LINK },
      ['a.json'],
      'a.json: shard.record: expected what the part has recorded',
    ],
    [
      'a record with a wrong event',
      { 'a.json': LINK.replace('"terms":{}', '"terms":{},"record":{"plays":[{"events":[{"kind":"x"}]}]}') },
      ['a.json'],
      'a.json: shard.record.',
    ],
    [
      'a part beyond the last',
      { 'a.json': LINK.replace('"index":1', '"index":3') },
      ['a.json'],
      'a.json: shard: expected an index up to count',
    ],
    [
      'a format for one run',
      { 'a.json': SAMPLE, 'b.json': SAMPLE.replaceAll('"target":"', '"target":"x') },
      ['a.json', 'b.json', '--report', 'junit:x.xml'],
      '--report: junit is for one run, and these are reports on 2 subjects; expected json, html, markdown, text or badge',
    ],
    ['an unknown flag', { 'a.json': SAMPLE }, ['a.json', '--reports', 'x'], 'Did you mean --report?'],
  ];
  it.each(wrong)(
    'names the file and the place of a mistake, and exits with 2: %s',
    async (_what, texts, args, told) => {
      await using files = await folder();
      for (const [name, text] of Object.entries(texts)) await writeFile(files.path(name), text);
      const paths = args.map((each) => (/\.json$|^\.$/.test(each) ? files.path(each) : each));
      const { code, stderr } = await ran(['merge', ...paths]);

      expect(code, stderr).toBe(2);
      expect(stderr.replaceAll(files.path('.'), '.').replaceAll('./', '')).toContain(told);
      expect(stderr).not.toMatch(/^\s+at /m);
    },
  );
});

describe('--shard', () => {
  const SERVER = ['server', '--dialect', 'reson8', '--url', 'ws://127.0.0.1:1'];
  it.each([
    ['0/2', 'expected a part such as 1/3'],
    ['3/2', 'expected a part such as 1/3'],
    ['1', 'expected a part such as 1/3'],
    ['1/2/3', 'expected a part such as 1/3'],
    ['-1/2', 'expected a part such as 1/3'],
    ['1.5/2', 'expected a part such as 1/3'],
    ['1/1001', 'expected a part such as 1/3'],
    ['1/4', '--shard: nothing is left for part 4/4', '4/4'],
  ])('refuses %s for a client', async (shard, told, other = shard) => {
    const { code, stderr } = await ofClient('--shard', other);
    expect(code).toBe(2);
    expect(stderr).toContain(told);
  });

  it.each([
    ['with --profile live', ['--profile', 'live'], '--shard: not with the profile live'],
    ['without generated sessions', ['--profile', 'quick'], '--shard: there are no sessions to be generated'],
    [
      'with fewer sessions than parts',
      ['--runs', '1'],
      '--shard: there is one session to be generated, which cannot be shared out as 1/2',
    ],
  ])('refuses to divide a run against a server %s', async (_how, flags, told) => {
    const { code, stderr } = await ran([...SERVER, '--shard', '1/2', ...flags]);
    expect(code).toBe(2);
    expect(stderr).toContain(told);
  });
});
