/** What a server can forget between two tests. */
export type ResetPart = 'sessions' | 'journal' | 'assignments' | 'scenarios' | 'service' | 'usage';

export const RESET_PARTS = [
  'sessions',
  'journal',
  'assignments',
  'scenarios',
  'service',
  'usage',
] as const satisfies readonly ResetPart[];

/** The parts to forget; none named means all of them. */
export type ResetParts = Readonly<Partial<Record<ResetPart, boolean>>>;

/** The named parts in the order in which they are forgotten: what sessions leave behind goes with the journal. */
export function partsOf(parts: ResetParts): readonly ResetPart[] {
  const isAll = Object.keys(parts).length === 0;
  return RESET_PARTS.filter((part) => isAll || parts[part] === true);
}
