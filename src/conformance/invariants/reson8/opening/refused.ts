import type { Invariant } from '../../../judge/invariant.ts';
import { refusing, refusingMissing } from './answers.ts';
import { isValid } from './credentials.ts';
import { openingOf } from './opening.ts';
import { isPlain, parametersOf } from './parameters.ts';
import { perRealtime, type Realtime } from '../realtime.ts';

/** What a server has to refuse, and how (S4:129-134; A14, A15). */
export const refused: readonly Invariant[] = [
  perRealtime('R8-AUTH-007', function* (realtime, tolerances) {
    if (realtime.context.credential !== 'invalid' || !isPlain(realtime.query)) return;
    const opening = openingOf(realtime, tolerances);
    if (opening !== undefined) yield refusing(opening, 401, 'UNAUTHORIZED', 'reson8');
  }),
  perRealtime('R8-AUTH-008', function* (realtime, tolerances) {
    if (realtime.context.credential !== 'missing' || !isPlain(realtime.query)) return;
    const opening = openingOf(realtime, tolerances);
    if (opening !== undefined) yield refusingMissing(opening, 'reson8');
  }),
  perRealtime('R8-QRY-005', function* (realtime, tolerances) {
    if (!isValid(realtime)) return;
    const wrong = wrongIn(realtime);
    if (wrong === undefined) return;
    const opening = openingOf(realtime, tolerances);
    if (opening === undefined) return;
    const occasion = refusing(opening, 400, 'INVALID_REQUEST', 'reson8');
    // S4:23-24: without a raw encoding these parameters are not used, so a server need not check them.
    yield wrong === 'unused' && occasion.outcome === 'broken' && opening.kind === 'session'
      ? { ...occasion, outcome: 'doubtful' }
      : occasion;
  }),
];

/** Whether a server is right to refuse, over HTTP or in-band (A14): then nothing else is required of the connection. */
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
