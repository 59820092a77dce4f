import { escapeMarkup } from '../../conformance/report/formats/markup.ts';
import type { Judged, LoadReport } from '../result.ts';
import { dialectOf, outcomeSentence, valueText } from './words.ts';

/** A test for each objective, and one for the run itself, which fails if it could not measure anything. */
export function loadJunit(report: LoadReport): string {
  const { outcome, slos, subject, durationMs, startedAt } = report;
  const isMeasured = outcome === 'kept' || outcome === 'broken';
  const run = isMeasured
    ? '    <testcase classname="load" name="the run"/>'
    : `    <testcase classname="load" name="the run"><error message="${escapeMarkup(outcomeSentence(report))}"/></testcase>`;
  const broken = slos.filter(({ verdict }) => verdict === 'broken').length;
  const skipped = slos.filter(({ verdict }) => verdict === 'not-measured').length;
  const numbers = `tests="${slos.length + 1}" failures="${broken}" errors="${isMeasured ? 0 : 1}" skipped="${skipped}" time="${(durationMs / 1000).toFixed(3)}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="understudy load" ${numbers}>`,
    `  <testsuite name="${escapeMarkup(`load on ${subject.target} (${dialectOf(subject)})`)}" ${numbers} timestamp="${escapeMarkup(startedAt)}">`,
    run,
    ...slos.map(testcase),
    '  </testsuite>',
    '</testsuites>\n',
  ].join('\n');
}

function testcase(each: Judged): string {
  const head = `    <testcase classname="load" name="${escapeMarkup(each.slo)}"`;
  switch (each.verdict) {
    case 'kept':
      return `${head}/>`;
    case 'broken':
      return `${head}><failure message="${escapeMarkup(`got ${valueText(each)}`)}"/></testcase>`;
    case 'not-measured':
      return `${head}><skipped message="nothing was measured"/></testcase>`;
  }
}
