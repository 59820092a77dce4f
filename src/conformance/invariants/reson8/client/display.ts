import { hasArrived } from '../../shared/arrival.ts';
import { reportsIn } from '../../shared/client-reports.ts';
import type { Invariant, Occasion, Play } from '../../../judge/invariant.ts';
import { endingOf } from '../../shared/ending.ts';
import { keptOnce, replaced, type Line } from '../../shared/lines.ts';
import { tight, type Update } from '../../shared/screen.ts';
import { isWhole } from '../../shared/whole.ts';
import { reaches } from '../../../judge/tolerances.ts';
import { flushesOf } from '../flushes/flush-exchange.ts';
import { errorIn } from '../messages/error-name.ts';
import { finalsOf, perPlay, realtimesOf, type Realtime, type Transcript } from '../realtime.ts';

/**
 * What a client shows: the latest interim instead of the previous one, and every final once (S4:82). All connections of
 * a play are taken together, because a client shows them in one place.
 */
export const display: readonly Invariant[] = [perPlay('R8-TR-016', judged)];

function* judged(play: Play): Iterable<Occasion> {
  const reports = reportsIn(play.conversations);
  if (reports.every(({ says }) => says === undefined) || !play.conversations.every(isWhole)) return;
  const realtimes = realtimesOf(play);
  // The client shows nothing from this service.
  if (realtimes.length === 0) return;
  const updates = realtimes.flatMap(updatesIn).sort((a, b) => a.result.index - b.result.index);
  yield* replaced(updates, reports, 'interim');
  const lines = realtimes.flatMap((each) => linesIn(each, play)).sort((a, b) => a.index - b.index);
  yield* keptOnce(lines, reports, 'final');
}

/** For one connection: after its end, nothing replaces its last interim. */
function updatesIn({ transcripts }: Realtime): readonly Update<Transcript>[] {
  let last: Update<Transcript> | undefined;
  return transcripts
    .filter(({ saysSomething }) => saysSomething)
    .map((result) => {
      const before = last?.isFinal === false ? last : undefined;
      return (last = { result, isFinal: !result.isInterim, text: tight(result.text), before });
    });
}

function linesIn(realtime: Realtime, play: Play): readonly Line[] {
  // Nothing is expected of results after the client's Close frame.
  const end = endingOf(realtime)?.index ?? Infinity;
  // A final may be lost when the connection breaks, or cross with the client's Close frame.
  const isOpen = realtime.end === undefined && realtime.clientClose === undefined;
  return finalsOf(realtime)
    .filter(({ index }) => index < end)
    .map(({ event, index, text = '' }) => {
      const isDue =
        isOpen || hasArrived(event.atMs, realtime, play) || isBeforeAwaited(index, realtime, play);
      return { index, from: index, text, isDue };
    });
}

/**
 * Whether a client that closed had read a message, because it was waiting for a confirmation that came after that
 * message: it left before a client would give up waiting. A client waits for the confirmation of its last flush; after
 * an error it waits for none.
 */
function isBeforeAwaited(index: number, realtime: Realtime, { tolerances }: Play): boolean {
  const { clientClose } = realtime;
  const { request, confirmation } = flushesOf(realtime).flushes.at(-1) ?? {};
  if (clientClose === undefined || request === undefined || confirmation === undefined) return false;
  if (confirmation.index < index || confirmation.index > clientClose.index) return false;
  if ((errorIn(realtime)?.index ?? Infinity) < index) return false;
  return !reaches(clientClose.event.atMs - request.event.atMs, tolerances.confirmationMs, tolerances);
}
