import { broken, held, type Occasion } from '../../judge/invariant.ts';
import { normalise } from '../../text/normalise.ts';
import { shown } from '../../text/shown.ts';
import type { ReceivedReport } from './client-reports.ts';
import { appendedIn, emptyScreen, isWell, receive, tight, type Update } from './screen.ts';

/** A text that a client shows until another one replaces it. */
interface Shown {
  readonly index: number;
  readonly text: string | undefined;
}

/**
 * Compares each display with what was sent before it. A client may be behind, and may also show texts that are never
 * replaced.
 *
 * @param updates in the order in which they came @param noun the name of such a text, in the singular
 */
export function* replaced<Result extends Shown>(
  updates: readonly Update<Result>[],
  reports: readonly ReceivedReport[],
  noun: string,
): Iterable<Occasion> {
  const screen = emptyScreen<Result>();
  let next = 0;
  let latest: Result | undefined;
  for (const { index, says, text } of reports) {
    if (says !== 'display' || text === undefined) continue;
    for (
      let update = updates[next];
      update !== undefined && update.result.index < index;
      update = updates[++next]
    ) {
      receive(screen, update);
      if (!update.isFinal) latest = update.result;
    }
    if (latest === undefined || tight(text) === '') continue;
    if (isWell(text, screen)) {
      yield held(latest.index, index);
      continue;
    }
    const appended = appendedIn(text, screen);
    if (appended?.before === undefined) continue;
    const { before, result } = appended;
    const actual = `the ${noun} ${shown(before.result.text)} with what came in its place: ${shown(text)}`;
    yield broken([before.result.index, result.index, index], `the latest ${noun}`, actual);
  }
}

/** What a client keeps, and reports as a final. */
export interface Line {
  /** The message that makes the text final. */
  readonly index: number;
  /** A report after this message may be about it. */
  readonly from: number;
  readonly text: string;
  /** Whether the client must keep it; otherwise it may. */
  readonly isDue: boolean;
}

/**
 * Compares every line with a later report of the same text; each report counts once. A client that reports no line at
 * all may be one that never reports lines.
 *
 * @param noun what a line is, in the singular
 */
export function* keptOnce(
  lines: readonly Line[],
  reports: readonly ReceivedReport[],
  noun: string,
): Iterable<Occasion> {
  const told = reports.filter(({ says, text }) => says === 'final' && text !== undefined);
  if (told.length === 0) return;
  const left = new Set(told);
  const byText = new Map<string, ReceivedReport[]>();
  for (const each of told) {
    const text = normalise(each.text ?? '');
    const same = byText.get(text);
    if (same === undefined) byText.set(text, [each]);
    else same.push(each);
  }
  const missing: Line[] = [];
  // A client that connects again gets the same line again: a report is first taken for one of the line that it must keep.
  for (const line of [...lines.filter(({ isDue }) => isDue), ...lines.filter(({ isDue }) => !isDue)]) {
    const same = byText.get(normalise(line.text)) ?? [];
    const report = same.find(({ index }) => index > line.from);
    if (report !== undefined) {
      same.splice(same.indexOf(report), 1);
      left.delete(report);
      yield held(line.index, report.index);
    } else if (line.isDue) missing.push(line);
  }
  const strange = [...left].filter(({ text }) => normalise(text ?? '') !== '');
  for (const [at, { index, text }] of missing.entries()) {
    const instead = strange[at];
    const events = [index, ...(instead === undefined ? [] : [instead.index])];
    const actual = instead === undefined ? 'no report of it' : `a report of ${shown(instead.text)}`;
    yield broken(events, `the ${noun} ${shown(text)} reported once, as it is`, actual);
  }
  for (const { index, text } of strange.slice(missing.length)) {
    yield broken([index], `one report for every ${noun}`, `one more: ${shown(text)}`);
  }
}
