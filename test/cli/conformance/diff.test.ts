import { mkdir, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { jsonReport } from '../../../src/conformance/report/formats/json.ts';
import { encodeEvent, encodeHeader } from '../../../src/wire/trace-file.ts';
import type { TraceEvent } from '../../../src/wire/trace.ts';
import { ALL_GREEN, DICTATION, EVERY_VERDICT, FLUSHED, REFUSED } from '../../conformance/report/sample.ts';
import { startMockServer } from '../../../src/mock-server/server.ts';
import { ran } from '../../support/conformance.ts';
import { folder } from '../../support/programs/folder.ts';

/** Longer than two runs take on a busy machine. */
const WHOLE_RUNS_MS = 360_000;

const compare = (...args: readonly string[]) => ran(['diff', ...args]);

const HEADER = encodeHeader({ kind: 'trace', version: 1, tool: 'x', startedAt: '2025-01-31T12:00:00.000Z' });
const trace = (events: readonly TraceEvent[]) => HEADER + events.map(encodeEvent).join('');

describe('understudy conformance diff', () => {
  it('shows what has changed between two reports, and exits with 1', async () => {
    await using files = await folder();
    const { report } = EVERY_VERDICT;
    const requirements = report.requirements.map((each) =>
      each.id === 'SX-FIN-014' ? { ...each, verdict: 'pass' as const } : each,
    );
    await writeFile(files.path('a.json'), `\ufeff${jsonReport(report)}`);
    await writeFile(files.path('b.json'), jsonReport({ ...report, requirements }));
    const { code, stdout, stderr } = await compare(files.path('a.json'), files.path('b.json'));

    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(stdout).toContain('\n  SX-FIN-014: fail -> pass (better)\n');
    expect(stdout).toMatch(/\nThey differ\.\n$/);

    const same = await compare(files.path('a.json'), files.path('a.json'));
    expect(same).toMatchObject({ code: 0, stderr: '' });
    expect(same.stdout).toMatch(/\nBoth say the same\.\n$/);
  });

  it('compares folders of traces and single files by their shape', async () => {
    await using files = await folder();
    await mkdir(files.path('real/deeper'), { recursive: true });
    await mkdir(files.path('fake'));
    await writeFile(files.path('real/a.ndjson'), trace(DICTATION.events));
    await writeFile(files.path('real/deeper/b.ndjson'), trace(FLUSHED.events));
    await writeFile(files.path('real/notes.txt'), 'not a trace');
    await writeFile(files.path('fake/all.ndjson'), trace(DICTATION.events));
    const found = await compare(files.path('real'), files.path('fake'));

    expect(found).toMatchObject({ code: 1, stderr: '' });
    expect(found.stdout).toMatch(/reson8: 0 in common, \d+ only in A, 0 only in B/);
    expect(found.stdout).toContain('server confirmation (1 x, first in deeper/b.ndjson, s1)');

    const same = await compare(files.path('real/a.ndjson'), files.path('fake'));
    expect(same).toMatchObject({ code: 0, stderr: '' });
    expect(same.stdout).toMatch(/\nBoth have the same shapes\.\n$/);
  });

  it('writes one JSON object with --json', async () => {
    await using files = await folder();
    await writeFile(files.path('a.ndjson'), trace(REFUSED.events));
    await writeFile(files.path('b.ndjson'), trace(FLUSHED.events));
    const shapes = await compare(files.path('a.ndjson'), files.path('b.ndjson'), '--json');

    expect(shapes.code).toBe(1);
    expect(JSON.parse(shapes.stdout)).toMatchObject({
      same: false,
      dialects: [{ dialect: 'reson8', onlyA: [] }, { dialect: 'scriptix' }, { dialect: 'scriptix-rest' }],
    });

    await writeFile(files.path('a.json'), jsonReport(ALL_GREEN.report));
    const reports = await compare(files.path('a.json'), files.path('a.json'), '--json');
    expect(JSON.parse(reports.stdout)).toMatchObject({ same: true, verdicts: [], onlyA: [] });
  });

  it('says what it compares and what its exit codes mean', async () => {
    const { code, stdout } = await compare('--help');

    expect(code).toBe(0);
    expect(stdout).toContain('Exit code: 0 the same, 1 different, 2 something cannot be read.');
    expect(stdout).toContain('understudy conformance diff before.json after.json');
  });

  it('refuses what it cannot read with exit code 2 and the place', async () => {
    await using files = await folder();
    await mkdir(files.path('empty'));
    await writeFile(files.path('a.json'), jsonReport(ALL_GREEN.report));
    await writeFile(files.path('wrong.json'), '{"schemaVersion":1,\n"tool":}');
    await writeFile(files.path('a.ndjson'), trace(REFUSED.events));
    await writeFile(files.path('wrong.ndjson'), `${HEADER}{"kind":"none"}\n`);
    await writeFile(files.path('a.txt'), '');
    const cases: readonly (readonly [string, string, RegExp])[] = [
      [
        'a.json',
        'a.ndjson',
        /a\.json is a report and .*a\.ndjson a recording; expected two of the same kind$/,
      ],
      ['a.json', 'wrong.json', /wrong\.json:2:8: not JSON: expected a value$/],
      ['a.ndjson', 'wrong.ndjson', /wrong\.ndjson:2:2: kind: expected request, response, /],
      ['a.ndjson', 'empty', /empty: no trace \(\.ndjson\) and no HAR file in this folder$/],
      [
        'a.txt',
        'a.json',
        /a\.txt: expected a report \(\.json\), a trace \(\.ndjson\), a HAR file or a folder$/,
      ],
      ['none.json', 'a.json', /none\.json: cannot be read: there is no such file or folder \(ENOENT\)$/],
    ];

    for (const [a, b, expected] of cases) {
      const { code, stdout, stderr } = await compare(files.path(a), files.path(b));
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr.trimEnd()).toMatch(expected);
    }
  });
});

// One and the same fake was called different, because a quick run looks at less than a full one.
it.each(['scriptix', 'reson8'])(
  'there is no difference between a quick and a full run against one server of %s',
  async (dialect) => {
    await using files = await folder();
    await using fake = await startMockServer();
    for (const profile of ['quick', 'full']) {
      const { code } = await ran(
        [
          ...['server', '--dialect', dialect, '--url', fake.urls.url.replace('http', 'ws')],
          ...['--profile', profile, '--runs', '4', '--pace', '100'],
          ...['--report', `json:${files.path(`${profile}.json`)}`],
        ],
        { UNDERSTUDY_TOKEN: 'any-token', UNDERSTUDY_BAD_TOKEN: 'invalid-key' },
      );
      // One MUST of Scriptix needs a key without a scope, which is not given here.
      expect(code).toBe(dialect === 'scriptix' ? 3 : 0);
    }
    const { code, stdout } = await compare(files.path('quick.json'), files.path('full.json'));

    expect(stdout).toMatch(/\nBoth say the same\.\n$/);
    expect(code).toBe(0);
  },
  WHOLE_RUNS_MS,
);
