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

/** Each display against the interims before it. A client may be behind, and may show the finals as well. */
function* replaced(transcripts: readonly Transcript[], reports: readonly ClientReport[]): Iterable<Occasion> {
  for (const { index, event, text } of reports) {
    if (event !== 'display' || text === undefined) continue;
    const before = transcripts.filter((each) => each.index < index && each.saysSomething);
    const interims = before.filter(({ isInterim }) => isInterim);
    const latest = interims.at(-1);
    if (latest === undefined) continue;
    const display = normalise(text);
    const appended = before.find((first, at) => {
      const second = before[at + 1];
      return first.isInterim && second !== undefined && isAppended(display, first, second, before);
    });
    if (appended !== undefined) {
      const actual = `the interim ${shown(appended.text)} with what came in its place: ${shown(text)}`;
      yield broken([appended.index, index], 'the latest interim', actual);
    } else if (interims.some((interim) => display.endsWith(normalise(interim.text ?? '')))) {
      yield held(latest.index, index);
    }
  }
}

/** Whether an interim stands before the transcript that replaces it, where nothing that was heard reads like that. */
function isAppended(
  display: string,
  first: Transcript,
  second: Transcript,
  before: readonly Transcript[],
): boolean {
  const both = normalise(`${first.text ?? ''} ${second.text ?? ''}`);
  if (!holds(display, both)) return false;
  const finals = before.filter(({ isInterim }) => !isInterim).map(({ text }) => text ?? '');
  return !before.some(({ text }) => holds(normalise([...finals, text ?? ''].join(' ')), both));
}

function holds(text: string, part: string): boolean {
  return ` ${text} `.includes(` ${part} `);
}

/** Every final against a report of the same text that comes later, and no report twice. */
function* kept(finals: readonly Transcript[], reports: readonly ClientReport[]): Iterable<Occasion> {
  const told = reports.filter(({ event, text }) => event === 'final' && text !== undefined);
  if (told.length === 0) return;
  const left = new Set(told);
  const missing: Transcript[] = [];
  for (const final of finals) {
    const text = normalise(final.text ?? '');
    const report = [...left].find((each) => each.index > final.index && normalise(each.text ?? '') === text);
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
