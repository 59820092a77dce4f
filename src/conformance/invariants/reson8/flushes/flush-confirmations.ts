import { isError } from '../messages/error-name.ts';
import { isToBeRefused } from '../opening/refused.ts';
import {
  awaiting,
  blaming,
  broken,
  doubtful,
  held,
  heldBySilence,
  heldIf,
  madeBy,
  unclear,
  withReading,
  type Invariant,
  type Occasion,
  type Play,
} from '../../../judge/invariant.ts';
import { shown } from '../../../text/shown.ts';
import { reaches, type Tolerances } from '../../../judge/tolerances.ts';
import { endsAtFlushes, mayHaveCrossed } from '../../shared/crossing.ts';
import { endingOf, lastMsOf } from '../../shared/ending.ts';
import { isWhole } from '../../shared/whole.ts';
import { flushesOf, type Flush } from './flush-exchange.ts';
import { MISTAKES } from '../mistakes.ts';
import { perRealtime, type Realtime } from '../realtime.ts';
import { AMBIGUITIES } from '../../../../protocol/ambiguities.ts';

/** Every flush request is confirmed once, with its id, in order (S4:120-127). */
export const flushConfirmations: readonly Invariant[] = [
  perRealtime('R8-FL-002', function* (realtime, _tolerances, play) {
    for (const flush of flushesOf(realtime).flushes) yield* once(flush, realtime, play);
  }),
  perRealtime('R8-FL-003', function* (realtime) {
    const { flushes } = flushesOf(realtime);
    const asked = new Set(flushes.map(({ id }) => id));
    const withoutIds = flushes.filter(({ id }) => id === undefined);
    for (const { request, id, confirmation, isMatched } of flushes) {
      if (typeof id !== 'string' || confirmation === undefined) continue;
      const events = [request.index, confirmation.index];
      if (isMatched) {
        yield held(...events);
        continue;
      }
      const own = confirmation.message.fields?.['id'];
      const mistake = asked.has(own) ? MISTAKES.twice : MISTAKES.strangeId;
      const finding = madeBy(mistake, broken(events, `id: ${shown(id)}`, `id: ${shown(own)}`));
      // The confirmation of a request without an id may be meant for this one, and vice versa.
      const mistaken = withoutIds.filter(({ confirmation: its }) => {
        return its !== undefined && its.index > request.index && its.index < confirmation.index;
      });
      yield blaming(finding, confirmation.index, ...mistaken.map((each) => each.confirmation?.index));
    }
  }),
  perRealtime('R8-FL-004', function* (realtime) {
    const { flushes } = flushesOf(realtime);
    const lacking = flushes.find((each) => typeof each.id === 'string' && isWithoutId(each))?.confirmation;
    const asked = new Set(flushes.map(({ id }) => id));
    for (const flush of flushes) yield* withoutId(flush, lacking?.index, asked);
  }),
  perRealtime('R8-FL-005', function* (realtime) {
    let open: readonly Flush[] = [];
    for (const flush of flushesOf(realtime).flushes) {
      if (!flush.isMatched) continue;
      open = openAt(flush.request.index, open);
      yield* inOrder(flush, open);
      open = [...open, flush];
    }
  }),
  perRealtime('R8-FL-008', function* (realtime) {
    const { flushes, unsolicited } = flushesOf(realtime);
    const [first] = realtime.moments;
    if (first === undefined || !(realtime.isOpen || realtime.heard.length > 0) || !isWhole(realtime)) return;
    for (const { index, message } of unsolicited) {
      const actual = `a confirmation that was not requested: ${shown(message.fields)}`;
      yield broken([index], 'confirmations of requests only', actual);
    }
    if (unsolicited.length > 0) return;
    const confirmations = flushes.flatMap(({ confirmation }) => confirmation?.index ?? []);
    const proof = confirmations.length > 0 ? confirmations : [first.index];
    yield heldBySilence('confirms flushes', ...proof);
  }),
];

const ONE = 'one flush_confirmation for the flush_request';

function* once(flush: Flush, realtime: Realtime, play: Play): Iterable<Occasion> {
  const { request, confirmation, again } = flush;
  if (confirmation === undefined) {
    const fate = chanceToConfirm(flush, realtime, play.tolerances);
    if (fate !== undefined) {
      const ending = endingOf(realtime);
      const how = ending?.by === 'server' ? 'the server ended the connection' : 'the connection went on';
      const events = [request.index, ...(ending === undefined ? [] : [ending.index])];
      const until = ending?.index ?? realtime.moments.at(-1)?.index ?? request.index;
      if (fate === 'crossed' && !endsAtFlushes(play, realtime.dialect)) {
        yield unclear(events, ONE, `none, and ${how}, perhaps before it read the request`);
      } else yield awaiting(blaming(broken(events, ONE, `none, and ${how}`)), [request.index, until]);
    }
    return;
  }
  const events = [request.index, confirmation.index, ...again.map(({ index }) => index)];
  const occasion = heldIf(again.length === 0, events, ONE, () => `${again.length + 1} of them`);
  yield madeBy(MISTAKES.twice, occasion);
}

/**
 * Whether a server that has not confirmed a flush could have done so: the client waited, or the server ended the
 * connection. `crossed`: it may have ended it before it read the request. Undefined: there was no time to confirm it.
 */
export function chanceToConfirm(
  { request, confirmation }: Flush,
  realtime: Realtime,
  tolerances: Tolerances,
): 'left open' | 'crossed' | undefined {
  if (confirmation !== undefined || !isWhole(realtime)) return undefined;
  const ending = endingOf(realtime);
  if (ending !== undefined && ending.index < request.index) return undefined;
  const [first] = realtime.heard;
  if (first !== undefined && isError(first.message) && isToBeRefused(realtime)) return undefined;
  if (ending?.by === 'server')
    return mayHaveCrossed(request.event.atMs, ending.atMs) ? 'crossed' : 'left open';
  const waitedMs = (ending?.atMs ?? lastMsOf(realtime)) - request.event.atMs;
  return reaches(waitedMs, tolerances.controlMs, tolerances) ? 'left open' : undefined;
}

function* withoutId(
  { request, id, confirmation, isMatched }: Flush,
  lacking: number | undefined,
  asked: ReadonlySet<unknown>,
): Iterable<Occasion> {
  if (id !== undefined || confirmation === undefined) return;
  const events = [request.index, confirmation.index];
  const fields = confirmation.message.fields ?? {};
  const expected = 'id: null';
  if (!isMatched) {
    const mistake = asked.has(fields['id']) ? undefined : MISTAKES.strangeId;
    yield madeBy(mistake, broken(events, expected, `id: ${shown(fields['id'])}`));
  } else if (Object.hasOwn(fields, 'id')) yield withReading(held(...events), AMBIGUITIES.A13.readings.null);
  else {
    const finding = withReading(doubtful(events, expected, 'no id'), AMBIGUITIES.A13.readings.absent);
    // Omitting all ids is not one of the readings of a null id; R8-FL-003 covers that.
    yield lacking === undefined ? finding : blaming(finding, lacking);
  }
}

function isWithoutId({ confirmation }: Flush): boolean {
  return confirmation !== undefined && !Object.hasOwn(confirmation.message.fields ?? {}, 'id');
}

/**
 * A flush is compared with at most this many open ones before it, the latest: comparing all pairs would take too long.
 */
const MOST_OPEN = 100;

/** The flushes that had not been confirmed yet. */
export function openAt(index: number, flushes: readonly Flush[]): readonly Flush[] {
  return flushes.slice(-MOST_OPEN).filter(({ confirmation }) => (confirmation?.index ?? Infinity) > index);
}

/** Compares a flush with the requests that were open when it was made and have other ids. */
function* inOrder(flush: Flush, open: readonly Flush[]): Iterable<Occasion> {
  const { request, id, key, confirmation } = flush;
  if (confirmation === undefined) return;
  const outstanding = open.filter((other) => other.key !== key);
  if (outstanding.length === 0) return;
  const overtaken = outstanding.find((other) => (other.confirmation?.index ?? 0) > confirmation.index);
  if (overtaken === undefined) {
    yield held(request.index, confirmation.index);
    return;
  }
  const events = [
    overtaken.request.index,
    request.index,
    confirmation.index,
    overtaken.confirmation?.index ?? confirmation.index,
  ];
  yield broken(
    events,
    `the confirmation of ${shown(overtaken.id ?? null)} before that of ${shown(id ?? null)}`,
    'the other order',
  );
}
