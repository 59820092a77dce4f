import type { Redactor } from '../../../wire/redact/redact.ts';
import { TOKEN, type ClientRunOptions } from '../../client-run-options.ts';
import { scenarioName } from '../../client/scenario-name.ts';
import type { RequirementResult } from '../../judge/result.ts';
import { commandWords, durationFlag, editionToName, repeatCommand } from './repeat.ts';

/** Adds to each result that needs attention the command that repeats it. */
export function againResult(
  result: RequirementResult,
  options: ClientRunOptions,
  redactor: Redactor,
): RequirementResult {
  const { verdict, play: name } = result;
  if (verdict === 'pass' || verdict === 'not-applicable' || name === undefined) return result;
  const { dialect, client, seed = 1, scenarios = [], streamUrl, token = TOKEN } = options;
  const isAttached = client.kind === 'attach';
  const flags = {
    dialect,
    edition: editionToName(dialect, options.editions),
    scenario: scenarios.find((given) => scenarioName(given) === name) ?? name,
    only: result.id,
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
  return { ...result, repro: repeatCommand('client', flags, isAttached ? [] : ['--', ...tail]) };
}
