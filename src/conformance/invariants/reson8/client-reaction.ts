import { broken, doubtful, held, type Occasion, type Play } from '../../invariant.ts';
import { reportsOf } from './client-reports.ts';
import { endingOf } from './ending.ts';
import { isError } from './error-name.ts';
import { realtimesOf, type Realtime } from './realtime.ts';

/** Codes of a Close frame with which nothing is wrong: the normal end, leaving a page, none at all. */
const ORDERLY: readonly number[] = [1000, 1001, 1005];

/**
 * What became of a client after an event that should not disturb it: it went on, or it failed. Nothing, when neither was
 * seen, or when it had another reason.
 */
export function* undisturbed(realtime: Realtime, play: Play, events: readonly number[]): Iterable<Occasion> {
  const after = Math.max(...events);
  const expected = 'a client that goes on';
  const error = reportsOf(play.conversations).find(({ index, event }) => index > after && event === 'error');
  if (error !== undefined) {
    if (!realtimesOf(play).some(gaveReason)) {
      yield broken([...events, error.index], expected, 'it reported an error');
    }
    return;
  }
  const ending = endingOf(realtime);
  const reply = realtime.said.find(({ index }) => index > after);
  if (reply !== undefined) yield held(...events, reply.index);
  else if (ending?.by !== 'client' || ending.index < after) return;
  else if (ending.code === undefined) {
    // It may have been about to go, and just not know how to.
    yield doubtful([...events, ending.index], expected, 'it broke off the connection');
  } else if (ORDERLY.includes(ending.code)) yield held(...events, ending.index);
  else yield broken([...events, ending.index], expected, `it closed with ${ending.code}`);
}

/** Whether a client has something to report an error about: an error, a refusal, an end that is not its own. */
function gaveReason(realtime: Realtime): boolean {
  if (realtime.heard.some(({ message }) => isError(message))) return true;
  return !realtime.isOpen || endingOf(realtime)?.by === 'server';
}
