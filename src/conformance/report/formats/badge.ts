import { plainJson } from '../../../runtime/text/plain.ts';
import type { Outcome, Report } from '../report.ts';
import { dialectText } from '../subject.ts';

const COLOURS: Readonly<Record<Outcome, string>> = {
  conforming: 'brightgreen',
  violations: 'red',
  incomplete: 'orange',
  'stale-baseline': 'yellow',
  'harness-error': 'lightgrey',
};

/** What a badge of shields.io shows (its endpoint form): the subject, and how its run ended. */
export function badgeReport(report: Report): string {
  const { subject, outcome } = report;
  const label = `${dialectText(subject)} ${subject.kind}`;
  return `${plainJson({ schemaVersion: 1, label, message: messageOf(report), color: COLOURS[outcome] })}\n`;
}

function messageOf({ outcome, summary: { fail, warn } }: Report): string {
  switch (outcome) {
    case 'violations':
      return counted(fail, 'violation');
    case 'conforming':
      return warn === 0 ? outcome : `${outcome}, ${counted(warn, 'warning')}`;
    default:
      return outcome.replace('-', ' ');
  }
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
