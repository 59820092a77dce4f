import type { SocketDialect } from '../../../../protocol/dialects.ts';
import { AMBIGUITIES } from '../../../../protocol/ambiguities.ts';
import { wrongRefusal } from '../../../blame/mistakes.ts';
import {
  broken,
  doubtful,
  held,
  ifInOrder,
  madeBy,
  withReading,
  type Occasion,
} from '../../../judge/invariant.ts';
import type { ErrorName } from '../messages/error-name.ts';
import { isBesideThePoint, openingTold, type OpeningOutcome } from './opening.ts';

/** Whether an upgrade got the required answer, on any socket of Reson8. */

/** Close codes that indicate a refusal: policy violation, and those that applications define. */
function isRefusal(code: number | undefined): boolean {
  return code === 1008 || (code !== undefined && code >= 3000);
}

/**
 * Whether the upgrade was accepted, or refused for the reason in question. Yields nothing if the reason may affect any
 * request.
 */
export function* accepting(
  opening: OpeningOutcome,
  name: ErrorName,
  statuses: readonly number[],
  dialect: SocketDialect,
): Iterable<Occasion> {
  const { events } = opening;
  const actual = openingTold(opening);
  const unclear: Occasion = { outcome: 'unclear', events, expected: '101', actual };
  switch (opening.kind) {
    case 'session':
    case 'brief':
      yield held(...events);
      return;
    case 'unanswered':
      yield unclear;
      return;
    case 'closed':
      yield isRefusal(opening.code) ? unclear : held(...events);
      return;
    case 'complained':
      if (opening.name !== name) yield held(...events);
      // A credential may expire while it is in use.
      else yield opening.isAfterAudio ? unclear : broken(events, '101 and a session', actual);
      return;
    case 'refused':
      if (opening.status === 429) return;
      if (opening.status >= 500) yield ifInOrder('broken', dialect, unclear);
      else yield statuses.includes(opening.status) ? broken(events, '101', actual) : unclear;
  }
}

/** The required refusal, in HTTP or, according to another reading, on the connection (A14). */
export function refusing(
  opening: OpeningOutcome,
  status: number,
  name: ErrorName,
  dialect: SocketDialect,
): Occasion {
  const { events } = opening;
  const expected = `HTTP ${status}`;
  const told = openingTold(opening);
  switch (opening.kind) {
    case 'refused':
      if (opening.status === status) return withReading(held(...events), AMBIGUITIES.A14.readings.http);
      if (isBesideThePoint(opening.status)) {
        const occasion: Occasion = { outcome: 'unclear', events, expected, actual: told };
        return opening.status >= 500
          ? madeBy(wrongRefusal(status, opening.status), ifInOrder('broken', dialect, occasion))
          : occasion;
      }
      return madeBy(wrongRefusal(status, opening.status), broken(events, expected, told));
    case 'complained': {
      const isPlainSpoken = opening.name === name && opening.isClosed;
      const occasion = isPlainSpoken ? held(...events) : doubtful(events, expected, told);
      return withReading(occasion, AMBIGUITIES.A14.readings.inBand);
    }
    case 'closed':
      return doubtful(events, expected, told);
    case 'session':
      return broken(events, expected, told);
    case 'brief':
    case 'unanswered':
      return { outcome: 'unclear', events, expected, actual: told };
  }
}

/** 400 is for missing parameters, 401 for credentials; other services answer 403 (A15). */
export function refusingMissing(opening: OpeningOutcome, dialect: SocketDialect): Occasion {
  const { events } = opening;
  const is400 = opening.kind === 'refused' && opening.status === 400;
  const is403 = opening.kind === 'refused' && opening.status === 403;
  if (is400 || is403) {
    const occasion = doubtful(events, 'HTTP 401', openingTold(opening));
    return withReading(
      occasion,
      is400 ? AMBIGUITIES.A15.readings.invalid : AMBIGUITIES.A15.readings.forbidden,
    );
  }
  const occasion = refusing(opening, 401, 'UNAUTHORIZED', dialect);
  const is401 = opening.kind === 'refused' && opening.status === 401;
  return is401 ? withReading(occasion, AMBIGUITIES.A15.readings.unauthorized) : occasion;
}
