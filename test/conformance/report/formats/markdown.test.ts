import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { markdownReport, MOST_SUMMARY_BYTES } from '../../../../src/conformance/report/formats/markdown.ts';
import { VERDICTS } from '../../../../src/conformance/report/verdicts.ts';
import { hostileSample } from '../hostile.ts';
import { ALL_GREEN, EVERY_VERDICT, RESULTS, type Sample } from '../sample.ts';

const write = ({ report, plays }: Sample) => markdownReport(report, plays);
const markdown = write(EVERY_VERDICT);

/** What a reader sees: without our tags, and with entities as characters. */
function seen(text: string): string {
  return text
    .replace(/<\/?(details|summary|pre|code|span)>/g, '')
    .replace(/&#(\d+);/g, (_all, code: string) => String.fromCodePoint(Number(code)))
    .replace(/&quot;/g, '"')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&');
}

describe('the report in Markdown', () => {
  it('begins with the outcome and a table of the numbers', () => {
    expect(seen(markdown).split('\n').slice(0, 17)).toEqual([
      '## Conformance: violations',
      '',
      'Violations: 2 requirements are broken, with 1 warning in addition.',
      '',
      'Judged: the server at ws://127.0.0.1:8080 (scriptix), profile full, seed 7. Started 2025-01-31T12:00:00.000Z, took 83.5 s, with asr-understudy 0.1.0.',
      '',
      '| verdict | requirements |',
      '| :-- | --: |',
      '| fail | 2 |',
      '| warn | 1 |',
      '| inconclusive | 1 |',
      '| excused | 1 |',
      '| not exercised | 1 |',
      '| not applicable | 1 |',
      '| pass | 2 |',
      '| **all** | **9** |',
      '',
    ]);
  });

  it('has failures first, then everything else that needs attention', () => {
    expect(markdown.match(/^### .*$/gm)).toEqual([
      '### Failures (2)',
      '### Warnings (1)',
      '### Could not be decided (1)',
      '### Excused: known and accepted (1)',
    ]);
    expect(markdown.match(/<summary>[A-Z].* \(\d+\)<\/summary>/g)).toEqual([
      '<summary>Notes (2)</summary>',
      '<summary>Not exercised (1)</summary>',
      '<summary>Readings of the documents (2)</summary>',
      '<summary>Observations (1)</summary>',
      '<summary>Connections and calls (4)</summary>',
      '<summary>Not applicable (1)</summary>',
      '<summary>Passed (2)</summary>',
    ]);
  });

  it('shows everything that is known about a failure, with the details folded', () => {
    const {
      statement,
      expected = '',
      actual = '',
      repro,
      trace,
      scenario,
      determinism,
      reading,
    } = RESULTS.fail;
    const text = seen(markdown);
    expect(text).toContain(`**SX-FIN-014** MUST: ${statement}`);
    expect(text).toContain(`expected ${expected}, got ${actual} (S0:72, S1:40)`);

    for (const part of [repro, trace, scenario, determinism, reading]) expect(text).toContain(part);
    expect(text).toMatch(/^> 76 .*please bring your pass"/m);
    expect(text).toContain('<-- here');
  });

  it('has the reasons, the readings, the observations, the notes and the sessions', () => {
    const text = seen(markdown);
    for (const part of [
      '| SX-CONN-006 | MUST | the server accepts the header x-zoom-s2t-key | no --token was given |',
      '| SX-MIC-001 | MUST | the client sends a start command once the connection is open | it is asked of clients |',
      '| SX-FIN-011 | SHOULD | word times have one time base in the whole session | 7 |',
      '- SX-FIN-011: A7: word times are relative to offset_ms',
      '- SX-I02: listening came 800 ms after start',
      '- the budget of 120 s of audio was reached',
      '| happy-path/s1 | 1000 | 4.2 s | traces/happy-path.ndjson |',
      '| refused/s1 |  | 0.0 s |  |',
    ]) {
      expect(text.split('\n')).toContain(part);
    }
  });

  it('on a run that passes has numbers and the requirements that were met', () => {
    const green = write(ALL_GREEN);

    expect(green).toContain('| fail | 0 |');
    expect(green).not.toContain('###');
    expect(green).toContain('<summary>Passed (4)</summary>');
  });

  it('stays below the size limit of a step summary, and says what is left out', () => {
    const { report, plays } = EVERY_VERDICT;
    const requirements = Array.from({ length: 3000 }, (_, i) => ({ ...RESULTS.fail, id: `SX-FIN-${i}` }));
    const long = markdownReport({ ...report, requirements }, plays);

    expect(Buffer.byteLength(long)).toBeLessThan(MOST_SUMMARY_BYTES + 1000);
    expect(long).toMatch(/\n_\d+ parts are left out, because a step summary must be short; .*_\n$/);
    // Only whole parts are left out: every folded one has its end.
    expect(long.match(/<details>/g)?.length).toBe(long.match(/<\/details>/g)?.length);
  });

  it('has only our own tags, tables and lines, whatever is in the record', () => {
    const shapeOf = (text: string) => ({
      tags: text.match(/<[^>]*>?/g)?.filter((tag) => !/^<\/?(code|span)>$/.test(tag)),
      special: text.replace(/^#+ /gm, '').match(/(?<!&)#|[[\]`\\~$@{}^!]|::|-->|\]\]>/g),
      tableCells: text.split('\n').flatMap((line) => (line.startsWith('| ') ? line.split('|').length : [])),
      headings: text.match(/^#+ .*/gm)?.length,
    });
    const ours = shapeOf(markdown);
    fc.assert(
      fc.property(hostileSample, (sample) => {
        const text = write(sample);
        const found = shapeOf(text);
        expect(found.tags?.filter((tag) => tag.length > 11)).toEqual([]);
        expect(new Set(found.tags)).toEqual(new Set(ours.tags));
        // An excerpt is in <pre>, where only tags and entities count.
        const withoutPre = shapeOf(text.replace(/<pre>[^]*?<\/pre>/g, ''));
        expect(withoutPre.special ?? []).toEqual([]);
        expect(new Set(withoutPre.tableCells)).toEqual(new Set([4, 6]));
        expect(withoutPre.headings).toBe(ours.headings);
        expect(text).not.toMatch(/[^\P{Cc}\n]|(?![\u00ad\u200c\u200d])\p{Cf}|\p{Cs}|##\[/u);
      }),
      { numRuns: 40 },
    );
  });

  it('names every verdict', () => {
    for (const { word } of VERDICTS) expect(markdown).toMatch(new RegExp(`^\\| ${word} \\| \\d+ \\|$`, 'm'));
  });
});
