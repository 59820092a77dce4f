import type { Broken, Legal, Unavoidable } from './harness/broken.ts';
import type { NotBroken } from './clients/clients.ts';
import type { BrokenClient, Unasked } from './clients/mistake.ts';
import type { Everywhere } from './clients/everywhere.ts';
import type { History } from './servers/histories.ts';
import type { Hostile } from './hostile.ts';
import type { Seldom } from './servers/seldom.ts';
import type { brokenInEditions, legalInEditions } from './servers/editions.ts';
import type { Withholding } from './withheld/withholding.ts';
import { brokenVerdict, requirement } from './harness/reference.ts';

export interface Teeth {
  readonly broken: readonly Broken[];
  readonly unbreakable: readonly { readonly id: string; readonly why: string }[];
  readonly histories: readonly History[];
  readonly seldom: readonly Seldom[];
  readonly legal: readonly Legal[];
  readonly editions: { readonly broken: typeof brokenInEditions; readonly legal: typeof legalInEditions };
  readonly hostile: readonly Hostile[];
  readonly withholding: readonly Withholding[];
  readonly clients: {
    readonly broken: readonly BrokenClient[];
    readonly notBroken: readonly NotBroken[];
    readonly everywhere: readonly Everywhere[];
    readonly unasked: readonly Unasked[];
  };
}

/** The broken servers and clients as Markdown. */
export function documentOf({
  broken,
  unbreakable,
  histories,
  seldom,
  legal,
  editions,
  hostile,
  withholding,
  clients,
}: Teeth): string {
  const dialects = ['scriptix', 'reson8', 'reson8-turns'] as const;
  return [
    '# Teeth',
    'The judge is judged as well: for every requirement on a server there is at least one server that breaks only that one,',
    'and the runner has to report it, and nothing else. Each is the conforming fake behind something that changes what it',
    'says (`test/broken/`). Tests compare all verdicts of a run with those of the fake by itself. `npm run teeth` writes',
    'this file, and a test keeps it current.',
    '',
    '## Broken servers',
    'Verdict: `fail` for a MUST, `warn` for a SHOULD. What is under "What else changes" cannot be avoided.',
    '',
    ...table(
      ['Requirement', 'Service', 'Level', 'The server …', 'Verdict', 'What else changes'],
      broken.map((each) => {
        const { id, dialect, breaks, unavoidable = [] } = each;
        const row = requirement(id);
        return [id, dialect, row.level, breaks, brokenVerdict(row), told(unavoidable)];
      }),
    ),
    '',
    'No server can break these:',
    '',
    ...unbreakable.map(({ id, why }) => `- ${id}: ${why}`),
    '',
    '## Faults that need a history',
    'No probe brings these about. Generated sessions find them, and reduce them to an example of at most 8 steps that fails every time.',
    '',
    ...table(
      ['Requirement', 'Service', 'The server …'],
      histories.map(({ id, dialect, breaks }) => [id, dialect, breaks]),
    ),
    '',
    '## Faults that happen once',
    'No repetition shows them again, and the report marks their example accordingly. A failure needs proof in the trace.',
    '',
    ...table(
      ['Requirement', 'The server …', 'Verdict', 'Because'],
      seldom.map(({ id, breaks, verdict, because }) => [id, breaks, verdict, because]),
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
    ...editionsOf(editions),
    ...withholdingOf(withholding),
    '## Not servers of these services at all',
    'A run against one of these ends, and is never conforming. The server …',
    '',
    ...hostile.map(({ does }) => `- ${does}`),
    '',
    ...clientsOf(clients),
  ].join('\n');
}

function editionsOf({ broken, legal }: Teeth['editions']): readonly string[] {
  return [
    '## Servers of other editions',
    'They are judged by the edition that they speak, and compared with the fake in that edition.',
    '',
    ...table(
      ['Requirement', 'Edition', 'Level', 'The server …', 'Verdict', 'What else changes'],
      broken.map(({ id, dialect, edition, breaks, unavoidable = [] }) => {
        const row = requirement(id);
        const others = told(unavoidable);
        return [id, `${dialect}=${edition}`, row.level, breaks, brokenVerdict(row), others];
      }),
    ),
    '',
    'None of these may get a finding:',
    '',
    ...table(
      ['Edition', 'The server …', 'Because'],
      legal.map(({ dialect, edition, does, because }) => [`${dialect}=${edition}`, does, because]),
    ),
    '',
  ];
}

function withholdingOf(servers: readonly Withholding[]): readonly string[] {
  return [
    '## Servers that withhold',
    'They let no one in, have nothing at a path, or do not speak. The report says so in a sentence that begins as shown. Only',
    'what is named fails, and nothing passes that could not be seen. An id that ends with … stands for all ids that begin',
    'with it.',
    '',
    ...table(
      ['Service', 'The server …', 'The report says', 'Outcome', 'What fails or warns', 'What does not pass'],
      servers.map(({ dialect, does, told: sentences, outcome, breaks, unseen }) => [
        dialect,
        does,
        sentences.map((each) => `${each.trimEnd()} …`).join('<br>'),
        outcome,
        breaks.join(', '),
        unseen.map((each) => (/\d{3}$/.test(each) ? each : `${each}…`)).join(', '),
      ]),
    ),
    '',
  ];
}

function clientsOf({ broken, notBroken, everywhere, unasked }: Teeth['clients']): readonly string[] {
  return [
    '## Broken clients',
    'A client that is otherwise correct has each of these mistakes built in (`test/broken/clients/program/`). It makes one',
    'of them in the scenarios named here, and the verdicts of the whole suite are compared with those of the same',
    'client without mistakes.',
    '',
    ...table(
      ['Requirement', 'Dialect', 'Level', 'The client …', 'In', 'Verdict', 'What else changes'],
      broken.map((each) => {
        const { id, dialect, breaks, scenarios, isDoubtful, unavoidable = [] } = each;
        const row = requirement(id);
        const verdict = isDoubtful === true ? 'warn' : brokenVerdict(row);
        return [id, dialect, row.level, breaks, scenarios.join(', '), verdict, told(unavoidable)];
      }),
    ),
    '',
    'No client breaks these:',
    '',
    ...notBroken.map(({ id, dialects, why }) => `- ${id} (${dialects.join(', ')}): ${why}`),
    '',
    '## Clients that are wrong everywhere',
    'A mistake that a client makes in every scenario is reported in one sentence, in the first line of every report. It is',
    'the reason for what was not seen, and nothing fails because of its consequences.',
    '',
    ...table(
      ['Dialect', 'The client …', 'The report begins with', 'Outcome', 'What fails anyway'],
      everywhere.map(({ dialect, does, told: sentence, outcome, breaks = [] }) => [
        dialect,
        does,
        sentence,
        outcome,
        breaks.join(', '),
      ]),
    ),
    '',
    '## Mistakes of clients that no document forbids',
    'A run reports none of these as long as the client ends in time. Scenarios provoke them anyway, so that a trace shows',
    'them.',
    '',
    ...table(
      ['Dialect', 'The client …', 'In', 'Why it is not reported'],
      unasked.map(({ dialect, does, scenarios, why }) => [dialect, does, scenarios.join(', '), why]),
    ),
    '',
    'A client that hangs (on a half-open socket, or because a confirmation never comes) is ended after `--timeout`, which',
    'makes the run incomplete, whatever the verdicts are, and so does a client that is killed by a signal. A run does not check',
    'whether audio is lost or sent too fast on a second connection, since no document says what a client should do.',
    '',
  ];
}

/** Each reason once, after all requirements that it is the reason for. */
function told(unavoidable: readonly Unavoidable[]): string {
  const byReason = new Map<string, string[]>();
  for (const { id, why, isOccasional } of unavoidable) {
    const reason = `${isOccasional === true ? ' (not always)' : ''}: ${why}`;
    byReason.set(reason, [...(byReason.get(reason) ?? []), id]);
  }
  return [...byReason].map(([reason, ids]) => `${ids.join(', ')}${reason}`).join('; ');
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)];
}
