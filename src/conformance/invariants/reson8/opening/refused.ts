import {
  broken,
  doubtful,
  held,
  ifInOrder,
  withReading,
  type Invariant,
  type Occasion,
} from '../../../judge/invariant.ts';
import type { ErrorName } from '../messages/error-name.ts';
import { isValid } from './credentials.ts';
import { isBesideThePoint, openingOf, openingTold, type OpeningOutcome } from './opening.ts';
import { isPlain, parametersOf } from './parameters.ts';
import { perRealtime, type Realtime } from '../realtime.ts';
import { AMBIGUITIES } from '../../../../protocol/ambiguities.ts';

/** What a server has to refuse, and how (S4:129-134; A14, A15). */
export const refused: readonly Invariant[] = [
  perRealtime('R8-AUTH-007', function* (realtime, tolerances) {
    if (realtime.context.credential !== 'invalid' || !isPlain(realtime.query)) return;
    const opening = openingOf(realtime, tolerances);
    if (opening !== undefined) yield judged(opening, 401, 'UNAUTHORIZED');
  }),
  perRealtime('R8-AUTH-008', function* (realtime, tolerances) {
    if (realtime.context.credential !== 'missing' || !isPlain(realtime.query)) return;
    const opening = openingOf(realtime, tolerances);
    if (opening !== undefined) yield ofMissing(opening);
  }),
  perRealtime('R8-QRY-005', function* (realtime, tolerances) {
    if (!isValid(realtime)) return;
    const wrong = wrongIn(realtime);
    if (wrong === undefined) return;
    const opening = openingOf(realtime, tolerances);
    if (opening === undefined) return;
    const occasion = judged(opening, 400, 'INVALID_REQUEST');
    // S4:23-24: without a raw encoding these parameters are not used, so a server need not check them.
    yield wrong === 'unused' && occasion.outcome === 'broken' && opening.kind === 'session'
      ? { ...occasion, outcome: 'doubtful' }
      : occasion;
  }),
];

/** Whether a server is right to refuse, over HTTP or in-band (A14): then nothing else is required of it. */
export function isToBeRefused(realtime: Realtime): boolean {
  return !isValid(realtime) || wrongIn(realtime) !== undefined;
}

/** Whether a parameter has an invalid value, and whether the encoding makes use of it. */
function wrongIn({ query }: Realtime): 'used' | 'unused' | undefined {
  const wrong = parametersOf(query).filter(({ is }) => is === 'wrong');
  if (wrong.length === 0) return undefined;
  const isRaw = query.get('encoding') === 'pcm_s16le';
  const isUsed = wrong.some(({ name }) => isRaw || (name !== 'sample_rate' && name !== 'channels'));
  return isUsed ? 'used' : 'unused';
}

function judged(opening: OpeningOutcome, status: number, name: ErrorName): Occasion {
  const { events } = opening;
  const expected = `HTTP ${status}`;
  const told = openingTold(opening);
  switch (opening.kind) {
    case 'refused':
      if (opening.status === status) return withReading(held(...events), AMBIGUITIES.A14.readings.http);
      if (isBesideThePoint(opening.status)) {
        const occasion: Occasion = { outcome: 'unclear', events, expected, actual: told };
        return opening.status >= 500 ? ifInOrder('broken', 'reson8', occasion) : occasion;
      }
      return broken(events, expected, told);
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
function ofMissing(opening: OpeningOutcome): Occasion {
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
  const occasion = judged(opening, 401, 'UNAUTHORIZED');
  const is401 = opening.kind === 'refused' && opening.status === 401;
  return is401 ? withReading(occasion, AMBIGUITIES.A15.readings.unauthorized) : occasion;
}
