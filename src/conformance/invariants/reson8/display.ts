import { derived } from '../../derived.ts';
import { broken, held, type Invariant, type Occasion, type Play } from '../../invariant.ts';
import { shown } from '../../shown.ts';
import { normalise } from '../../text/normalise.ts';
import { reportsOf, type ClientReport } from './client-reports.ts';
import { endingOf, hasGaps } from './ending.ts';
import { finalsOf, perPlay, realtimesOf, type Transcript } from './realtime.ts';

/**
 * What a client shows: the latest interim in place of the one before, and every final once (S4:82). Over all connections
 * of a play, since a client shows them in one place.
 */
export const display: readonly Invariant[] = [perPlay('R8-TR-016', judged)];

function* judged(play: Play): Iterable<Occasion> {
  const reports = reportsOf(play.conversations);
  if (reports.length === 0 || play.conversations.some(hasGaps)) return;
  const realtimes = realtimesOf(play);
  const transcripts = realtimes.flatMap((realtime) => realtime.transcripts);
  yield* replaced(transcripts.sort(byPlace), reports);
  const finals = realtimes.flatMap((realtime) => {
    // Of what comes after the client's Close frame nobody expects anything.
    const end = endingOf(realtime)?.index ?? Infinity;
    return finalsOf(realtime).filter(({ index }) => index < end);
  });
  yield* kept(finals.sort(byPlace), reports);
}

/** A client that shows something is no more results behind: all of them would be compared with each display. */
const MOST_BEHIND = 100;

const textOf = derived(({ text }: Transcript): string => normalise(text ?? ''));

/** Each display against the interims before it. A client may be behind, and may show the finals as well. */
function* replaced(transcripts: readonly Transcript[], reports: readonly ClientReport[]): Iterable<Occasion> {
  const all = transcripts.filter(({ saysSomething }) => saysSomething);
  let next = 0;
  let finals = '';
  for (const { index, event, text } of reports) {
    if (event !== 'display' || text === undefined) continue;
    for (; (all[next]?.index ?? Infinity) < index; next++) {
      const heard = all[next];
      if (heard?.isInterim === false) finals = `${finals} ${textOf(heard)}`.trim();
    }
    const before = all.slice(Math.max(0, next - MOST_BEHIND), next);
    const interims = before.filter(({ isInterim }) => isInterim);
    const latest = interims.at(-1);
    if (latest === undefined) continue;
    const display = normalise(text);
    const appended = before.find((first, at) => {
      const second = before[at + 1];
      return (
        first.isInterim && second !== undefined && isAppended(display, first, second, { before, finals })
      );
    });
    if (appended !== undefined) {
      const actual = `the interim ${shown(appended.text)} with what came in its place: ${shown(text)}`;
      yield broken([appended.index, index], 'the latest interim', actual);
    } else if (interims.some((interim) => display.endsWith(textOf(interim)))) {
      yield held(latest.index, index);
    }
  }
}

interface Past {
  readonly before: readonly Transcript[];
  /** All that are older than the display, joined. */
  readonly finals: string;
}

/** Whether an interim stands before the transcript that replaces it, where nothing that was heard reads like that. */
function isAppended(
  display: string,
  first: Transcript,
  second: Transcript,
  { before, finals }: Past,
): boolean {
  const [earlier, later, all] = [tight(textOf(first)), tight(textOf(second)), tight(display)];
  // However the words are set apart, and wherever the newer text stands.
  const pair = [earlier + later, later + earlier].find((both) => all.includes(both));
  if (earlier === '' || pair === undefined || tight(finals).includes(pair)) return false;
  // Where it begins in the finals, it begins so near their end.
  const last = tight(finals).slice(-pair.length);
  return !before.some((each) => `${last}${tight(textOf(each))}`.includes(pair));
}

/** Without spaces. */
function tight(text: string): string {
  return text.replaceAll(' ', '');
}

/** Every final against a report of the same text that comes later, and no report twice. */
function* kept(finals: readonly Transcript[], reports: readonly ClientReport[]): Iterable<Occasion> {
  const told = reports.filter(({ event, text }) => event === 'final' && text !== undefined);
  if (told.length === 0) return;
  const left = new Set(told);
  const byText = new Map<string, ClientReport[]>();
  for (const each of told) {
    const text = normalise(each.text ?? '');
    const same = byText.get(text);
    if (same === undefined) byText.set(text, [each]);
    else same.push(each);
  }
  const missing: Transcript[] = [];
  for (const final of finals) {
    const same = byText.get(textOf(final)) ?? [];
    const report = same.find(({ index }) => index > final.index);
    // Neither that nor what came earlier can be of a later final.
    if (report !== undefined) same.splice(0, same.indexOf(report) + 1);
    if (report === undefined) missing.push(final);
    else {
      left.delete(report);
      yield held(final.index, report.index);
    }
  }
  const strange = [...left].filter(({ text }) => normalise(text ?? '') !== '');
  for (const [at, final] of missing.entries()) {
    const instead = strange[at];
    const events = [final.index, ...(instead === undefined ? [] : [instead.index])];
    const actual = instead === undefined ? 'no report of it' : `a report of ${shown(instead.text)}`;
    yield broken(events, `the final ${shown(final.text)} reported once, as it is`, actual);
  }
  for (const { index, text } of strange.slice(missing.length)) {
    yield broken([index], 'one report for every final', `one more: ${shown(text)}`);
  }
}

function byPlace(a: Transcript, b: Transcript): number {
  return a.index - b.index;
}
