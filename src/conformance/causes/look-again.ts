import { RUNNER_DIALECTS } from '../dialects/dialects.ts';
import { type Dialect, type Scope, isSocket, mainSocketIn } from '../../protocol/dialects.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { playScenario, type Played } from '../player/play-scenario.ts';
import type { Target } from '../player/target.ts';
import type { Play } from '../judge/invariant.ts';
import { attemptsOf, isTrusted } from './attempts.ts';
import { type Place, dialectAt } from './fate.ts';
import { madeUpLike } from './made-up.ts';
import type { Named } from './sentences.ts';

/**
 * Places where the last answer was a refusal although others had been accepted before: it may be the answer to one
 * request, or the service may have ended. Repeating an accepted request decides.
 */
export function placesInDoubt(plays: readonly Play[], named: Named): readonly Place[] {
  const last = new Map<string, { readonly place: Place; readonly isRefused: boolean }>();
  const accepted = new Set<string>();
  for (const each of attemptsOf(plays)) {
    const { fate, place, credential } = each;
    if (!isTrusted(each) || !each.isInOrder || fate.kind === 'open' || credential === 'user') continue;
    const key = `${place} ${named.credentialOf(credential)}`;
    if (fate.kind === 'accepted') accepted.add(key);
    last.set(key, { place, isRefused: fate.kind === 'refused' });
  }
  return [...last].flatMap(([key, { place, isRefused }]) => (isRefused && accepted.has(key) ? [place] : []));
}

/** Asks once more where that is free of charge: at the socket that takes audio, and for the status. */
export async function lookAgain(
  places: readonly Place[],
  scope: Scope,
  target: Target,
): Promise<readonly Played[]> {
  const looks: readonly Scenario['file'][] = places.flatMap((place): readonly Scenario['file'][] => {
    if (place === mainSocketIn(scope) || place === 'status') return [lookAt(dialectAt(place))];
    return [];
  });
  const plays: Played[] = [];
  for (const file of looks) {
    const name = `another-look/${file.dialect}`;
    plays.push(await playScenario({ name, path: '', file }, target, name));
  }
  return plays;
}

/** Asks with a made-up credential wherever the one given as invalid is accepted. */
export async function lookWithMadeUp(
  dialects: readonly Dialect[],
  target: Target,
  seed: number,
): Promise<readonly Played[]> {
  const { invalid } = target.credentials;
  if (invalid === undefined) return [];
  const token = madeUpLike(invalid, seed);
  target.redactor.learn(token);
  const asking = { ...target, credentials: { ...target.credentials, invalid: token, isMadeUp: true } };
  const plays: Played[] = [];
  for (const dialect of dialects) {
    const name = `made-up-token/${dialect}`;
    plays.push(await playScenario({ name, path: '', file: strangerAt(dialect) }, asking, name));
  }
  return plays;
}

/** Long enough to learn whether there is a session. */
const LOOK = '3s';
const LISTEN = { await: { for: 'message', limit: LOOK } } as const;
/** If no message is due, a refusal may still come after the upgrade (A14). */
const MUTE = '1s';

const SUMMARY = 'Whether it still accepts what it accepted before';
const STRANGER = 'Whether a token that no one has is refused';
const STATUS = { call: 'status' } as const;

function lookAt(dialect: Dialect): Scenario['file'] {
  if (!isSocket(dialect)) return { dialect, summary: SUMMARY, client: { steps: [STATUS] } };
  const { begin, isOpenAtOnce } = RUNNER_DIALECTS[dialect];
  return {
    dialect,
    summary: SUMMARY,
    client: { steps: [...begin, ...(isOpenAtOnce ? [] : [LISTEN]), { close: 1000 }] },
  };
}

function strangerAt(dialect: Dialect): Scenario['file'] {
  const client = { credential: 'invalid' } as const;
  if (!isSocket(dialect)) return { dialect, summary: STRANGER, client: { ...client, steps: [STATUS] } };
  const { begin, isOpenAtOnce } = RUNNER_DIALECTS[dialect];
  const steps = [...begin, isOpenAtOnce ? { wait: MUTE } : LISTEN, { close: 1000 }];
  return { dialect, summary: STRANGER, client: { ...client, steps } };
}
