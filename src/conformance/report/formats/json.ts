import { plainJson } from '../../../runtime/plain.ts';
import type { Report } from '../report.ts';

/**
 * The report as its contract has it. Nothing is shortened or left out: other programs read it. What a terminal would act
 * on is written as escapes, which means the same.
 */
export function jsonReport(report: Report): string {
  const { schemaVersion, tool, subject, seed, profile, startedAt, durationMs, outcome, summary } = report;
  const { requirements, observations, sessions, tolerances, causes, notes, programs } = report;
  const head = { schemaVersion, tool, subject, seed, profile, startedAt, durationMs, outcome, summary };
  // One row a line: it can be read, searched and compared, and is not four times as long.
  return [
    '{',
    ...Object.entries(head).map(([name, value]) => `${plainJson(name)}:${plainJson(value)},`),
    ...(causes === undefined ? [] : [`"causes":${rows(causes)},`]),
    `"tolerances":${plainJson(tolerances)},`,
    `"requirements":${rows(requirements)},`,
    `"observations":${rows(observations)},`,
    `"sessions":${rows(sessions)},`,
    ...(programs === undefined ? [] : [`"programs":${rows(programs)},`]),
    `"notes":${rows(notes)}`,
    '}\n',
  ].join('\n');
}

function rows(values: readonly unknown[]): string {
  return values.length === 0 ? '[]' : `[\n${values.map((value) => plainJson(value)).join(',\n')}\n]`;
}
