import { concurrently } from '../../runtime/concurrently.ts';
import { isSocket, type Dialect } from '../../protocol/dialects.ts';
import { clientScriptOf } from '../../scenario/client-script.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import type { Budget } from './budget.ts';
import { playNameOf } from './needed.ts';
import { costOf, obstacleTo, type Means } from './plan.ts';
import { playScenario, type Played } from './play-scenario.ts';
import type { Target } from './target.ts';
import type { Progress } from '../progress.ts';

interface Playing {
  readonly target: Target;
  readonly means: Means;
  readonly budget: Budget;
  readonly concurrency: number;
  readonly plays: Played[];
  readonly onProgress: (progress: Progress) => void;
}

/**
 * Plays scenarios. Those of the REST API come first, one by one, because they change the state of the service. Then
 * come those that compare separate sessions with simultaneous ones: no other scenario of their dialect is played at the
 * same time, since otherwise none of their sessions would be separate.
 */
export async function playProbes(scenarios: readonly Scenario[], all: Playing): Promise<readonly string[]> {
  const { target, means, budget, plays, onProgress } = all;
  const notes: string[] = [];
  let done = 0;
  const play = async (scenario: Scenario) => {
    const name = playNameOf(scenario);
    const obstacle = obstacleTo(scenario, means);
    const fits = obstacle === undefined && budget.take(costOf(scenario, target));
    if (fits && target.signal?.aborted !== true && !target.room.isFull) {
      const played = await playScenario(scenario, target, name);
      plays.push(played);
    } else if (obstacle !== undefined) notes.push(`${name} was not played: ${obstacle}.`);
    done += 1;
    onProgress({ kind: 'played', name, done, of: scenarios.length, spent: budget.spent });
  };
  const isOfCalls = ({ file }: Scenario) => !isSocket(file.dialect);
  for (const scenario of scenarios.filter(isOfCalls)) await play(scenario);
  const others = scenarios.filter((scenario) => !isOfCalls(scenario));
  const undisturbed = others.filter(hasSomeAlone);
  const turns = new Map<Dialect, Promise<void>>();
  await concurrently(
    [...undisturbed, ...others.filter((scenario) => !undisturbed.includes(scenario))],
    all.concurrency,
    async (scenario) => {
      const { dialect } = scenario.file;
      const played = (turns.get(dialect) ?? Promise.resolve()).then(() => play(scenario));
      if (undisturbed.includes(scenario)) turns.set(dialect, played);
      await played;
    },
  );
  plays.sort((a, b) => (a.name < b.name ? -1 : 1));
  return notes.sort();
}

/** Whether some of its sessions are simultaneous, and others alone. */
function hasSomeAlone(scenario: Scenario): boolean {
  const { sessions } = clientScriptOf(scenario);
  return sessions.some(({ atOnce }) => atOnce) && sessions.some(({ atOnce }) => !atOnce);
}

/** Notes about incomplete plays, by reason. */
export function cutNotes(plays: readonly Played[]): readonly string[] {
  const byReason = new Map<string, string[]>();
  for (const { name, cut } of plays) {
    if (cut === undefined) continue;
    const names = byReason.get(cut);
    if (names === undefined) byReason.set(cut, [name]);
    else names.push(name);
  }
  return [...byReason].map(([cut, names]) => `The recordings of ${names.join(', ')} are incomplete: ${cut}.`);
}
