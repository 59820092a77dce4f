import type { Broken, Legal, Unavoidable } from './broken.ts';
import type { History } from './histories.ts';
import type { Hostile } from './hostile.ts';
import { brokenVerdict, requirement } from './reference.ts';

export interface Teeth {
  readonly broken: readonly Broken[];
  readonly unbreakable: readonly { readonly id: string; readonly why: string }[];
  readonly histories: readonly History[];
  readonly legal: readonly Legal[];
  readonly hostile: readonly Hostile[];
}

/** What is known of the runner's teeth, as Markdown. */
export function documentOf({ broken, unbreakable, histories, legal, hostile }: Teeth): string {
  const dialects = ['scriptix', 'reson8'] as const;
  return [
    '# Teeth',
    'Who judges the judge: for every requirement of a server there is at least one server that breaks just that one, and',
    'the runner has to say so, and nothing else. Each of them is the conforming fake behind something that changes what it',
    'says (`test/broken/`). Tests compare all verdicts of a run with those of the fake by itself. This file is written by',
    '`npm run teeth`, and a test keeps it current.',
    '',
    '## Broken servers',
    'Verdict: `fail` for a MUST, `warn` for a SHOULD. What is under "What else changes" cannot be avoided.',
    '',
    ...table(
      ['Requirement', 'Service', 'Level', 'The server …', 'Verdict', 'What else changes'],
      broken.map((each) => {
        const { id, dialect, breaks, unavoidable = [] } = each;
        const row = requirement(id);
        return [id, dialect, row.level, breaks, brokenVerdict(row), unavoidable.map(told).join('; ')];
      }),
    ),
    '',
    'No server can break these:',
    '',
    ...unbreakable.map(({ id, why }) => `- ${id}: ${why}`),
    '',
    '## Faults that need a history',
    'No probe brings these about. Generated sessions find them, and make an example of at most 8 steps that fails each time.',
    '',
    ...table(
      ['Requirement', 'Service', 'The server …'],
      histories.map(({ id, dialect, breaks }) => [id, dialect, breaks]),
    ),
    '',
    '## Servers that are unusual and allowed',
    'None of them may get a finding.',
    '',
    ...dialects.flatMap((dialect) => [
      `### ${dialect}`,
      '',
      ...table(
        ['The server …', 'Because'],
        legal.filter((each) => each.dialect === dialect).map(({ does, because }) => [does, because]),
      ),
      '',
    ]),
    '## Servers that are none',
    'A run against one of these ends, and is never conforming. The server …',
    '',
    ...hostile.map(({ does }) => `- ${does}`),
    '',
  ].join('\n');
}

function told({ id, why, isOccasional }: Unavoidable): string {
  return `${id}${isOccasional === true ? ' (not always)' : ''}: ${why}`;
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)];
}
