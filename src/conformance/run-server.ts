import { dialectsIn, mainSocketIn, vendorIn, type SocketDialect } from '../protocol/dialects.ts';
import { REQUIREMENTS } from '../protocol/requirements.ts';
import { editionsGiven } from '../scenario/editions.ts';
import { setMaxListeners } from 'node:events';
import { isLoopback } from '../runtime/network/address.ts';
import { realClock, type Clock } from '../runtime/clock.ts';
import { checkTrust } from '../runtime/network/trust.ts';
import { refuseWrong } from '../runtime/json/wanted-options.ts';
import { withoutTrailing } from '../runtime/trailing.ts';
import { isoOf, wallNowMs } from '../runtime/wall-time.ts';
import { tooShort } from '../wire/redact/known.ts';
import { newRedactor } from '../wire/redact/redact.ts';
import { applyBaseline, checkEdition, checkEntries } from './judge/baseline.ts';
import { Budget, judgingTime } from './player/budget.ts';
import { otherEdition } from './causes/other-edition.ts';
import { namedBy } from './causes/named.ts';
import { conversationsOf } from './conversation/conversation.ts';
import { editionOf } from './conversation/editions-in.ts';
import { deviationsOf, nameIn, refuseUnknown } from './judging/chosen.ts';
import { type Counterexample } from './explore/explore.ts';
import { spokenTurnsOf } from './invariants/reson8-turns/spoken-turns.ts';
import { NOT_JUDGED, playOf, requirementsOf } from './judging/plays.ts';
import { because, failuresIn, judgeRun } from './judging/server.ts';
import { inHaste } from './player/in-haste.ts';
import { neededIn } from './player/needed.ts';
import { costOfAll, type Means } from './player/plan.ts';
import type { Played } from './player/play-scenario.ts';
import { cutNotes } from './player/play-probes.ts';
import { openSounds } from './player/sounds.ts';
import { serveStreams } from './player/stream-source.ts';
import type { Target } from './player/target.ts';
import { playServer, type ServerPlays } from './play-server.ts';
import { checkScenarios, probesOf } from './player/probes.ts';
import { withoutMissing } from './player/separate.ts';
import { reproOf } from './report/repeat/server.ts';
import type { Report } from './report/report.ts';
import { checkShard, partFor } from './server-part.ts';
import { reportOf } from './judging/report.ts';
import { Room, roomOfRun } from './wire-client/room.ts';
import { OPTIONS_WANTED, PROFILES, type ConformanceOptions } from './server-run-options.ts';
import { wordsOf } from './text/normalise.ts';
import { wordErrorRate } from './text/word-error-rate.ts';
import { stallNoting } from './judge/stall-notes.ts';
import { TOLERANCES, type Tolerances } from './judge/tolerances.ts';

export type { Profile, ConformanceOptions } from './server-run-options.ts';

/** The result of judging a server. It holds no secrets. */
export interface ConformanceRun {
  /** Verdict and evidence for each requirement. */
  readonly report: Report;
  /** What was recorded, which `play` and `evidence` of a result refer to. */
  readonly plays: readonly Played[];
  /** The smallest generated sessions that break a requirement. */
  readonly counterexamples: readonly Counterexample[];
}

/** An answer to an upgrade is still awaited this many milliseconds after it is due, so that lateness is seen. */
const LATE_MS = 5000;

/**
 * Judges a server. Talks to that server only, and returns no secrets. Never throws because of what the server does: an
 * unreachable server gives an `incomplete` report.
 *
 * @throws UserError for an `audio` file that is missing or not a WAVE file, an unknown edition, a baseline of another,
 * scenarios of other dialects, unknown ids and deviations, a `shard` where nothing can be shared out, unknown options,
 * values that are not of their kind, or over TLS a wrong SSL_CERT_FILE.
 */
export async function runConformance(options: ConformanceOptions): Promise<ConformanceRun> {
  refuseWrong('runConformance()', options, OPTIONS_WANTED);
  const { dialect, profile = 'full', seed = 1, onProgress = () => undefined } = options;
  const defaults = PROFILES[profile];
  const editions = editionsGiven(options.editions);
  refuseUnknown('runConformance()', options, {
    ...{ side: 'server', dialects: dialectsIn(dialect), editions },
    name: nameIn(`a ${dialect} server`, options.editions?.[vendorIn(dialect)]),
  });
  checkEntries(options.baseline ?? [], new Set(REQUIREMENTS.map(({ id }) => id)));
  checkScenarios(options.scenarios ?? [], dialect);
  checkEdition(options.baseline ?? [], editions[vendorIn(dialect)], options.files?.baseline);
  checkTrust(options.url, options.apiUrl ?? '');
  const clock = realClock();
  using budget = new Budget({ ...defaults.budget, ...options.budget }, clock, options.spentMs);
  const signal =
    options.signal === undefined ? budget.signal : AbortSignal.any([options.signal, budget.signal]);
  // Every wait of every connection listens to this signal.
  setMaxListeners(0, signal);
  const startedAt = isoOf(wallNowMs());
  const tolerances = { ...TOLERANCES, ...options.tolerances };
  using stalls = stallNoting(clock, 'server', tolerances);
  const isLocal = isLoopback(options.url);
  await using streams = options.streamSource === undefined && isLocal ? await serveStreams() : undefined;
  const requirements = requirementsOf('server', dialectsIn(dialect), options, editions);
  const bundled = options.scenarios === undefined ? await probesOf(dialect, editions) : [];
  const { probes, runs } = neededIn(options, requirements, bundled);
  const { shard } = options;
  if (shard !== undefined) checkShard(shard, profile, runs);
  const room = new Room(roomOfRun(probes.length + runs));
  const target = {
    ...targetOf(options, clock, tolerances, streams?.url),
    editions,
    room,
    signal,
    noteStalls: stalls.note,
  };
  const means: Means = {
    credentials: target.credentials,
    streamSource: target.streamSource,
    mayInitialize: options.allowScale === true || isLoopback(target.apiUrl),
  };
  onProgress({
    kind: 'plan',
    target: target.url,
    probes: probes.length,
    of: Math.max(probes.length, bundled.length),
    cost: costOfAll(probes, means, target),
    runs,
    budget: budget.limits,
  });

  const named = namedBy(options);
  const played = await playServer({
    ...{ options, target, means, budget, tolerances, requirements, bundled, probes, runs, named, seed },
    onProgress,
  });
  const { first, separate } = played;
  const looked = lookedOnly(played, budget);
  const cutShort = [...cutShortBy(options, played, budget, target, looked)];
  // What has filled the room is a flood, of which the end shows no more than the beginning.
  const plays = signal.aborted || room.isFull ? inHaste(played.plays) : played.plays;
  cutShort.push(...cutNotes(plays));

  const { valid: token, admin, user, invalid } = target.credentials;
  const notes = [
    ...tooShort({ token, 'admin-token': admin, 'user-token': user, 'bad-token': invalid }),
    ...played.notes,
  ];
  if (options.transcript !== undefined) {
    notes.push(comparedWith(options.transcript, plays, mainSocketIn(dialect)));
  }
  const shown = plays.map((each) => playOf(each, tolerances));
  const isOver = judgingTime(clock, budget.endMs);
  const { judged, causes, readings, counterexamples } = judgeRun(shown, requirements, {
    strict: options.strict === true,
    deviations: deviationsOf(options.deviations),
    named,
    editions,
    isOver,
    counterexamples: played.counterexamples,
    reproOf: (id, shownIn) => reproOf(options, id, { shownIn, bundled, isDown: first.isDown }),
  });
  if (judged.some(({ reason }) => reason === NOT_JUDGED)) {
    cutShort.push('The time was up before everything was judged: the rest is inconclusive.');
  }
  if (!first.isOver) notes.push(...failuresIn(plays, causes));
  const sentences = causes.map(({ sentence }) => sentence);
  // Observations that the budget cut short met no obstacle.
  const isCut = budget.reached !== undefined;
  const isObstacle = first.obstacle !== undefined && !isCut;
  const own = first.isOver && isCut ? [] : sentences;
  const reasons = isObstacle ? [target.redactor.text(first.obstacle)] : own;
  const whole = first.isOver ? (reasons[0] ?? cutShort[0]) : looked;
  const { results, stale } = applyBaseline(
    withoutMissing(
      whole === undefined ? judged : judged.map((each) => because(each, whole)),
      separate.missing,
    ),
    options.baseline ?? [],
    startedAt.slice(0, 10),
    shard !== undefined,
  );
  const report = reportOf({
    subject: {
      kind: 'server',
      dialect,
      ...editionOf(dialect, editions),
      target: target.redactor.text(options.url),
    },
    ...{ seed, profile, startedAt, results, stale, plays, tolerances, notes },
    durationMs: clock.now(),
    strict: options.strict === true,
    // If the invalid token is accepted as valid, requests of the user were not checked, whatever their level.
    isCutShort: first.isOver || cutShort.length > 0 || causes.some((each) => each.credential === 'invalid'),
    views: shown,
    isOver,
    causes: [...reasons, ...otherEdition(shown), ...cutShort],
    redact: target.redactor.text,
    ...(shard === undefined ? {} : { part: partFor(shard, options, runs, { results, readings }) }),
  });
  return { report, plays, counterexamples };
}

/** Said of a run whose budget ended after the first look, as no requirement was judged then. */
function lookedOnly({ first, separate, plays }: ServerPlays, { reached }: Budget): string | undefined {
  if (reached === undefined || first.isOver) return undefined;
  if (plays.length > first.plays.length + separate.plays.length) return undefined;
  return `The first look succeeded: the server answered and let the client in. Nothing else was played (${reached}).`;
}

/** Why not everything was played that was planned. */
function cutShortBy(
  { signal }: ConformanceOptions,
  { first }: ServerPlays,
  { reached }: Budget,
  { redactor, room }: Pick<Target, 'redactor' | 'room'>,
  looked: string | undefined,
): readonly string[] {
  const pending = first.pending === undefined ? '' : `${redactor.text(first.pending)}; `;
  const usedUp =
    reached === undefined
      ? undefined
      : `The budget was used up (${reached}): ${pending}the rest was not played.`;
  const full = `The server sends more events than are kept of a run (${room.size}): the rest was not played.`;
  return [
    looked ?? usedUp,
    signal?.aborted === true ? 'The run was stopped before its end.' : undefined,
    room.isFull ? full : undefined,
  ].filter((why) => why !== undefined);
}

function targetOf(
  options: ConformanceOptions,
  clock: Clock,
  tolerances: Tolerances,
  streams: string | undefined,
): Omit<Target, 'room' | 'editions'> {
  const { url, profile = 'full', credentials = {} } = options;
  const redactor = newRedactor({ names: options.redact ?? [] });
  const { valid, admin, user, invalid } = credentials;
  for (const secret of [valid, admin, user, invalid]) if (secret !== undefined) redactor.learn(secret);
  return {
    url: withoutTrailing(url, '/'),
    apiUrl: withoutTrailing(options.apiUrl ?? url.replace(/^ws/, 'http'), '/'),
    credentials,
    sounds: openSounds(options.audio),
    streamSource: options.streamSource === undefined ? streams : withoutTrailing(options.streamSource, '/'),
    pace: options.pace ?? PROFILES[profile].pace,
    clock,
    redactor,
    // Late answers are awaited, so that they are seen.
    establishMs: tolerances.establishMs + LATE_MS,
    controlMs: tolerances.controlMs,
    form: undefined,
  };
}

/** How much of the spoken text came back. It affects no verdict. */
function comparedWith(transcript: string, plays: readonly Played[], socket: SocketDialect): string {
  const play = plays.find(({ name }) => name === `${socket}/speech`);
  const [conversation] = conversationsOf(play?.events ?? []);
  const turns = conversation === undefined ? [] : spokenTurnsOf(conversation);
  const finals = [
    ...(conversation?.heard ?? []).filter(({ message }) => message.kind === 'final'),
    ...turns.flatMap(({ candidates }) => candidates.at(-1) ?? []),
  ];
  if (finals.length === 0)
    return 'Nothing can be compared with the transcript: the speech probe brought no final.';
  const said = wordsOf(transcript);
  const heard = wordsOf(finals.map(({ message }) => String(message.fields?.['text'])).join(' '));
  const percent = Math.round(100 * wordErrorRate(said, heard));
  return `Word error rate against the transcript: ${percent} % (${said.length} words said, ${heard.length} heard).`;
}
