/** What a server can forget between two tests. */
export type ResetPart = 'sessions' | 'journal' | 'assignments' | 'scenarios' | 'service' | 'usage';

/** All parts, in the order in which they are forgotten. */
export const RESET_PARTS = [
  'sessions',
  'journal',
  'assignments',
  'scenarios',
  'service',
  'usage',
] as const satisfies readonly ResetPart[];

/** The parts to forget; all of them if none is named. */
export type ResetParts = Readonly<Partial<Record<ResetPart, boolean>>>;

/**
 * The named parts in the order in which they are forgotten: the journal comes after the sessions, so that what they
 * leave behind goes with it.
 */
export function partsOf(parts: ResetParts): readonly ResetPart[] {
  const isAll = Object.keys(parts).length === 0;
  return RESET_PARTS.filter((part) => isAll || parts[part] === true);
}
