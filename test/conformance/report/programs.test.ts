import { describe, expect, it } from 'vitest';
import { htmlReport } from '../../../src/conformance/report/formats/html/html.ts';
import { jsonReport } from '../../../src/conformance/report/formats/json.ts';
import { junitReport } from '../../../src/conformance/report/formats/junit.ts';
import { badEnds, LAST_BYTES, LAST_LINES, lastLines } from '../../../src/conformance/report/programs.ts';
import type { ProgramEnd, Report } from '../../../src/conformance/report/report.ts';
import { textReport } from '../../../src/conformance/report/formats/text.ts';
import { ALL_GREEN } from './sample.ts';

const WORDS = ['Traceback:', '\u001b[31mKeyError: <state>\u001b[0m\u0007', '::error::not for the runner'];

const crashed = (play: string, stderr = WORDS): ProgramEnd => ({
  play,
  end: 'exited 3',
  exitCode: 3,
  stderr,
  stderrByteCount: 512,
});
const PROGRAMS: readonly ProgramEnd[] = [
  { play: 'happy-path', end: 'exited 0', exitCode: 0, stderr: ['done'], stderrByteCount: 5 },
  crashed('unknown-state'),
  crashed('unknown-message'),
  { play: 'yes-twice', end: 'killed by SIGSEGV', signal: 'SIGSEGV', stderr: [], stderrByteCount: 0 },
  { play: 'server-pings', end: 'timeout', stderr: ['waiting'], stderrByteCount: 8 },
];
const report: Report = { ...ALL_GREEN.report, programs: PROGRAMS };
const { plays } = ALL_GREEN;

describe('the last lines of an output', () => {
  it('are at most ten, without empty ones, whatever ends a line', () => {
    const text = Array.from({ length: 30 }, (_, i) => `line ${i}`).join('\r\n\r');
    expect(lastLines(text)).toEqual(Array.from({ length: LAST_LINES }, (_, i) => `line ${i + 20}`));
    expect(lastLines(' \n\n')).toEqual([]);
  });

  it('contain the error above a long stack trace', () => {
    const frames = Array.from({ length: 12 }, (_, i) => `    at f${i} (file.js:${i})`);
    expect(lastLines(['Error: boom', ...frames, '', 'Node.js v20'].join('\n'))).toEqual([
      'Error: boom',
      ...frames.slice(0, 3),
      'Node.js v20',
    ]);
  });

  it('are limited in bytes: of a flood the end is kept, and no half of a character', () => {
    const [only = '', ...more] = lastLines(`${'é'.repeat(100_000)}!`);
    expect(more).toEqual([]);
    expect(only).toMatch(/^…é+!$/);
    expect(Buffer.byteLength(only.slice(1))).toBeLessThanOrEqual(LAST_BYTES);

    const lines = lastLines(`${'x'.repeat(5000)}\nfirst\n${'y'.repeat(LAST_BYTES - 2)}`);
    expect(lines).toEqual(['…st', 'y'.repeat(LAST_BYTES - 2)]);
  });
});

describe('how programs ended', () => {
  it('is reported once for scenarios in which it was the same, and not where nothing went wrong', () => {
    expect(badEnds(report).map(({ plays: names, end }) => [names, end])).toEqual([
      [['unknown-state', 'unknown-message'], 'exit code 3'],
      [['yes-twice'], 'killed by SIGSEGV'],
      [['server-pings'], 'did not end in time'],
    ]);
    expect(badEnds(ALL_GREEN.report)).toEqual([]);
  });

  it('is in the text report, each line on its own, without codes for a terminal or a runner', () => {
    const text = textReport(report, plays);

    expect(text).toContain('  - exit code 3 in unknown-state, unknown-message:\n      | Traceback:\n');
    expect(text).toContain('      | \\u001b[31mKeyError: <state>\\u001b[0m\\u0007\n');
    expect(text).toContain('  - killed by SIGSEGV in yes-twice, with nothing on standard error\n');
    expect(text).not.toMatch(/^\s*::/m);
    expect(text).not.toContain('| done');
  });

  it('is in the JUnit report, in the output of the run', () => {
    const [, errors] = /<system-err>([^<]+)<\/system-err>/.exec(junitReport(report, plays)) ?? [];
    expect(errors).toContain('exit code 3 in unknown-state, unknown-message:');
    expect(errors).toContain('| \\u001b[31mKeyError: &lt;state&gt;\\u001b[0m\\u0007');

    const stopped = junitReport({ ...report, outcome: 'incomplete' }, plays);
    expect(/<error [^>]*type="incomplete"[^>]*>([^<]+)/.exec(stopped)?.[1]).toContain('| Traceback:');
  });

  it('is in the HTML report of every scenario, and unfolded where something went wrong', () => {
    const page = htmlReport(report, plays);
    const [, ended = ''] = page.split('id="programs"');
    for (const { play } of PROGRAMS) expect(ended).toContain(`<strong>${play}</strong>`);

    expect(ended.match(/<details {2}?open>|<details\s+open>/g)).toHaveLength(3);
    expect(ended).toContain('KeyError: &lt;state&gt;');
    expect(page).not.toContain('\u001b');
    expect(htmlReport(ALL_GREEN.report, plays)).not.toContain('id="programs"');
  });

  it('is unchanged in the JSON report, and without codes for a terminal', () => {
    const json = jsonReport(report);
    expect(json).not.toContain('\u001b');
    expect((JSON.parse(json) as Report).programs).toEqual(PROGRAMS);
  });
});
