import { execFileSync } from 'node:child_process';
import { lstat, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FORMAT_NAMES } from '../../../src/conformance/report/formats/formats.ts';
import { jsonReport } from '../../../src/conformance/report/formats/json.ts';
import {
  parseReportTarget,
  parseReportTargets,
  prepareReportTargets,
  writeReports,
  type ReportTarget,
} from '../../../src/conformance/report/write.ts';
import { UserError } from '../../../src/runtime/errors.ts';
import { folder } from '../../support/programs/folder.ts';
import { ALL_GREEN } from './sample.ts';

const { report, plays } = ALL_GREEN;
const nothing = () => {
  throw new Error('nothing is to be printed');
};
const write = (targets: readonly ReportTarget[], stepSummary?: string) =>
  writeReports(targets, report, plays, { print: nothing, stepSummary });

describe('--report', () => {
  it.each([
    ['json:report.json', 'json', 'report.json'],
    ['junit:a/b.xml', 'junit', 'a/b.xml'],
    ['html:C:\\reports\\r.html', 'html', 'C:\\reports\\r.html'],
    ['markdown:-', 'markdown', '-'],
    ['tap: with space', 'tap', ' with space'],
    ['text:x', 'text', 'x'],
  ])('%s is read', (text, format, file) => expect(parseReportTarget(text)).toEqual({ format, file }));

  it.each([
    [
      'jnuit:x.xml',
      /^--report jnuit:x\.xml: expected FORMAT:FILE, FORMAT being json, .*; did you mean "junit:x\.xml"\?$/,
    ],
    ['JSON:x', /did you mean "json:x"\?$/],
    ['html', /^--report html: expected a file after "html:", or - for standard output$/],
    ['tap:', /expected a file after "tap:"/],
    ['report.json', /expected FORMAT:FILE, FORMAT being json, junit, html, markdown, tap, text or badge$/],
    ['', /expected FORMAT:FILE/],
    [':x', /expected FORMAT:FILE/],
    ['toString:x', /expected FORMAT:FILE/],
    ['\u001b[2J:x', /^--report \\u001b\[2J:x: /],
  ])('"%s" is refused', (text, expected) => {
    expect(() => parseReportTarget(text)).toThrow(UserError);
    expect(() => parseReportTarget(text)).toThrow(expected);
  });

  it('cannot name one file twice', () => {
    expect(parseReportTargets(['json:a', 'tap:b'])).toHaveLength(2);
    expect(() => parseReportTargets(['json:a', 'tap:a'])).toThrow(
      '--report: two reports go to a; expected a file for each',
    );
    expect(() => parseReportTargets(['json:-', 'tap:-'])).toThrow('two reports go to standard output');
  });
});

describe('writing reports', () => {
  it.each(FORMAT_NAMES)('writes %s, and leaves nothing else behind', async (format) => {
    await using files = await folder();
    const file = files.path('new/folder/report');
    prepareReportTargets([{ format, file }]);
    write([{ format, file }]);

    expect((await readFile(file, 'utf8')).length).toBeGreaterThan(format === 'badge' ? 80 : 500);
    expect(await readdir(dirname(file))).toEqual(['report']);
  });

  it('prints a report to standard output if its file is -', () => {
    const printed: string[] = [];
    writeReports([{ format: 'json', file: '-' }], report, plays, { print: (text) => printed.push(text) });
    expect(printed).toEqual([jsonReport(report)]);
  });

  it('replaces a file and keeps its mode, and replaces the target of a link instead of the link', async () => {
    await using files = await folder();
    await writeFile(files.path('real.json'), 'old', { mode: 0o640 });
    await symlink(files.path('real.json'), files.path('link.json'));
    write([{ format: 'json', file: files.path('link.json') }]);

    expect((await lstat(files.path('link.json'))).isSymbolicLink()).toBe(true);
    expect(await readFile(files.path('real.json'), 'utf8')).toBe(jsonReport(report));
    expect((await stat(files.path('real.json'))).mode & 0o777).toBe(0o640);
  });

  it('appends to the step summary, which other programs also write to', async () => {
    await using files = await folder();
    const file = files.path('summary.md');
    await writeFile(file, 'before\n');
    write([{ format: 'markdown', file }], file);

    expect(await readFile(file, 'utf8')).toMatch(/^before\n## Conformance: conforming\n/);
  });

  it('writes into a pipe, like a device, without replacing it', async () => {
    await using files = await folder();
    const pipe = files.path('pipe');
    execFileSync('mkfifo', [pipe]);
    const reading = readFile(pipe, 'utf8');
    // Opened by this process, too, so neither side waits for the other.
    write([{ format: 'tap', file: pipe }]);

    expect(await reading).toMatch(/^TAP version 14\n/);
    expect((await stat(pipe)).isFIFO()).toBe(true);
  });

  it('says which file cannot be written, before the run and after it', async () => {
    await using files = await folder();
    await writeFile(files.path('file'), '');
    await mkdir(files.path('folder'));
    const inFile = { format: 'json', file: files.path('file/report.json') } as const;
    const isFolder = { format: 'json', file: files.path('folder') } as const;

    expect(() => prepareReportTargets([inFile])).toThrow(
      /^--report .*file\/report\.json: cannot be written: [a-z ,]+ \(E/,
    );
    expect(() => prepareReportTargets([isFolder])).toThrow(
      /^--report .*folder: cannot be written: it is a folder, expected a file$/,
    );
    expect(() => write([inFile])).toThrow(UserError);
    expect(() => write([isFolder])).toThrow(/cannot be written: it is a folder \(EISDIR\)/);
  });

  it('leaves the old file whole when the new one cannot be written', async () => {
    await using files = await folder();
    const file = files.path('report.json');
    await writeFile(file, 'old');
    // The new one would be written here first.
    await mkdir(`${file}.${process.pid}.tmp`);

    expect(() => write([{ format: 'json', file }])).toThrow(UserError);
    expect(await readFile(file, 'utf8')).toBe('old');
  });
});
