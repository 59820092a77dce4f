import type { Dialect } from '../../protocol/dialects.ts';
import type { EditionNames } from '../../protocol/editions.ts';
import type { Clock } from '../../runtime/clock.ts';
import { newRedactor, type Redactor, type RedactorOptions } from '../../wire/redact/redact.ts';
import type { TraceContext, TraceEvent } from '../../wire/trace.ts';
import { misspelt } from './causes/credential.ts';
import { argumentsFor, environmentFor, secretsOf, type ClientValues } from './program/command.ts';
import { programEndOf } from './reports/ending.ts';
import { editionOf } from '../conversation/editions-in.ts';
import type { NoteStalls } from '../judge/stall-notes.ts';
import type { Room } from '../wire-client/room.ts';
import type { Fake, StartFake } from './fake.ts';
import { keptOf } from './kept.ts';
import { mergeEvents } from './reports/merge.ts';
import { runCommand, type CommandOptions, type CommandOutcome } from './program/run-command.ts';
import type { TimedFact } from './reports/reports.ts';
import type { Output } from './program/tail.ts';
import { scenarioName } from './scenario-name.ts';
import { withStrays } from './reports/strays.ts';
import { sleep } from '../../runtime/wait.ts';

/** How to run the client; the same for all scenarios. */
export interface ClientOptions extends Pick<
  CommandOptions,
  'command' | 'args' | 'reportsOn' | 'timeoutMs' | 'graceMs' | 'onStarted'
> {
  readonly dialect: Dialect;
  /** The editions that the fake plays. */
  readonly editions: EditionNames;
  readonly seed: number;
  readonly startFake: StartFake;
  /** Real time. */
  readonly clock: Clock;
  /** Notes in a trace when the runner itself was late. Left out: nothing does. */
  readonly noteStalls?: NoteStalls;
  /** A name for these runs that is unique on this machine. */
  readonly run: string;
  /** The environment that the program inherits. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly token: string;
  readonly redaction?: RedactorOptions;
  readonly audio: string;
  readonly language: string;
  readonly streamUrl?: string;
  /** The room for events of all scenarios. */
  readonly room: Room;
}

/** The result of one run of a client. */
export interface ClientPlay {
  /** The name of the scenario. */
  readonly name: string;
  /** The traffic and the reports of the client: the events of a play. */
  readonly events: readonly TraceEvent[];
  /** How many events there was no room for. */
  readonly dropped: number;
  readonly outcome: CommandOutcome;
  readonly durationMs: number;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Reports that could not be read: the problems with the first ones, and their number. */
  readonly faults: readonly string[];
  readonly faultCount: number;
  /** Whether processes outlived the program. */
  readonly leftProcesses: boolean;
}

/**
 * Once its program has ended, so have a client's connections, and the fake has only to read that. It is looked at so often,
 * and not for a length of time: what keeps the runner from looking also keeps the fake from reading.
 */
const MOST_LOOKS = 100;
const LOOK_MS = 10;

/**
 * Runs a client once, against a fresh fake that plays one scenario.
 *
 * @throws UserError for a scenario that cannot be played
 */
export async function playClient(
  scenario: string,
  options: ClientOptions,
  signal?: AbortSignal,
): Promise<ClientPlay> {
  const { dialect, editions, seed, token, clock, redaction } = options;
  const fake = await options.startFake({
    scenario,
    dialect,
    editions,
    seed,
    token,
    isTokenRequired: true,
    ...(redaction === undefined ? {} : { redaction }),
  });
  let ended: ReturnType<Fake['end']> | undefined;
  const end = (inHaste = false) => (ended ??= fake.end(inHaste));
  // A run that is over no longer listens to a client that sends without pause.
  const endEarly = () => void end(true).catch(() => undefined);
  signal?.addEventListener('abort', endEarly);
  try {
    const name = scenarioName(scenario);
    const redactor = redactorFor(options);
    const values: ClientValues = { ...fake.addresses, ...valuesOf(options), scenario: name };
    const run = await runCommand({
      ...options,
      args: argumentsFor(options.args, values),
      env: environmentFor(options.environment, values),
      run: `${options.run}.${new URL(fake.addresses.baseUrl).port}`,
      now: () => fake.now(),
      redactor,
      ...(signal === undefined ? {} : { signal }),
    });
    for (let looks = 0; looks < MOST_LOOKS && fake.activity.open > 0 && signal?.aborted !== true; looks++) {
      await sleep(clock, LOOK_MS, signal);
    }
    const { outcome, durationMs, stdout, stderr, leftProcesses, reports, endedMs } = run;
    const { told, faults, faultCount } = reports;
    const seen = withoutOurEnding(await end(), run.askedMs);
    const all: readonly TimedFact[] = [...told, ...notesOf(outcome, endedMs), programEndOf(outcome, endedMs)];
    const about = { scenario: name, ...editionOf(dialect, editions), ...tokenIn(options, redactor) };
    const { events: kept, dropped } = keptOf(mergeEvents(seen, all, about), options.room);
    const noted = options.noteStalls?.(kept, clock.now() - fake.now()) ?? kept;
    const events = withStrays(noted, dialect);
    return { name, events, dropped, outcome, durationMs, stdout, stderr, faults, faultCount, leftProcesses };
  } finally {
    signal?.removeEventListener('abort', endEarly);
    await fake.stop();
  }
}

/** A connection that is lost because we end the program is not one that the client has ended. */
function withoutOurEnding(events: readonly TraceEvent[], askedMs = Infinity): readonly TraceEvent[] {
  return events.map((event) => {
    if (event.kind !== 'end' || event.by !== 'client' || event.how === 'close') return event;
    return event.atMs < askedMs ? event : withoutBy(event);
  });
}

function withoutBy({ by: _, ...end }: Extract<TraceEvent, { kind: 'end' }>): TraceEvent {
  return end;
}

function valuesOf({ token, audio, language, streamUrl }: ClientOptions) {
  return { token, audio, language, ...(streamUrl === undefined ? {} : { streamUrl }) };
}

function redactorFor({ token, environment, redaction }: ClientOptions) {
  const redactor = newRedactor(redaction);
  for (const secret of [token, ...secretsOf(environment)]) redactor.learn(secret);
  return redactor;
}

/** The journal has the same stand-in for the token, and other stand-ins for modified forms of it. */
function tokenIn(
  { token, redaction }: ClientOptions,
  redactor: Redactor,
): Pick<TraceContext, 'token' | 'misspelt'> {
  const standIn = redactor.text(token);
  if (encodeURIComponent(token) === token || standIn === token) return {};
  const { standIns } = redaction ?? {};
  if (standIns === undefined) return { token: standIn };
  return { token: standIn, misspelt: misspelt(token).flatMap((form) => standIns.knownOf(form) ?? []) };
}

function notesOf(outcome: CommandOutcome, atMs: number): readonly TimedFact[] {
  if (outcome.kind !== 'not-started') return [];
  return [{ atMs, fact: { kind: 'note', message: `The client was not started: ${outcome.reason}` } }];
}
