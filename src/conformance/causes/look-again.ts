import type { Scenario } from '../../scenario/scenario.ts';
import { playScenario, type Played } from '../player/play-scenario.ts';
import type { Target } from '../player/target.ts';
import type { Play } from '../judge/invariant.ts';
import { attemptsOf, isTrusted } from './attempts.ts';
import type { Place } from './fate.ts';
import type { Named } from './sentences.ts';

/**
 * Where the last thing that was seen was a refusal, though others had been let in before: it may be an answer to what was
 * asked, or the end of all answers. To ask for what was let in before decides.
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

/** Asks once more where that costs nothing: at the socket that takes audio, and for the status. */
export async function lookAgain(
  places: readonly Place[],
  dialect: 'scriptix' | 'reson8',
  target: Target,
): Promise<readonly Played[]> {
  const looks: readonly Scenario['file'][] = places.flatMap((place): readonly Scenario['file'][] => {
    if (place === dialect) return [SOCKETS[dialect]];
    return place === 'status' ? [STATUS] : [];
  });
  const plays: Played[] = [];
  for (const file of looks) {
    const name = `another-look/${file.dialect}`;
    plays.push(await playScenario({ name, path: '', file }, target, name));
  }
  return plays;
}

/** Long enough to be told that there is a session. */
const LOOK_MS = 3000;
const SUMMARY = 'Whether it still lets in what it let in before';
const SOCKETS = {
  scriptix: {
    dialect: 'scriptix',
    summary: SUMMARY,
    client: { steps: ['start', { await: { for: 'message', limit: LOOK_MS } }, { close: 1000 }] },
  },
  reson8: { dialect: 'reson8', summary: SUMMARY, client: { steps: [{ close: 1000 }] } },
} as const satisfies Readonly<Record<string, Scenario['file']>>;
const STATUS: Scenario['file'] = {
  dialect: 'scriptix-rest',
  summary: SUMMARY,
  client: { steps: [{ call: 'status' }] },
};
