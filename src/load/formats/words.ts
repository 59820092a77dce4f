import { keysOf } from '../../runtime/json/fields.ts';
import { COUNTS, type Judged, type LoadReport } from '../result.ts';

/** The outcome of a load in a sentence. */
export function outcomeSentence({ outcome, slos, causes }: LoadReport): string {
  const broken = slos.filter(({ verdict }) => verdict === 'broken').length;
  switch (outcome) {
    case 'kept':
      return slos.length === 0
        ? 'Done: no objective was given.'
        : `Kept: ${slos.length === 1 ? 'the objective is met' : 'all objectives are met'}.`;
    case 'broken':
      return `Broken: ${broken} of ${slos.length} objectives ${broken === 1 ? 'is' : 'are'} not met.`;
    case 'late':
    case 'not-opened':
      return causes[0] ?? outcome;
    case 'incomplete':
      return `Incomplete: ${causes[0] ?? 'something is missing'}`;
  }
}

/** `scriptix`, with its edition if it is not the default one. */
export function dialectOf({ dialect, edition }: LoadReport['subject']): string {
  return edition === undefined ? dialect : `${dialect}, edition ${edition}`;
}

/** Parameters that every session had in addition to its own, in a line; empty without any. */
export function parametersOf({ query = {}, start = {} }: LoadReport['terms']): readonly string[] {
  const all = [
    ...Object.entries(query).map(([name, value]) => `${name}=${value}`),
    ...Object.entries(start).map(([name, value]) => `${name}=${JSON.stringify(value)} (start)`),
  ];
  return all.length === 0 ? [] : [all.join(', ')];
}

/** The other sentences. */
export function otherSentences({ outcome, causes }: LoadReport): readonly string[] {
  return outcome === 'broken' ? causes : causes.slice(1);
}

/** Such as `912 ms`, or `0.3 ms` for short times. */
export function msText(ms: number | undefined): string {
  if (ms === undefined) return '';
  return ms < 10 ? `${ms.toFixed(1)} ms` : `${Math.round(ms)} ms`;
}

/** What was measured for an objective, in the unit in which it was given. */
export function valueText({ slo, value }: Judged): string {
  if (value === undefined) return 'not measured';
  if (slo.endsWith('%')) return `${(100 * value).toFixed(2)} %`;
  return /\s(?:p[\d.]+|max)\s*[<=]/.test(slo) ? msText(value) : String(value);
}

/** The counts that are worth a line: those that are not 0. */
export function countsOf({
  counts,
}: LoadReport): readonly (readonly [name: string, count: number, meaning: string])[] {
  return keysOf(COUNTS).flatMap((name) => {
    const count = counts[name];
    return count === 0 && name !== 'lost-finals' ? [] : [[name, count, COUNTS[name]] as const];
  });
}

/** Such as `503: 12, 429: 3`, the most frequent first. */
function tallyText(tally: Readonly<Record<string, number>>): string {
  return Object.entries(tally)
    .sort(([, a], [, b]) => b - a)
    .map(([kind, count]) => `${kind}: ${count}`)
    .join(', ');
}

/** What is tallied, with its heading. */
export function talliesOf({
  refusals,
  failures,
  closes,
}: LoadReport): readonly (readonly [string, string])[] {
  const all = [
    ['refused, by status', tallyText(refusals)],
    ['failed, by code', tallyText(failures)],
    ['close codes', tallyText(closes)],
  ] as const;
  return all.filter(([, text]) => text !== '');
}
