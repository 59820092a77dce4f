import type { Source } from '../../protocol/requirement.ts';
import type { Report } from './report.ts';
import type { RequirementResult, Verdict } from '../judge/result.ts';
import { bothNames } from './both-names.ts';

/** The words for a verdict, and its count in the summary. */
export interface VerdictWords {
  readonly verdict: Verdict;
  readonly count: keyof Report['summary'];
  readonly word: string;
  /** The heading of a list of such results. */
  readonly heading: string;
}

/** In the order in which reports list them: results that need attention first. */
export const VERDICTS: readonly VerdictWords[] = [
  { verdict: 'fail', count: 'fail', word: 'fail', heading: 'Failures' },
  { verdict: 'warn', count: 'warn', word: 'warn', heading: 'Warnings' },
  { verdict: 'inconclusive', count: 'inconclusive', word: 'inconclusive', heading: 'Could not be decided' },
  { verdict: 'excused', count: 'excused', word: 'excused', heading: 'Excused: known and accepted' },
  { verdict: 'not-exercised', count: 'notExercised', word: 'not exercised', heading: 'Not exercised' },
  { verdict: 'not-applicable', count: 'notApplicable', word: 'not applicable', heading: 'Not applicable' },
  { verdict: 'pass', count: 'pass', word: 'pass', heading: 'Passed' },
];

/** The word that reports use for a verdict. */
export function wordOf(verdict: Verdict): string {
  return VERDICTS.find((each) => each.verdict === verdict)?.word ?? verdict;
}

/** The results with a verdict. */
export function withVerdict(report: Report, verdict: Verdict): readonly RequirementResult[] {
  return report.requirements.filter((result) => result.verdict === verdict);
}

/**
 * Whether a result keeps the run from being a pass although nothing is broken: a MUST of the judged side that was never
 * exercised or not decided. A conforming run has no such results, because it was judged as a whole.
 */
export function isGap(report: Report, { level, side, verdict }: RequirementResult): boolean {
  if (report.outcome === 'conforming' || level !== 'MUST') return false;
  const { kind } = report.subject;
  const isOfSubject = kind === 'trace' || side === 'both' || side === kind;
  return isOfSubject && (verdict === 'not-exercised' || verdict === 'inconclusive');
}

/** Whether the run itself went as planned, whatever it found. */
export function isWholeRun({ outcome }: Report): boolean {
  return outcome === 'conforming' || outcome === 'violations';
}

/**
 * The outcome of a run and its most important cause, in a line. Causes that kept the run from being a pass come first;
 * what they kept from being seen is in the rows.
 */
export function outcomeSentence(report: Report): string {
  const [cause] = report.causes ?? [];
  if (cause === undefined) return outcomeAlone(report);
  return report.outcome === 'incomplete' ? `Incomplete: ${cause}` : `${outcomeAlone(report)} ${cause}`;
}

/** The other causes of a run, one per line. */
export function otherCauses({ causes = [] }: Report): readonly string[] {
  return causes.slice(1);
}

function outcomeAlone(report: Report): string {
  const { fail, warn } = report.summary;
  switch (report.outcome) {
    case 'conforming':
      return warn === 0
        ? 'Conforming: nothing that was looked at is broken, and nothing that must be looked at is missing.'
        : `Conforming, with ${counted(warn, 'warning')}: no MUST that was looked at is broken, and none is missing.`;
    case 'violations':
      return `Violations: ${fail} ${fail === 1 ? 'requirement is' : 'requirements are'} broken${warn === 0 ? '' : `, with ${counted(warn, 'warning')} in addition`}.`;
    case 'incomplete':
      return `Incomplete: ${gapText(report)}, so this is not a pass.`;
    case 'stale-baseline':
      return 'Stale baseline: an entry has expired, or what it excuses passes now. Remove it.';
    case 'harness-error':
      return 'Fault of the harness: what was found says nothing about the subject.';
  }
}

/** What is missing. A run that was cut short has a cause, which says it. */
function gapText(report: Report): string {
  const { requirements } = report;
  const gaps = requirements.filter((result) => isGap(report, result)).length;
  if (gaps > 0)
    return `${gaps} ${gaps === 1 ? 'MUST was' : 'MUSTs were'} never exercised or could not be decided`;
  if (requirements.length === 0) return 'there is no requirement to judge by';
  const hasShown = requirements.some(
    ({ verdict }) => verdict !== 'not-exercised' && verdict !== 'not-applicable',
  );
  if (!hasShown) return 'nothing that was asked for was exercised';
  const should = requirements.filter(
    ({ level, verdict }) => level === 'SHOULD' && (verdict === 'not-exercised' || verdict === 'inconclusive'),
  ).length;
  return `${should} ${should === 1 ? 'SHOULD was' : 'SHOULDs were'} never exercised or could not be decided, and ${bothNames('--strict', 'strict')} asks for all`;
}

function exercisedText(exercised: number, broken: number): string {
  const times = exercised === 0 ? 'never' : exercised === 1 ? 'once' : `${exercised} times`;
  // With a single occasion the verdict says it.
  return broken === 0 || exercised === 1 ? times : `${times}, broken on ${broken} of them`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** `S0:72`, or `RFC 6455 5.5.1`. */
export function sourceText({ document, line, section }: Source): string {
  return `${document}${line === undefined ? '' : `:${line}`}${section === undefined ? '' : ` ${section}`}`;
}

/** Where it was seen: the play and the indexes in it. */
function placeText({ play, evidence = [] }: RequirementResult): string | undefined {
  if (play === undefined) return undefined;
  if (evidence.length === 0) return play;
  return `${play}, ${evidence.length === 1 ? 'event' : 'events'} ${evidence.join(', ')}`;
}

/** The facts that explain the verdict of a result, each with its name; missing ones are omitted. */
export function factsOf(result: RequirementResult): readonly (readonly [name: string, text: string])[] {
  const {
    reading,
    source,
    exercised,
    broken = 0,
    expected,
    actual,
    reason,
    trace,
    scenario,
    determinism,
    shrunk,
    repro,
  } = result;
  const facts: readonly (readonly [string, string | null | undefined])[] = [
    ['expected', expected],
    ['actual', actual],
    ['reason', reason],
    ['reading', reading],
    ['source', source.map(sourceText).join(', ')],
    ['exercised', exercisedText(exercised, broken)],
    ['seen in', placeText(result)],
    ['trace', trace],
    ['scenario', scenario],
    ['repeated', determinism],
    ['made smaller', shrunk === undefined ? undefined : `${shrunk}, for lack of time`],
    ['again', repro],
  ];
  return facts.flatMap(([name, text]) =>
    text === undefined || text === null ? [] : [[name, text] as const],
  );
}
