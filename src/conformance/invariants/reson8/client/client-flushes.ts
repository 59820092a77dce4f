import {
  broken,
  doubtful,
  held,
  heldIf,
  unclear,
  type Invariant,
  type Occasion,
  type Play,
} from '../../../judge/invariant.ts';
import type { Heard } from '../../../conversation/conversation.ts';
import { derived } from '../../../conversation/derived.ts';
import { firstAfter } from '../../../conversation/ordered.ts';
import { shown } from '../../../text/shown.ts';
import { runningMs } from '../../../judge/stalls-in-play.ts';
import { exceeds, reaches } from '../../../judge/tolerances.ts';
import { aftermathOf, OUTLIVES_MS, survived } from '../../shared/aftermath.ts';
import { othersOf } from '../../shared/other-plays.ts';
import { endingOf } from '../../shared/ending.ts';
import { isWhole } from '../../shared/whole.ts';
import { openAt } from '../flushes/flush-confirmations.ts';
import { flushesOf, type Flush } from '../flushes/flush-exchange.ts';
import { errorIn } from '../messages/error-name.ts';
import { perRealtime, realtimesOf, type Realtime } from '../realtime.ts';

/**
 * A client that closes within this time after a message does so because of that message, and did not wait for anything
 * else.
 */
const AT_ONCE_MS = 1000;

/** How a client flushes (S4:69-76,120,127). */
export const clientFlushes: readonly Invariant[] = [
  perRealtime('R8-FL-001', function* ({ said }) {
    for (const { index, message } of said) {
      if (message.kind === 'in-binary' && message.is === 'flush') {
        const actual = `a binary message with ${shown(message.text)}`;
        yield broken([index], 'a text message with the flush request', actual);
      }
      if (message.kind !== 'flush') continue;
      const id = message.fields?.['id'];
      const isRight =
        message.fields === undefined || !Object.hasOwn(message.fields, 'id') || typeof id === 'string';
      yield heldIf(isRight, [index], 'id: a string, or none', () => `id: ${shown(id)}`);
    }
  }),
  perRealtime('R8-FL-011', function* (realtime, _tolerances, play) {
    const { flushes } = flushesOf(realtime);
    const foreign = foreignIn(realtime, flushes);
    for (const flush of flushes) {
      if (flush.id === undefined) yield* acceptsNull(flush, realtime, play);
      else yield* tellsApart(flush, foreign, realtime, play);
    }
  }),
  perRealtime('R8-FL-012', function* (realtime, tolerances) {
    const { confirmationMs } = tolerances;
    const ending = endingOf(realtime);
    const flush = flushesOf(realtime).flushes.at(-1);
    if (flush === undefined || ending?.by !== 'client' || !isWhole(realtime)) return;
    // After an error there is nothing to wait for.
    if ((errorIn(realtime)?.index ?? Infinity) < ending.index) return;
    const { request, confirmation } = flush;
    if (confirmation !== undefined && confirmation.index < ending.index) {
      yield held(request.index, confirmation.index, ending.index);
      return;
    }
    // A client may give up on a confirmation that never comes.
    const waitedMs = ending.atMs - request.event.atMs;
    const events = [request.index, ending.index];
    const expected = `the confirmation, or ${confirmationMs} ms without it, before the end`;
    if (reaches(waitedMs, confirmationMs, tolerances)) yield held(...events);
    else if (reaches(waitedMs, AT_ONCE_MS, tolerances)) {
      yield doubtful(events, expected, `it waited ${Math.round(waitedMs)} ms`);
    } else yield broken(events, expected, `it waited ${Math.round(waitedMs)} ms`);
  }),
  perRealtime('R8-FL-013', function* (realtime) {
    let others: readonly Flush[] = [];
    for (const flush of flushesOf(realtime).flushes) {
      if (typeof flush.id !== 'string') continue;
      const { index } = flush.request;
      others = openAt(index, others);
      const [other] = others;
      const same = others.find(({ key }) => key === flush.key);
      if (other !== undefined) {
        const events = [(same ?? other).request.index, index];
        yield heldIf(
          same === undefined,
          events,
          'an id that no other open request has',
          () => `id: ${shown(flush.id)}, twice`,
        );
      }
      others = [...others, flush];
    }
  }),
];

/** A confirmation with the id null is the documented answer to a request without an id (S4:127). */
function* acceptsNull({ request, confirmation }: Flush, realtime: Realtime, play: Play): Iterable<Occasion> {
  if (confirmation?.message.fields?.['id'] !== null) return;
  const expected = 'a client that takes the id null for the answer to its request';
  const events = [request.index, confirmation.index];
  const aftermath = aftermathOf(realtime, play, confirmation);
  const waitedMs = confirmation.event.atMs - request.event.atMs;
  if (aftermath.kind !== 'left') {
    yield* survived(realtime, play, confirmation, aftermath, { expected, events });
  } else if (reaches(waitedMs, AT_ONCE_MS, play.tolerances)) {
    // The client waited for the confirmation and then left.
    yield held(...events, aftermath.at?.index ?? confirmation.index);
  } else yield unclear(events, expected, `it left at nearly the same time: ${aftermath.told}`);
}

/** Confirmations with an id that this client has never sent. */
function foreignIn({ heard }: Realtime, flushes: readonly Flush[]): readonly Heard[] {
  const own = new Set(flushes.map(({ id }) => id));
  return heard.filter(({ message }) => {
    const id = message.kind === 'confirmation' ? message.fields['id'] : undefined;
    return typeof id === 'string' && !own.has(id);
  });
}

/**
 * If the confirmation of another request came first and the client then ended the connection, it mistook that
 * confirmation for its own.
 */
function* tellsApart(
  flush: Flush,
  foreign: readonly Heard[],
  realtime: Realtime,
  play: Play,
): Iterable<Occasion> {
  const { request, confirmation, isMatched } = flush;
  const ownAt = isMatched && confirmation !== undefined ? confirmation.index : Infinity;
  const other = firstAfter(foreign, request.index);
  const ending = endingOf(realtime);
  if (other === undefined || ownAt < other.index || ending?.by !== 'client') return;
  const isNext =
    ending.index < ownAt && !exceeds(ending.atMs - other.event.atMs, AT_ONCE_MS, play.tolerances);
  const events = [request.index, other.index, ending.index];
  const expected = `a client that waits for the confirmation of ${shown(flush.id)}`;
  const actual = `it ended the connection after that of ${shown(other.message.fields?.['id'])}`;
  const usualMs = waitIn(play);
  const waitedMs = ending.atMs - request.event.atMs;
  if (!isNext) {
    // It may only then have read the foreign one, unless it waited for its own as long as usual, or long after the other.
    const { tolerances } = play;
    const hasWaited =
      ending.index > ownAt ||
      reaches(
        waitedMs,
        usualMs === undefined ? tolerances.confirmationMs : usualMs - AT_ONCE_MS,
        tolerances,
      ) ||
      reaches(runningMs(other.event.atMs, ending.atMs, play), OUTLIVES_MS, tolerances);
    yield hasWaited ? held(...events) : unclear(events, expected, `${actual}, a while later`);
    return;
  }
  // Near the usual time limit, the confirmation was not the reason to leave: this client may always leave after that
  // time.
  if (usualMs !== undefined && usualMs - waitedMs > AT_ONCE_MS) yield broken(events, expected, actual);
  else if (usualMs === undefined) {
    yield unclear(events, expected, `${actual}; how long it waits without any was not seen`);
  } else yield unclear(events, expected, `${actual}, as it does when there is none`);
}

/** The longest time that the client waits for a missing confirmation in any play of the run. */
function waitIn(play: Play): number | undefined {
  return longestWaitIn(othersOf(play));
}

const longestWaitIn = derived((plays: readonly Play[]): number | undefined => {
  const waits = plays.flatMap(realtimesOf).flatMap((realtime) => {
    const { flushes, unsolicited } = flushesOf(realtime);
    const last = flushes.at(-1);
    const isAlone =
      unsolicited.length === 0 && last !== undefined && foreignIn(realtime, flushes).length === 0;
    if (!isAlone) return [];
    const ending = endingOf(realtime);
    const { request, confirmation } = last;
    if (confirmation !== undefined) return [confirmation.event.atMs - request.event.atMs];
    return ending?.by === 'client' ? [ending.atMs - request.event.atMs] : [];
  });
  return waits.length === 0 ? undefined : Math.max(...waits);
});
