import type { RequirementId } from '../../protocol/requirements.ts';
import type { Occasion } from '../judge/invariant.ts';

/** A wrong clock, unit or origin of times, or times that count from different places. */
export const WRONG_TIMES = 'wrong times';

/** Results that belong to the audio of another session, so they do not match the words of the same audio either. */
export const WRONG_SESSION = 'results of another session';

/** Streams on which no message comes at all, whatever they are of. */
export const MUTE_STREAMS = 'streams without a message';

/** Requests that should be refused in one way and are refused in another, on whichever socket. */
export function wrongRefusal(due: number, given: number): string {
  return `refused with HTTP ${given} instead of ${due}`;
}

/**
 * Requirements that compare times with each other or with the audio. Wrong times break several of them, and which ones
 * depends on the length of the sessions: the most basic one that is broken reports it, and the others are undecided
 * until it is fixed.
 */
const OF_TIMES: ReadonlySet<string> = new Set<RequirementId>([
  'SX-PART-005',
  'SX-PART-009',
  'SX-PART-010',
  'SX-PART-014',
  'SX-FIN-008',
  'SX-FIN-009',
  'SX-FIN-011',
  'SX-FIN-012',
  'SX-FIN-013',
  'SX-FIN-015',
  'SX-FIN-018',
  'SX-FIN-023',
  'R8-TR-009',
  'R8-TR-010',
  'R8-TR-014',
  'R8-TR-015',
  'R8-W-007',
  'R8-W-008',
  'R8-W-010',
  'R8-TURN-013',
]);

/** Requirements that also concern something else: their findings about times name this mistake themselves. */
const ALSO_OF_TIMES: ReadonlySet<string> = new Set<RequirementId>(['R8-TURN-012']);

/** The mistake that a finding shows: findings of other requirements with the same mistake may follow from it. */
export function mistakesOf(id: string, { mistake }: Occasion): readonly string[] {
  return [...(mistake === undefined ? [] : [mistake]), ...(OF_TIMES.has(id) ? [WRONG_TIMES] : [])];
}

/** Whether wrong times can break a requirement. */
export function isOfTimes(id: string): boolean {
  return OF_TIMES.has(id) || ALSO_OF_TIMES.has(id);
}

/** The mistake of times with a wrong type, wherever they occur. @param value the first of them */
export function wrongType(value: unknown): string {
  const type = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
  return `times that are ${type === 'number' ? 'fractions' : `of the type ${type}`}`;
}
