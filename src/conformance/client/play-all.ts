import { availableParallelism } from 'node:os';
import { concurrently } from '../../runtime/concurrently.ts';
import { playClient, type ClientOptions, type ClientPlay } from './play-client.ts';
import { scenarioName } from './scenario-name.ts';

/** How to run all scenarios. */
export interface AllOptions extends ClientOptions {
  /** The maximum number of programs at the same time (one per core). */
  readonly concurrency?: number;
  readonly onProgress?: (progress: PlayProgress) => void;
  /** Ends running programs, and starts no more. */
  readonly signal?: AbortSignal;
  /** Whether to start no further programs; running ones continue. */
  readonly isEnough?: () => boolean;
}

/** The result of a scenario. */
export type ScenarioOutcome =
  | { readonly kind: 'played'; readonly play: ClientPlay }
  /** The runner or the fake failed; the client is not to blame. */
  | { readonly kind: 'failed'; readonly name: string; readonly error: unknown }
  /** The run was cancelled, had shown enough, or had too many events before this scenario began. */
  | { readonly kind: 'not-played'; readonly name: string };

/** What is happening, for a progress display. */
export type PlayProgress =
  | { readonly kind: 'begun'; readonly name: string; readonly index: number; readonly total: number }
  | {
      readonly kind: 'ended';
      readonly played: ScenarioOutcome;
      readonly index: number;
      readonly total: number;
    };

/**
 * Runs a client once for every scenario, several at a time, each with its own fake, port, deadline and process group.
 * The results are in the order of the scenarios; one that fails does not affect the others.
 */
export async function playAll(
  scenarios: readonly string[],
  options: AllOptions,
): Promise<readonly ScenarioOutcome[]> {
  const { onProgress = () => undefined, signal } = options;
  const total = scenarios.length;
  const concurrency = Math.max(1, options.concurrency ?? availableParallelism());
  return concurrently(scenarios, concurrency, async (scenario, index) => {
    const name = scenarioName(scenario);
    const played = await playOne(scenario, options, signal, () =>
      onProgress({ kind: 'begun', name, index, total }),
    );
    onProgress({ kind: 'ended', played, index, total });
    return played;
  });
}

async function playOne(
  scenario: string,
  options: AllOptions,
  signal: AbortSignal | undefined,
  begin: () => void,
): Promise<ScenarioOutcome> {
  const name = scenarioName(scenario);
  if (signal?.aborted === true || options.room.isFull || options.isEnough?.() === true) {
    return { kind: 'not-played', name };
  }
  begin();
  try {
    return { kind: 'played', play: await playClient(scenario, options, signal) };
  } catch (error) {
    return { kind: 'failed', name, error };
  }
}
