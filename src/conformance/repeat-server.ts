import { durationFlag, repeatCommand } from './repeat.ts';
import type { ServerRunOptions } from './server-run-options.ts';

/** The command that looks at one requirement again. Credentials come from the environment. */
export function reproOf(options: ServerRunOptions, id: string): string {
  const { dialect, url, apiUrl, profile = 'full', seed = 1, budget = {}, files = {} } = options;
  return repeatCommand('server', {
    dialect,
    url,
    'api-url': apiUrl,
    profile,
    seed,
    scenario: files.scenarios,
    audio: options.audio,
    transcript: files.transcript,
    'stream-source': options.streamSource,
    pace: options.pace,
    runs: options.runs,
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
