import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { annotations } from '../../../../src/conformance/report/formats/annotations.ts';
import { hostileSample } from '../hostile.ts';
import { ALL_GREEN, EVERY_VERDICT, RESULTS, withOutcome } from '../sample.ts';

/** As a GitHub runner reads it. */
function read(line: string): { kind: string; title: string; message: string } {
  const [, kind = '', title = '', message = ''] = /^::(error|warning) title=([^:,]*)::(.*)$/.exec(line) ?? [];
  if (kind === '') throw new Error(`no annotation: ${line}`);
  const decoded = (text: string) =>
    text.replaceAll('%3A', ':').replaceAll('%2C', ',').replaceAll('%0A', '\n');
  return {
    kind,
    title: decoded(title).replaceAll('%25', '%'),
    message: decoded(message).replaceAll('%25', '%'),
  };
}

describe('annotations', () => {
  it('are an error for each failure and a warning for each warning', () => {
    expect(annotations(EVERY_VERDICT.report).map(read)).toEqual([
      {
        kind: 'error',
        title: 'SX-FIN-014 (MUST)',
        message: `${RESULTS.fail.statement} (S0:72, S1:40)\nexpected ${RESULTS.fail.expected ?? ''}\ngot ${RESULTS.fail.actual ?? ''}`,
      },
      { kind: 'error', title: 'SX-ERR-003 (MUST)', message: 'a normal end has the close code 1000 (S2:105)' },
      {
        kind: 'warning',
        title: 'TR-005 (SHOULD)',
        message:
          'a Close is answered by a Close (RFC 6455 5.5.1)\nexpected a Close frame within 5000 ms\ngot it came after 6200 ms',
      },
    ]);
    expect(annotations(ALL_GREEN.report)).toEqual([]);
  });

  it('are an error for a run without a result', () => {
    const { report } = withOutcome(ALL_GREEN, 'incomplete');
    const lines = annotations({ ...report, causes: ['100% of the budget, all of it'] });

    expect(lines.join('\n')).toContain('100%25 of the budget, all of it');
    expect(lines.map(read)).toEqual([
      {
        kind: 'error',
        title: 'incomplete',
        message: 'Incomplete: 100% of the budget, all of it',
      },
    ]);
  });

  it('are not more than GitHub shows, and the last one counts the rest', () => {
    const { report } = EVERY_VERDICT;
    const requirements = Array.from({ length: 15 }, (_, i) => ({ ...RESULTS.fail, id: `SX-FIN-${i}` }));
    const found = annotations({ ...report, requirements }).map(read);

    expect(found).toHaveLength(10);
    expect(found.at(-1)).toEqual({
      kind: 'error',
      title: '6 more',
      message: 'SX-FIN-9, SX-FIN-10, SX-FIN-11, SX-FIN-12, SX-FIN-13, SX-FIN-14',
    });
    expect(annotations({ ...report, requirements, outcome: 'incomplete' })).toHaveLength(10);
  });

  it('are one line each, whatever is in the record', () => {
    fc.assert(
      fc.property(hostileSample, ({ report }) => {
        const lines = annotations(report);
        expect(lines).toHaveLength(3);
        for (const line of lines) {
          read(line);
          expect(line).not.toMatch(/\p{Cc}|(?![\u00ad\u200c\u200d])\p{Cf}|\p{Cs}/u);
          expect(line).not.toMatch(/%(?!25|0A|3A|2C)/);
          // Statement, expected and actual: no text in them begins another line.
          expect(line.split('%0A').length).toBeLessThanOrEqual(3);
        }
      }),
      { numRuns: 50 },
    );
  });
});
