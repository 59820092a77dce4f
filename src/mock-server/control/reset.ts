import { UserError } from '../../runtime/errors.ts';
import { kindOf, unknownNames } from '../../runtime/json/given.ts';

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
 *
 * @throws UserError for an unknown part, and for a value that is neither true nor false
 */
export function partsOf(parts: ResetParts): readonly ResetPart[] {
  const command = 'reset()';
  const unknown = unknownNames(parts, RESET_PARTS);
  const unclear = RESET_PARTS.filter((part) => !['boolean', 'undefined'].includes(typeof parts[part]));
  const wrong = [
    ...unknown,
    ...unclear.map((option) => ({ option, what: `expected true or false, got ${kindOf(parts[option])}` })),
  ];
  if (wrong.length > 0) throw new UserError(wrong.map((mistake) => ({ command, ...mistake })));
  const isAll = Object.keys(parts).length === 0;
  return RESET_PARTS.filter((part) => isAll || parts[part] === true);
}
