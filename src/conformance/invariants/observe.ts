import type { Play } from '../judge/invariant.ts';
import type { Observation } from '../judge/result.ts';
import { RESON8_OBSERVATIONS } from './reson8/observations.ts';
import { SCRIPTIX_OBSERVATIONS } from './scriptix/observations.ts';
import { extensions } from './transport/extensions.ts';

/** The maximum number of different texts per topic. */
const MOST_TEXTS = 5;

/** Facts about plays that affect no verdict: each once, with how often it was seen. */
export function observe(plays: readonly Play[]): readonly Observation[] {
  const counts = new Map<string, { observation: Observation; count: number }>();
  for (const observation of plays.flatMap(observationsOf)) {
    const key = JSON.stringify([observation.id, observation.text]);
    const known = counts.get(key);
    if (known === undefined) counts.set(key, { observation, count: 1 });
    else known.count += 1;
  }
  const told = new Map<string, number>();
  return [...counts.values()]
    .sort((a, b) => order(a.observation.id, b.observation.id) || b.count - a.count)
    .flatMap(({ observation: { id, text }, count }) => {
      const before = told.get(id) ?? 0;
      told.set(id, before + 1);
      return before >= MOST_TEXTS ? [] : [{ id, text: count === 1 ? text : `${text} (seen ${count} times)` }];
    });
}

function observationsOf(play: Play): readonly Observation[] {
  return [...SCRIPTIX_OBSERVATIONS, ...RESON8_OBSERVATIONS, extensions].flatMap((rule) => rule(play));
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
