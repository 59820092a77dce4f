import { explanation } from './explained.ts';
import { escapeMarkup } from './markup.ts';
import { audioAmount } from '../audio-amount.ts';
import type { Report } from '../report.ts';
import type { RecordedPlay } from '../../conversation/recorded-play.ts';
import type { RequirementResult, Verdict } from '../../judge/result.ts';
import { otherCauses, outcomeSentence, sourceText, VERDICTS, withVerdict } from '../verdicts.ts';
import { dialectText, subjectText } from '../subject.ts';

/** A GitHub step summary holds 1 MiB, and other steps may have written to it too. */
export const MOST_SUMMARY_BYTES = 900_000;
/** The limit for one text in a cell. */
const LONGEST_CELL = 600;

/** The report for $GITHUB_STEP_SUMMARY: numbers and failures open, long parts folded. */
export function markdownReport(report: Report, plays: readonly RecordedPlay[]): string {
  const { subject, summary, tool, seed, profile, startedAt, durationMs } = report;
  const head = [
    `## Conformance: ${plain(report.outcome)}`,
    '',
    ...[outcomeSentence(report), ...otherCauses(report)].flatMap((line) => [plain(line), '']),
    `Judged: ${subjectText(subject, code)} (${plain(dialectText(subject))}), profile ${code(profile)}, seed ${code(`${seed}`)}. ` +
      `Started ${plain(startedAt)}, took ${(durationMs / 1000).toFixed(1)} s, with ${plain(`${tool.name} ${tool.version}`)}.`,
    '',
    '| verdict | requirements |',
    '| :-- | --: |',
    ...VERDICTS.map(({ word, count }) => `| ${word} | ${summary[count]} |`),
    `| **all** | **${report.requirements.length}** |`,
    '',
    '',
  ].join('\n');
  const blocks = [
    ...told(report, plays, 'fail'),
    ...told(report, plays, 'warn'),
    ...told(report, plays, 'inconclusive'),
    ...told(report, plays, 'excused'),
    ...bulletList(
      'Notes',
      report.notes.map((note) => `<span>${plain(note)}</span>`),
    ),
    ...tabled(report, 'not-exercised', ({ reason = '' }) => plain(reason, LONGEST_CELL)),
    ...bulletList(
      'Readings of the documents',
      report.requirements.flatMap(({ id, reading }) =>
        reading === null ? [] : [`${code(id)}: ${code(reading)}`],
      ),
    ),
    ...bulletList(
      'Observations',
      report.observations.map(({ id, text }) => `${code(id)}: ${code(text)}`),
    ),
    ...sessionsTable(report),
    ...tabled(report, 'not-applicable', ({ reason = '' }) => plain(reason, LONGEST_CELL)),
    ...tabled(report, 'pass', ({ exercised }) => `${exercised}`),
  ];
  return withinLimit(head, blocks);
}

/** Whole blocks as long as there is room, and a note about the omitted ones. */
export function withinLimit(head: string, blocks: readonly string[]): string {
  let text = head;
  let left = MOST_SUMMARY_BYTES - Buffer.byteLength(head);
  let dropped = 0;
  for (const block of blocks) {
    const bytes = Buffer.byteLength(block) + 1;
    if (bytes > left) dropped += 1;
    else {
      left -= bytes;
      text += `${block}\n`;
    }
  }
  const note = `_${dropped} parts are left out, because a step summary must be short; the other formats have them._\n`;
  return dropped === 0 ? text : `${text}${note}`;
}

/** A heading, and a block for each result with its details folded. */
function told(report: Report, plays: readonly RecordedPlay[], verdict: Verdict): readonly string[] {
  const results = withVerdict(report, verdict);
  if (results.length === 0) return [];
  return [
    `### ${headingOf(verdict)} (${results.length})\n`,
    ...results.map((result) =>
      [
        `**${plain(result.id)}** ${result.level}: ${plain(result.statement, LONGEST_CELL)}`,
        '',
        '<details>',
        `<summary>${inShort(result)}</summary>`,
        '',
        '<pre>',
        // With everything escaped, nothing can end the block.
        ...explanation(result, plays).map((line) => escapeMarkup(line)),
        '</pre>',
        '',
        '</details>',
        '',
      ].join('\n'),
    ),
  ];
}

function inShort({ expected, actual, reason, source }: RequirementResult): string {
  const text = [
    ...(expected === undefined ? [] : [`expected ${code(expected, LONGEST_CELL)}`]),
    ...(actual === undefined ? [] : [`got ${code(actual, LONGEST_CELL)}`]),
    ...(reason === undefined ? [] : [plain(reason, LONGEST_CELL)]),
  ].join(', ');
  return `${text === '' ? 'details' : text} (${plain(source.map(sourceText).join(', '))})`;
}

function tabled(
  report: Report,
  verdict: Verdict,
  cell: (result: RequirementResult) => string,
): readonly string[] {
  const results = withVerdict(report, verdict);
  if (results.length === 0) return [];
  const last = verdict === 'pass' ? 'exercised' : 'reason';
  const rows = results.map(
    (result) =>
      `| ${plain(result.id)} | ${result.level} | ${plain(result.statement, LONGEST_CELL)} | ${cell(result)} |`,
  );
  return [
    folded(`${headingOf(verdict)} (${results.length})`, [
      `| id | level | requirement | ${last} |`,
      '| :-- | :-- | :-- | :-- |',
      ...rows,
    ]),
  ];
}

function sessionsTable({ sessions }: Report): readonly string[] {
  if (sessions.length === 0) return [];
  const rows = sessions.map(
    ({ name, closeCode, trace, ...audio }) =>
      `| ${plain(name)} | ${closeCode ?? ''} | ${audioAmount(audio)} | ${trace === undefined ? '' : code(trace)} |`,
  );
  return [
    folded(`Connections and calls (${sessions.length})`, [
      '| name | close code | audio | trace |',
      '| :-- | :-- | --: | :-- |',
      ...rows,
    ]),
  ];
}

function bulletList(heading: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0
    ? []
    : [
        folded(
          `${heading} (${lines.length})`,
          lines.map((line) => `- ${line}`),
        ),
      ];
}

function folded(heading: string, lines: readonly string[]): string {
  return ['<details>', `<summary>${heading}</summary>`, '', ...lines, '', '</details>', ''].join('\n');
}

function headingOf(verdict: Verdict): string {
  return VERDICTS.find((each) => each.verdict === verdict)?.heading ?? verdict;
}

/** Characters with a meaning in Markdown or GitHub's dialect of it, within a line; dots and colons only in links. */
const SPECIAL = /[\\*_[\]()!|~$@{}^]|(?<!&)#|(?<=www)\.|:(?=[\w/&])/gi;

/** Text from outside, without a meaning in Markdown. */
export function plain(text: string, most?: number): string {
  return escapeMarkup(text, most).replace(SPECIAL, (character) => `&#${character.charCodeAt(0)};`);
}

/** Text from outside, as code, in which GitHub recognises no links and mentions. */
export function code(text: string, most?: number): string {
  return `<code>${plain(text, most)}</code>`;
}
