import { listed } from '../../../runtime/text/listed.ts';
import { TURN_EVENTS } from '../../../protocol/reson8-turns/events.ts';
import { AMBIGUITIES } from '../../../protocol/ambiguities.ts';
import type { Heard } from '../../conversation/conversation.ts';
import {
  broken,
  doubtful,
  held,
  heldBySilence,
  withReading,
  type Invariant,
  type Occasion,
} from '../../judge/invariant.ts';
import { reaches, type Tolerances } from '../../judge/tolerances.ts';
import { shown } from '../../text/shown.ts';
import { errorNameOf, isDocumentedName, isError } from '../reson8/messages/error-name.ts';
import { lastMsOf } from '../shared/ending.ts';
import { isWhole } from '../shared/whole.ts';
import { perTurns, type Turns } from './turns.ts';

/** The form of messages, and the one kind that must not be sent here. */
export const messages: readonly Invariant[] = [
  perTurns('R8-TURN-003', function* ({ heard }) {
    // A confirmation is covered by R8-TURN-014.
    for (const each of heard) if (each.message.kind !== 'confirmation') yield ofType(each);
  }),
  perTurns('R8-TURN-014', function* (turns, tolerances) {
    const confirmations = turns.heard.filter(({ message }) => message.kind === 'confirmation');
    for (const { index, message } of confirmations) {
      yield broken([index], 'turns only, also after a flush', shown(message.fields));
    }
    if (confirmations.length > 0 || !isWhole(turns)) return;
    const flush = turns.said.find(({ message }) => message.kind === 'flush');
    if (flush === undefined) return;
    const until = settledAfter(flush.index, flush.event.atMs, turns, tolerances);
    if (until !== undefined) yield heldBySilence('recognises speech', flush.index, until);
  }),
];

function ofType({ index, message }: Heard): Occasion {
  const expected = `text with a JSON object of the type ${listed(TURN_EVENTS)}`;
  if (message.kind === 'unreadable') return broken([index], expected, message.why);
  if (TURN_EVENTS.some((event) => event === message.kind)) return held(index);
  const { type } = message.fields;
  if (!isError(message) || typeof type !== 'string') {
    return broken([index], expected, `type: ${shown(type)}`);
  }
  // No page documents an error message; sending one with a documented name is a possible reading (A14).
  const name = errorNameOf(message.fields);
  const occasion =
    name !== undefined && isDocumentedName(name)
      ? held(index)
      : doubtful([index], expected, 'an error without a documented name');
  return withReading(occasion, AMBIGUITIES.A14.readings.inBand);
}

/** The latest time at which a confirmation would have come: after the end of a turn, or after a long wait. */
function settledAfter(index: number, atMs: number, turns: Turns, tolerances: Tolerances): number | undefined {
  const end = turns.events.find((event) => event.index > index && event.is === 'turn_end');
  if (end !== undefined) return end.index;
  const waited = reaches(lastMsOf(turns) - atMs, tolerances.controlMs, tolerances);
  return waited ? turns.moments.at(-1)?.index : undefined;
}
