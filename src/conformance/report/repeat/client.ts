import type { Redactor } from '../../../wire/redact/redact.ts';
import { TOKEN, type ClientRunOptions } from '../../client-run-options.ts';
import { scenarioName } from '../../client/scenario-name.ts';
import type { RequirementResult } from '../../judge/result.ts';
import { commandWords, durationFlag, editionToName, repeatCommand, type FlagValue } from './repeat.ts';

/** What the commands that repeat something in a run have in common, without secrets. */
export interface Again {
  /** What goes before the scenario and the requirement, and what goes after them. */
  readonly before: Readonly<Record<string, FlagValue>>;
  readonly after: Readonly<Record<string, FlagValue>>;
  /** Scenarios as they were given, where they were. */
  readonly scenarios: readonly string[];
  /** The words after the flags. */
  readonly tail: readonly string[];
}

/** Adds to each result that needs attention the command that repeats it. */
export function againResult(
  result: RequirementResult,
  { before, after, scenarios, tail }: Again,
): RequirementResult {
  const { verdict, play: name } = result;
  if (verdict === 'pass' || verdict === 'not-applicable' || name === undefined) return result;
  const scenario = scenarios.find((given) => scenarioName(given) === name) ?? name;
  return {
    ...result,
    repro: repeatCommand('client', { ...before, scenario, only: result.id, ...after }, tail),
  };
}

/** The common part of the commands that repeat something in a run of a client. */
export function againOf(options: ClientRunOptions, redactor: Redactor): Again {
  const { dialect, client, seed = 1, scenarios = [], streamUrl, token = TOKEN } = options;
  const isAttached = client.kind === 'attach';
  const before = { dialect, edition: editionToName(dialect, options.editions) };
  const after = {
    seed,
    language: options.language,
    audio: options.audio,
    // A URL with a secret in it is replaced by the runner's own.
    'stream-url': streamUrl === undefined || redactor.text(streamUrl) !== streamUrl ? undefined : streamUrl,
    timeout: durationFlag(options.timeoutMs),
    'max-time': durationFlag(options.maxTimeMs),
    concurrency: options.concurrency,
    deviation: options.deviations,
    baseline: options.baselineFile,
    redact: options.redact,
    strict: options.strict,
    attach: isAttached,
    'client-report': !isAttached && client.reportsOn === 'stdout' ? 'stdout' : undefined,
  };
  const words = isAttached ? [] : commandWords(client.command, client.args, process.cwd());
  // The runner puts a token back where it stood.
  const tail = words.map((word) => redactor.text(word.replaceAll(token, '{token}')));
  return { before, after, scenarios, tail: isAttached ? [] : ['--', ...tail] };
}
