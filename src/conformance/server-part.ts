import { UserError } from '../runtime/errors.ts';
import { shardText, type Shard } from '../runtime/shard.ts';
import { unneededText } from './judge/baseline.ts';
import type { ShownReading } from './judge/mixtures.ts';
import type { RequirementResult } from './judge/result.ts';
import type { PartOfRun } from './report/part.ts';
import type { ConformanceOptions, Profile } from './server-run-options.ts';

/** @param runs the number of generated sessions. @throws UserError where they cannot be shared out like this */
export function checkShard(shard: Shard, profile: Profile, runs: number): void {
  const where = { option: 'shard' };
  if (profile === 'live') {
    throw new UserError(
      'not with the profile live: only generated sessions are shared out, and each part plays all probes, which a service charges for',
      where,
    );
  }
  if (runs >= shard.count) return;
  const [verb, all] = runs === 1 ? ['is', 'one session'] : ['are', `${runs === 0 ? 'no' : runs} sessions`];
  throw new UserError(
    `there ${verb} ${all} to be generated, which cannot be shared out as ${shardText(shard)}: expected at least as many runs as parts`,
    where,
  );
}

/** What has to be the same in all parts of a run against a server, and what else merging them needs. */
export function partFor(
  shard: Shard,
  options: ConformanceOptions,
  runs: number,
  {
    results,
    readings,
  }: { readonly results: readonly RequirementResult[]; readonly readings: readonly ShownReading[] },
): PartOfRun {
  const { deviations = [], only = [], skip = [], baseline = [], strict = false, pace } = options;
  const passing = new Set(results.flatMap(({ id, verdict }) => (verdict === 'pass' ? [id] : [])));
  return {
    ...shard,
    terms: {
      '--runs': String(runs),
      '--scenario': (options.files?.scenarios ?? []).join(', '),
      '--strict': String(strict),
      '--deviation': [...deviations].sort().join(', '),
      '--only': [...only].sort().join(', '),
      '--skip': [...skip].sort().join(', '),
      '--baseline': baseline.map(({ id }) => id).join(', '),
      '--pace': pace === undefined ? '' : String(pace),
    },
    readings,
    unneeded: Object.fromEntries(
      baseline.filter(({ id }) => passing.has(id)).map((entry) => [entry.id, unneededText(entry)]),
    ),
  };
}
