import { reportsIn, type ReceivedReport } from '../../shared/client-reports.ts';
import { derived } from '../../../conversation/derived.ts';
import { broken, held, type Invariant, type Occasion, type Play } from '../../../judge/invariant.ts';
import { shown } from '../../../text/shown.ts';
import { normalise } from '../../../text/normalise.ts';
import { endingOf } from '../../shared/ending.ts';
import { appendedIn, emptyScreen, isWell, receive, tight, type Update } from '../../shared/screen.ts';
import { isWhole } from '../../shared/whole.ts';
import { finalsOf, perPlay, realtimesOf, type Realtime, type Transcript } from '../realtime.ts';

/**
 * What a client shows: the latest interim in place of the one before, and every final once (S4:82). All connections of
 * a play are taken together, because a client shows them in one place.
 */
export const display: readonly Invariant[] = [perPlay('R8-TR-016', judged)];

function* judged(play: Play): Iterable<Occasion> {
  const reports = reportsIn(play.conversations);
  if (reports.every(({ says }) => says === undefined) || !play.conversations.every(isWhole)) return;
  const realtimes = realtimesOf(play);
  // The client shows nothing from this service.
  if (realtimes.length === 0) return;
  const updates = realtimes.flatMap(updatesIn).sort((a, b) => byPlace(a.result, b.result));
  yield* replaced(updates, reports);
  const finals = realtimes.flatMap((realtime) => {
    // Nothing is expected of results after the client's Close frame.
    const end = endingOf(realtime)?.index ?? Infinity;
    return finalsOf(realtime).filter(({ index }) => index < end);
  });
  yield* kept(finals.sort(byPlace), reports);
}

const textOf = derived(({ text }: Transcript): string => normalise(text ?? ''));

/** Compares each display with the interims before it. A client may be behind, and may show the finals as well. */
function* replaced(
  updates: readonly Update<Transcript>[],
  reports: readonly ReceivedReport[],
): Iterable<Occasion> {
  const screen = emptyScreen<Transcript>();
  let next = 0;
  let latest: Transcript | undefined;
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
    const actual = `the interim ${shown(before.result.text)} with what came in its place: ${shown(text)}`;
    yield broken([before.result.index, result.index, index], 'the latest interim', actual);
  }
}

/** For one connection: after its end nothing replaces its last interim. */
function updatesIn({ transcripts }: Realtime): readonly Update<Transcript>[] {
  let last: Update<Transcript> | undefined;
  return transcripts
    .filter(({ saysSomething }) => saysSomething)
    .map((result) => {
      const before = last?.isFinal === false ? last : undefined;
      return (last = { result, isFinal: !result.isInterim, text: tight(result.text), before });
    });
}

/** Compares every final with a later report of the same text; each report counts once. */
function* kept(finals: readonly Transcript[], reports: readonly ReceivedReport[]): Iterable<Occasion> {
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
  const missing: Transcript[] = [];
  for (const final of finals) {
    const same = byText.get(textOf(final)) ?? [];
    const report = same.find(({ index }) => index > final.index);
    // Neither this report nor earlier ones can belong to a later final.
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
