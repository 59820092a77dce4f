import { DIALECTS, vendorOf } from '../protocol/dialects.ts';
import type { EditionNames } from '../protocol/editions.ts';
import { editionsGiven } from '../scenario/editions.ts';
import { setMaxListeners } from 'node:events';
import { availableParallelism } from 'node:os';
import { basename } from 'node:path';
import { realClock, type Clock } from '../runtime/clock.ts';
import { statOf } from '../runtime/destination.ts';
import { UserError } from '../runtime/errors.ts';
import { partOf, shardText, type Shard } from '../runtime/shard.ts';
import { isoOf, wallNowMs } from '../runtime/wall-time.ts';
import { recordingPath } from '../scenario/speech/fixtures.ts';
import { tooShort } from '../wire/redact/known.ts';
import { newRedactor, type Redactor } from '../wire/redact/redact.ts';
import { StandIns } from '../wire/redact/stand-ins.ts';
import { checkEdition } from './judge/baseline.ts';
import { judgingTime } from './player/budget.ts';
import { TOKEN, type ClientRunOptions } from './client-run-options.ts';
import { attach } from './client/attach.ts';
import { Attempts } from './client/attempts.ts';
import type { AboutRun } from './client/causes/cause.ts';
import { misspelt } from './client/causes/credential.ts';
import { lastWords } from './client/causes/play-facts.ts';
import { checkChosenScenarios } from './client/chosen-scenarios.ts';
import { playAll } from './client/play-all.ts';
import type { ClientOptions, ClientPlay } from './client/play-client.ts';
import { programEnd } from './client/program-end.ts';
import { recordingOf } from './client/recording.ts';
import { shownCommand } from './client/program/shown-command.ts';
import { scenarioName } from './client/scenario-name.ts';
import { SUITES } from './client/suites/suites.ts';
import { timeNote, troublesOf, troublesOfAttached, type Troubles } from './client/troubles.ts';
import { withReporting } from './client/reports/unreported.ts';
import { judgeClient, type ClientRecord, type RecordedClientPlay } from './judging/client.ts';
import { serveStreams, signedStream } from './player/stream-source.ts';
import { Room, roomOfRun } from './wire-client/room.ts';
import { againOf } from './report/repeat/client.ts';
import { ATTACHED } from './report/subject.ts';
import type { Report } from './report/report.ts';
import type { RecordedPlay } from './conversation/recorded-play.ts';
import { stallNoting } from './judge/stall-notes.ts';
import { TOLERANCES } from './judge/tolerances.ts';

/** The result of judging a client. */
export interface ClientRun {
  readonly report: Report;
  /** For programs, plays include how the program ended and what it wrote. */
  readonly plays: readonly (RecordedPlay | ClientPlay)[];
}

const AUDIO = 'en-appointment.wav';
const LANGUAGE = 'en';
const TIMEOUT_MS = 30_000;
const MOST_AT_ONCE = 16;
const AT_ONCE_PER_CORE = 4;

/** The number of runs in this process, which distinguishes the programs that they start. */
let runs = 0;

/**
 * Judges a client: starts it once for every scenario, each time against a fresh fake, or waits for one that is started
 * externally. The result holds no secret and no path of this machine, except in the client's own output.
 *
 * @throws UserError for a scenario that cannot be played, and a program that cannot be started
 */
export async function runClient(options: ClientRunOptions): Promise<ClientRun> {
  const { dialect, client, seed = 1, strict = false } = options;
  const editions = editionsGiven(options.editions);
  checkEdition(options.baseline ?? [], editions[vendorOf(dialect)], options.baselineFile);
  const clock = realClock();
  using time = timeFor(options, clock);
  // Every wait of every client listens to this signal.
  setMaxListeners(0, time.signal);
  const startedAt = isoOf(wallNowMs());
  const tolerances = { ...TOLERANCES, ...options.tolerances };
  using stalls = stallNoting(clock, 'client', tolerances);
  const scenarios = options.scenarios ?? SUITES[dialect].trials.map(({ name }) => name);
  const names = await checkChosenScenarios(scenarios, dialect);
  const redaction = { names: options.redact ?? [], standIns: new StandIns() };
  const redactor = newRedactor(redaction);
  redactor.learn(options.token ?? TOKEN);
  // Values that every client gets are given their stand-ins first, so that these do not depend on the order of clients.
  redactor.text(options.streamUrl ?? '');
  const { shard } = options;
  const own = shareOf(scenarios, shard);
  const { plays: played, troubles } = await play(
    own,
    shard === undefined ? names : names.filter((name) => own.some((each) => scenarioName(each) === name)),
    { ...options, signal: time.signal },
    { clock, redaction, editions, noteStalls: stalls.note },
  );
  const record: ClientRecord = {
    dialect,
    editions,
    target: targetOf(client, redactor),
    seed,
    profile: options.scenarios === undefined ? 'full' : 'chosen scenarios',
    startedAt,
    durationMs: clock.now(),
    chosen: { only: options.only ?? [], skip: options.skip ?? [] },
    strict,
    deviations: options.deviations ?? [],
    baseline: options.baseline ?? [],
    tolerances,
    plays: played.map(recordOf),
    about: aboutRun(options, editions, redaction.standIns),
    again: againOf(options, redactor),
    troubles,
    cutShort: [],
    notes: tooShort({ token: options.token }),
  };
  const { report } = judgeClient(record, {
    cutShort: () => (time.isOver ? [timeNote(options.maxTimeMs)] : []),
    isOver: judgingTime(clock, endMsOf(options)),
    redact: redactor.text,
    ...(shard === undefined ? {} : { part: { ...shard, terms: termsOf(record, names, options) } }),
  });
  return { report, plays: withReporting(played) };
}

/** @throws UserError for more parts than scenarios */
function shareOf(scenarios: readonly string[], shard: Shard | undefined): readonly string[] {
  const own = partOf(scenarios, shard);
  if (own.length > 0 || shard === undefined) return own;
  const all = scenarios.length === 1 ? 'is one scenario' : `are ${scenarios.length} scenarios`;
  throw new UserError(`nothing is left for part ${shardText(shard)}: there ${all} to share out`, {
    flag: 'shard',
  });
}

/** What has to be the same in all parts of a run. */
function termsOf(
  { strict, deviations, chosen, baseline, about }: ClientRecord,
  names: readonly string[],
  { language = LANGUAGE, audio = AUDIO }: ClientRunOptions,
): Readonly<Record<string, string>> {
  return {
    '--scenario': names.join(', '),
    '--strict': String(strict),
    '--deviation': [...deviations].sort().join(', '),
    '--only': [...chosen.only].sort().join(', '),
    '--skip': [...chosen.skip].sort().join(', '),
    '--baseline': baseline.map(({ id }) => id).join(', '),
    '--timeout': `${about.timeoutMs} ms`,
    '--attach': String(about.isAttached),
    '--audio': basename(audio),
    '--language': language,
  };
}

function recordOf(play: ClientRun['plays'][number]): RecordedClientPlay {
  const { name, events, beganMs } = { beganMs: undefined, ...play };
  const began = beganMs === undefined ? {} : { beganMs };
  if (!isOfProgram(play)) return { name, events, ...began, words: '' };
  return { name, events, ...began, program: programEnd(play), words: lastWords(play.stderr.text) };
}

interface Time extends Disposable {
  /** Aborted at the time limit, or by the caller. */
  readonly signal: AbortSignal;
  readonly isOver: boolean;
}

/** When a run is over, in milliseconds after it began. */
function endMsOf({ maxTimeMs = Infinity, spentMs = 0 }: ClientRunOptions): number {
  return maxTimeMs - spentMs;
}

function timeFor(options: ClientRunOptions, clock: Clock): Time {
  const { signal } = options;
  const over = new AbortController();
  const endMs = endMsOf(options);
  const cancel = endMs === Infinity ? undefined : clock.at(endMs, () => over.abort());
  return {
    signal: signal === undefined ? over.signal : AbortSignal.any([signal, over.signal]),
    get isOver() {
      return over.signal.aborted;
    },
    [Symbol.dispose]: () => cancel?.(),
  };
}

function isOfProgram(play: ClientRun['plays'][number]): play is ClientPlay {
  return 'stderr' in play;
}

/** The facts that the sentences about causes need. */
function aboutRun(options: ClientRunOptions, editions: EditionNames, standIns: StandIns): AboutRun {
  const { dialect, client, token = TOKEN, timeoutMs = TIMEOUT_MS } = options;
  const recording = recordingOf(audioPath(options.audio ?? AUDIO));
  return {
    dialect,
    editions,
    timeoutMs,
    isAttached: client.kind === 'attach',
    handed: {
      token: standIns.of(token),
      spellings: misspelt(token).flatMap((form) => standIns.knownOf(form) ?? []),
    },
    // An externally started client is not told which recording to send.
    ...(client.kind === 'attach' || recording === undefined ? {} : { recording }),
  };
}

interface PlayedAll {
  readonly plays: ClientRun['plays'];
  readonly troubles: Troubles;
}

async function play(
  scenarios: readonly string[],
  names: readonly string[],
  options: ClientRunOptions,
  common: Pick<ClientOptions, 'clock' | 'redaction' | 'editions' | 'noteStalls'>,
): Promise<PlayedAll> {
  const { dialect, client, startFake, seed = 1, token = TOKEN, timeoutMs = TIMEOUT_MS } = options;
  const { onProgress = () => undefined } = options;
  const concurrency =
    options.concurrency ?? Math.min(MOST_AT_ONCE, AT_ONCE_PER_CORE * availableParallelism());
  const all = {
    ...common,
    dialect,
    startFake,
    seed,
    token,
    timeoutMs,
    room: new Room(roomOfRun(scenarios.length)),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  };
  const of = scenarios.length;
  if (client.kind === 'attach') {
    const plays = await attach(scenarios, {
      ...all,
      onAddresses: client.onAddresses,
      onProgress: (progress) => {
        const name = progress.kind === 'ended' ? progress.play.name : progress.name;
        onProgress({
          kind: progress.kind,
          name,
          done: progress.index + (progress.kind === 'ended' ? 1 : 0),
          of,
        });
      },
    });
    return { plays, troubles: troublesOfAttached(names, plays, timeoutMs) };
  }
  await using streams =
    DIALECTS[dialect].audio === 'fetched' && options.streamUrl === undefined
      ? await serveStreams()
      : undefined;
  const streamUrl = options.streamUrl ?? (streams && signedStream(streams.url));
  let done = 0;
  let isAnnounced = false;
  const attempts = new Attempts();
  const played = await playAll(scenarios, {
    ...all,
    command: client.command,
    args: client.args,
    reportsOn: client.reportsOn ?? 'fd3',
    concurrency,
    run: `${process.pid}-${(runs += 1)}`,
    environment: options.environment ?? process.env,
    audio: audioPath(options.audio ?? AUDIO),
    language: options.language ?? LANGUAGE,
    ...(streamUrl === undefined ? {} : { streamUrl }),
    isEnough: () => attempts.isHopeless,
    onStarted: () => {
      if (!isAnnounced) onProgress({ kind: 'scenarios', dialect, of, concurrency, timeoutMs });
      isAnnounced = true;
    },
    onProgress: (progress) => {
      if (progress.kind === 'begun') return;
      done += 1;
      const { played: one } = progress;
      if (one.kind === 'played') attempts.see(one.play);
      // What follows is only that: the report says why.
      if (attempts.isHopeless) return;
      const name = one.kind === 'played' ? one.play.name : one.name;
      onProgress({ kind: 'ended', name, done, of });
    },
  });
  return {
    plays: played.flatMap((one) => (one.kind === 'played' ? [one.play] : [])),
    troubles: troublesOf(played, attempts.isHopeless),
  };
}

/** @throws UserError */
function audioPath(audio: string): string {
  const path = recordingPath(audio);
  // An empty name is that of the folder.
  if (statOf(path)?.isDirectory() !== false) {
    throw new UserError(`there is no file ${audio}`, { flag: 'audio' });
  }
  return path;
}

function targetOf(client: ClientRunOptions['client'], redactor: Redactor): string {
  if (client.kind === 'attach') return ATTACHED;
  return commandOf(client, redactor);
}

function commandOf(
  { command, args }: { command: string; args: readonly string[] },
  redactor: Redactor,
): string {
  return shownCommand([command, ...args], process.cwd(), (text) => redactor.text(text));
}
