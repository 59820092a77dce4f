import type { Play } from '../judge/invariant.ts';
import { attemptsOf, type Attempt } from './attempts.ts';
import { dialectAt, type Why } from './fate.ts';

type Dialect = ReturnType<typeof dialectAt>;

/** How an API answers who shall be refused: the token that was given for that, and one that was made up. */
interface Strangers {
  readonly dialect: Dialect;
  readonly given: readonly Attempt[];
  readonly madeUp: readonly Attempt[];
}

/** What is no refusal of a credential: it may befall anybody. */
const OF_NOBODY: readonly Why[] = ['path', 'page', 'moved', 'busy', 'service', 'unreachable', 'mute'];

/** Where a token that was given as invalid is let in each time, and no made-up one has shown whether all are. */
export function dialectsOfKnownToken(plays: readonly Play[]): readonly Dialect[] {
  return strangersIn(attemptsOf(plays))
    .filter(({ given, madeUp }) => isLetIn(given) && madeUp.length === 0)
    .map(({ dialect }) => dialect);
}

/** Where such a token is let in each time and a made-up one is refused: the service knows it, so it shows nothing. */
export function knownTokensIn(attempts: readonly Attempt[]): readonly Strangers[] {
  return strangersIn(attempts).filter(
    ({ given, madeUp }) => isLetIn(given) && madeUp.length > 0 && madeUp.every(isRefusal),
  );
}

function strangersIn(attempts: readonly Attempt[]): readonly Strangers[] {
  const all = new Map<Dialect, Attempt[]>();
  for (const each of attempts) {
    if (each.credential !== 'invalid' || !each.isInOrder) continue;
    const dialect = dialectAt(each.place);
    all.set(dialect, [...(all.get(dialect) ?? []), each]);
  }
  return [...all].map(([dialect, own]) => ({
    dialect,
    given: own.filter((each) => !isMadeUp(each)),
    madeUp: own.filter(isMadeUp),
  }));
}

/** One refusal shows that the token is a bad one, and that whoever lets it in at other times is to blame. */
function isLetIn(attempts: readonly Attempt[]): boolean {
  return attempts.some(({ fate }) => fate.kind === 'accepted') && !attempts.some(isRefusal);
}

function isRefusal({ fate }: Attempt): boolean {
  return fate.kind === 'refused' && !OF_NOBODY.includes(fate.why);
}

function isMadeUp({ conversation }: Attempt): boolean {
  return conversation.context.madeUp === true;
}
