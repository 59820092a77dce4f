import { TURN_EVENTS } from '../../src/protocol/reson8-turns/events.ts';

type TurnEvent = (typeof TURN_EVENTS)[number];

/** The kind of a message of either service; undefined for one that no document describes. */
export function kindOf(
  value: unknown,
): 'state' | 'partial' | 'final' | 'error' | 'confirmation' | TurnEvent | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const { type, state, is_final, error, text } = value as Readonly<Record<string, unknown>>;
  // Reson8 names the type; without include_interim there is no is_final, and every transcript is final.
  if (type === 'transcript') return is_final === false ? 'partial' : 'final';
  if (type === 'flush_confirmation') return 'confirmation';
  if (type === 'error') return 'error';
  if (type !== undefined) return TURN_EVENTS.find((event) => event === type);
  if (typeof state === 'string') return 'state';
  if (typeof error === 'string') return 'error';
  if (typeof text !== 'string') return undefined;
  return is_final === true ? 'final' : is_final === false ? 'partial' : undefined;
}
