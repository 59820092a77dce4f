import { reportsBeside, isFailureReport } from '../../shared/client-reports.ts';
import { endOf } from '../../shared/ending.ts';
import type { Conversation } from '../../../conversation/conversation.ts';
import {
  awaiting,
  broken,
  doubtful,
  held,
  heldIf,
  type Invariant,
  type Occasion,
  type Play,
} from '../../../judge/invariant.ts';
import { exceeds, reaches } from '../../../judge/tolerances.ts';
import { isReporting } from '../../shared/reporting.ts';
import { evidence } from '../../shared/evidence.ts';
import { perConnection } from '../conversations.ts';

/**
 * The 15 seconds within which a connection has to be established (S1:32,43; S2:27,114), for both sides (A9). Wall-clock
 * time.
 */
export const establishing: readonly Invariant[] = [
  perConnection('SX-CONN-018', givesUp),
  perConnection('SX-CONN-019', establishes),
  perConnection('SX-CONN-021', waits),
];

/** Only a server that takes at least this long shows whether a client waits. */
const SLOW_MS = 10_000;

function* givesUp(conversation: Conversation, play: Play): Iterable<Occasion> {
  const { request, response, end } = conversation;
  if (request === undefined) return;
  const { tolerances } = play;
  const [earliestMs, latestMs] = tolerances.giveUpMs;
  const until = response ?? endOf(conversation, play);
  if (until === undefined) return;
  const waitedMs = until.event.atMs - request.event.atMs;
  const events = evidence(request.index, until.index);
  const expected = `the attempt is given up 15 s after it began, by ${latestMs} ms`;
  const isLate = exceeds(waitedMs, latestMs, tolerances);
  if (isLate) {
    // The wait may have ended with an answer that the runner itself gave late, and the client may have left before.
    const finding = broken(events, expected, `still waiting after ${Math.round(waitedMs)} ms`);
    yield awaiting(finding, [request.index, until.index]);
  }
  // Giving up early is covered by another requirement; a client that is a little early still shows what it reports. A
  // late runner measures too short a wait, which does not matter here either.
  if (response !== undefined || end?.event.by !== 'client' || isLate) return;
  if (!reaches(waitedMs, Math.min(SLOW_MS, earliestMs), tolerances)) return;
  const own = reportsBeside(conversation, play.conversations);
  const failures = own.filter((each) => each.index > request.index && isFailureReport(each));
  const timeout = failures.find(({ event }) => event.report['kind'] === 'timeout');
  const [failure] = failures;
  // The other half of the requirement is the report, so a client that reports nothing cannot show that it meets it.
  if (!isReporting(play)) return;
  if (timeout !== undefined) yield held(...evidence(...events, timeout.index));
  else if (failure !== undefined) {
    const kind = String(failure.event.report['kind']);
    yield doubtful(evidence(...events, failure.index), 'a report of a timeout', `an error of kind ${kind}`);
  } else yield broken(events, 'a report of a timeout', 'no report of an error');
}

function* establishes(conversation: Conversation, play: Play): Iterable<Occasion> {
  const { request, response, isOpen } = conversation;
  if (request === undefined || (response !== undefined && !isOpen)) return;
  const until = response ?? endOf(conversation, play);
  if (until === undefined) return;
  const tookMs = until.event.atMs - request.event.atMs;
  const { tolerances } = play;
  const { establishMs } = tolerances;
  const events = evidence(request.index, until.index);
  const expected = `established within ${establishMs} ms`;
  if (response !== undefined) {
    const isLate = exceeds(tookMs, establishMs, tolerances);
    if (!isLate) yield held(...events);
    else
      yield awaiting(broken(events, expected, `after ${Math.round(tookMs)} ms`), [
        request.index,
        events.at(-1) ?? 0,
      ]);
  } else if (reaches(tookMs, establishMs, tolerances)) {
    const finding = broken(events, expected, `no answer after ${Math.round(tookMs)} ms`);
    yield awaiting(finding, [request.index, until.index]);
  }
}

function* waits(conversation: Conversation, play: Play): Iterable<Occasion> {
  const { request, response, isOpen, end } = conversation;
  if (request === undefined) return;
  const { tolerances } = play;
  const [earliestMs] = tolerances.giveUpMs;
  if (response !== undefined) {
    const tookMs = response.event.atMs - request.event.atMs;
    if (isOpen && reaches(tookMs, SLOW_MS, tolerances))
      yield held(...evidence(request.index, response.index));
    return;
  }
  if (end?.event.by !== 'client') return;
  const waitedMs = end.event.atMs - request.event.atMs;
  yield heldIf(
    reaches(waitedMs, earliestMs, tolerances),
    evidence(request.index, end.index),
    `a client that waits 15 s, at least ${earliestMs} ms`,
    () => `it gave up after ${Math.round(waitedMs)} ms`,
  );
}
