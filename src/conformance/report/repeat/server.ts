import { REQUIREMENTS } from '../../../protocol/requirements.ts';
import type { Scenario } from '../../../scenario/scenario.ts';
import { isMadeFor } from '../../explore/made-for.ts';
import { neededFor, playNameOf, startFor } from '../../player/needed.ts';
import { durationFlag, editionToName, repeatCommand } from './repeat.ts';
import { PROFILES, type ConformanceOptions } from '../../server-run-options.ts';

/** Where and by what something was shown. */
interface Shown {
  readonly shownIn: readonly string[];
  /** The existing probes; none if the user's own files were played instead. */
  readonly bundled: readonly Scenario[];
  /** Whether the service had to be started. */
  readonly isDown: boolean;
}

/**
 * The command that checks one requirement again. Credentials come from the environment. Plays that `--only` would leave
 * out although they show it, because a probe is played for something else or sessions are generated, are named.
 */
export function reproOf(
  options: ConformanceOptions,
  id: string,
  shown: Shown = { shownIn: [], bundled: [], isDown: false },
): string {
  const { dialect, url, apiUrl, profile = 'full', seed = 1, budget = {}, files = {} } = options;
  return repeatCommand('server', {
    dialect,
    edition: editionToName(dialect, options.editions),
    url,
    'api-url': apiUrl,
    profile,
    seed,
    scenario: shown.bundled.length === 0 ? files.scenarios : probesToName(id, shown),
    audio: options.audio,
    'stream-source': options.streamSource,
    pace: options.pace,
    runs: runsToName(options, id, shown.shownIn),
    'shrink-time': options.shrinkMs === 0 ? '0' : durationFlag(options.shrinkMs),
    'max-audio': durationFlag(budget.audioMs),
    'max-sessions': budget.sessions,
    'max-time': durationFlag(budget.timeMs),
    'allow-scale': options.allowScale,
    deviation: options.deviations,
    baseline: files.baseline,
    redact: options.redact,
    strict: options.strict,
    only: id,
  });
}

/** The probes that show it, unless `--only` plays all of them. */
function probesToName(id: string, { shownIn, bundled, isDown }: Shown): readonly string[] | undefined {
  const requirement = REQUIREMENTS.filter((each) => each.id === id);
  const played = neededFor(requirement, bundled).map(playNameOf);
  const showing = bundled.filter((probe) => shownIn.includes(playNameOf(probe)));
  if (showing.every((probe) => played.includes(playNameOf(probe)))) return undefined;
  return [...(isDown ? startFor(showing, bundled) : []), ...showing].map(playNameOf);
}

function runsToName(
  { runs, scenarios, profile = 'full' }: ConformanceOptions,
  id: string,
  shownIn: readonly string[],
): number | undefined {
  if (scenarios !== undefined || isMadeFor(id)) return runs;
  const isMadeUp = shownIn.some((name) => /^(?:generated|counterexamples)\//.test(name));
  return isMadeUp ? (runs ?? PROFILES[profile].runs) : undefined;
}
