import type { Play } from '../judge/invariant.ts';
import { attemptsOf, type Attempt } from './attempts.ts';
import { dialectAt, type Why } from './fate.ts';
import { grouped } from '../../runtime/grouped.ts';

type Dialect = ReturnType<typeof dialectAt>;

/** How an API answers tokens that must be refused: the one that the user gave for this, and a made-up one. */
interface Strangers {
  readonly dialect: Dialect;
  readonly given: readonly Attempt[];
  readonly madeUp: readonly Attempt[];
}

/** Answers that do not concern the credential, and may be given to anyone. */
const OF_NOBODY: readonly Why[] = ['path', 'page', 'moved', 'busy', 'service', 'unreachable', 'mute'];

/** Dialects in which a token given as invalid is always accepted, and no made-up token has shown whether all are. */
export function dialectsOfKnownToken(plays: readonly Play[]): readonly Dialect[] {
  return strangersIn(attemptsOf(plays))
    .filter(({ given, madeUp }) => isLetIn(given) && madeUp.length === 0)
    .map(({ dialect }) => dialect);
}

/**
 * Dialects in which such a token is always accepted and a made-up one is refused: the service knows the token, so it
 * shows nothing.
 */
export function knownTokensIn(attempts: readonly Attempt[]): readonly Strangers[] {
  return strangersIn(attempts).filter(
    ({ given, madeUp }) => isLetIn(given) && madeUp.length > 0 && madeUp.every(isRefusal),
  );
}

function strangersIn(attempts: readonly Attempt[]): readonly Strangers[] {
  const strange = attempts.filter(({ credential, isInOrder }) => credential === 'invalid' && isInOrder);
  return [...grouped(strange, ({ place }) => dialectAt(place))].map(([dialect, own]) => ({
    dialect,
    given: own.filter((each) => !isMadeUp(each)),
    madeUp: own.filter(isMadeUp),
  }));
}

/** A single refusal shows that the token is invalid, and that accepting it at other times is a fault. */
function isLetIn(attempts: readonly Attempt[]): boolean {
  return attempts.some(({ fate }) => fate.kind === 'accepted') && !attempts.some(isRefusal);
}

function isRefusal({ fate }: Attempt): boolean {
  return fate.kind === 'refused' && !OF_NOBODY.includes(fate.why);
}

function isMadeUp({ conversation }: Attempt): boolean {
  return conversation.context.madeUp === true;
}
