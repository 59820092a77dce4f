import { plainJson } from '../../../runtime/text/plain.ts';
import type { Report } from '../report.ts';

/**
 * The report in the form of its contract. Nothing is shortened or left out, because other programs read it. Characters
 * that a terminal would interpret are written as equivalent escapes.
 */
export function jsonReport(report: Report): string {
  const { schemaVersion, tool, subject, seed, profile, startedAt, durationMs, outcome, summary } = report;
  const { requirements, observations, sessions, tolerances, causes, notes, programs, shard } = report;
  const head = { schemaVersion, tool, subject, seed, profile, startedAt, durationMs, outcome, summary };
  // One row per line can be read, searched and compared, and is a quarter of the length.
  return [
    '{',
    ...Object.entries(head).map(([name, value]) => `${plainJson(name)}:${plainJson(value)},`),
    ...(causes === undefined ? [] : [`"causes":${rows(causes)},`]),
    `"tolerances":${plainJson(tolerances)},`,
    `"requirements":${rows(requirements)},`,
    `"observations":${rows(observations)},`,
    `"sessions":${rows(sessions)},`,
    ...(programs === undefined ? [] : [`"programs":${rows(programs)},`]),
    ...(shard === undefined ? [] : [`"shard":${plainJson(shard)},`]),
    `"notes":${rows(notes)}`,
    '}\n',
  ].join('\n');
}

function rows(values: readonly unknown[]): string {
  return values.length === 0 ? '[]' : `[\n${values.map((value) => plainJson(value)).join(',\n')}\n]`;
}
