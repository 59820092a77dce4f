import { plainPaint, type Paint } from '../../runtime/text/screen.ts';
import { visible, withoutCommands } from '../../runtime/text/plain.ts';
import { keysOf } from '../../runtime/json/fields.ts';
import { TIMES, type LoadReport } from '../result.ts';
import {
  countsOf,
  dialectOf,
  msText,
  parametersOf,
  otherSentences,
  outcomeSentence,
  talliesOf,
  valueText,
} from './words.ts';

const NAME = 14;
const NUMBER = 10;

/** The report for a terminal, with the outcome last. */
export function loadText(
  report: LoadReport,
  { paint = plainPaint }: { readonly paint?: Paint } = {},
): string {
  const { subject, terms, times, slos, durationMs } = report;
  const heads = ['p50', 'p90', 'p95', 'p99', 'p99.9', 'max'] as const;
  const lines = [
    `${paint('bold', 'Load')} on ${visible(subject.target)} (${dialectOf(subject)}): ${terms.perSecond} a second for ${terms.forMs / 1000} s, each ${(terms.holdMs / 1000).toFixed(1)} s; took ${(durationMs / 1000).toFixed(1)} s`,
    ...parametersOf(terms).map((text) => `parameters: ${visible(text)}`),
    '',
    `${''.padEnd(NAME)}${'count'.padStart(NUMBER)}${heads.map((head) => head.padStart(NUMBER)).join('')}`,
    ...keysOf(TIMES).flatMap((name) => {
      const { count, percentiles } = times[name];
      if (percentiles === undefined) return [];
      const cells = heads.map((head) => msText(percentiles[head]).padStart(NUMBER)).join('');
      return [`${name.padEnd(NAME)}${String(count).padStart(NUMBER)}${cells}`];
    }),
    '',
    ...countsOf(report).map(
      ([name, count, meaning]) => `${name.padEnd(NAME)}${String(count).padStart(NUMBER)}  ${meaning}`,
    ),
    ...talliesOf(report).map(([name, text]) => `${name}: ${visible(text)}`),
    ...(slos.length === 0 ? [] : ['']),
    ...slos.map((each) => {
      const style = each.verdict === 'kept' ? 'green' : each.verdict === 'broken' ? 'red' : 'yellow';
      return `${paint(style, each.verdict.padEnd(NAME))}${visible(each.slo)}  (${valueText(each)})`;
    }),
    '',
    ...otherSentences(report).map((each) => visible(each)),
    paint(
      report.outcome === 'kept' ? 'green' : report.outcome === 'broken' ? 'red' : 'yellow',
      visible(outcomeSentence(report)),
    ),
  ];
  return `${withoutCommands(lines.join('\n'))}\n`;
}
