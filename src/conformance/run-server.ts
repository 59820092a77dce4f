import { dialectsIn, mainSocketIn, vendorIn, type SocketDialect } from '../protocol/dialects.ts';
import { editionsGiven } from '../scenario/editions.ts';
import { setMaxListeners } from 'node:events';
import { isLoopback } from '../runtime/network/address.ts';
import { realClock, type Clock } from '../runtime/clock.ts';
import { refuseUnknown } from '../runtime/json/given.ts';
import { withoutTrailing } from '../runtime/trailing.ts';
import { isoOf, wallNowMs } from '../runtime/wall-time.ts';
import { tooShort } from '../wire/redact/known.ts';
import { newRedactor } from '../wire/redact/redact.ts';
import { applyBaseline, checkEdition } from './judge/baseline.ts';
import { Budget, judgingTime } from './player/budget.ts';
import { causesIn } from './causes/causes.ts';
import { otherEdition } from './causes/other-edition.ts';
import { namedBy } from './causes/named.ts';
import { dialectsOfKnownToken } from './causes/known-token.ts';
import { lookAgain, lookWithMadeUp, placesInDoubt } from './causes/look-again.ts';
import { conversationsOf } from './conversation/conversation.ts';
import { editionOf } from './conversation/editions-in.ts';
import { explore, type Counterexample } from './explore/explore.ts';
import { spokenTurnsOf } from './invariants/reson8-turns/spoken-turns.ts';
import { INVARIANTS } from './invariants/index.ts';
import { NOT_JUDGED, playOf, requirementsOf } from './judging/plays.ts';
import { because, failuresIn, judgeRun } from './judging/server.ts';
import { inHaste } from './player/in-haste.ts';
import { neededIn, startFor } from './player/needed.ts';
import { costOfAll, type Means } from './player/plan.ts';
import type { Played } from './player/play-scenario.ts';
import { cutNotes, playProbes } from './player/play-probes.ts';
import { openSounds } from './player/sounds.ts';
import { serveStreams } from './player/stream-source.ts';
import type { Target } from './player/target.ts';
import { preflight } from './player/preflight.ts';
import { probesOf } from './player/probes.ts';
import { lookAtSeparate, NOT_LOOKED, withoutMissing } from './player/separate.ts';
import { reproOf } from './report/repeat/server.ts';
import type { Report } from './report/report.ts';
import { checkShard, partFor } from './server-part.ts';
import { reportOf } from './judging/report.ts';
import { Room, roomOfRun } from './peer/room.ts';
import {
  NAMES_WITHIN,
  OPTION_NAMES,
  PROFILES,
  SHRINK_MS,
  type ConformanceOptions,
} from './server-run-options.ts';
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
 * @throws UserError for an `audio` file that is missing or not a WAVE file, an unknown edition, a baseline of another, or
 * a `shard` where nothing can be shared out, or unknown options.
 * @throws TypeError for an invalid `url`.
 */
export async function runConformance(options: ConformanceOptions): Promise<ConformanceRun> {
  refuseUnknown('runConformance()', options, Object.keys(OPTION_NAMES), NAMES_WITHIN);
  const { dialect, profile = 'full', seed = 1, onProgress = () => undefined } = options;
  const defaults = PROFILES[profile];
  const editions = editionsGiven(options.editions);
  checkEdition(options.baseline ?? [], editions[vendorIn(dialect)], options.files?.baseline);
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
  const { valid: token, admin, user, invalid } = target.credentials;
  const notes: string[] = [
    ...tooShort({ token, 'admin-token': admin, 'user-token': user, 'bad-token': invalid }),
  ];
  let plays: Played[] = [];
  /** The reasons why the run did not finish. */
  const cutShort: string[] = [];

  onProgress({
    kind: 'plan',
    target: target.url,
    probes: probes.length,
    of: Math.max(probes.length, bundled.length),
    cost: costOfAll(probes, means, target),
    runs,
    budget: budget.limits,
  });

  const socket = mainSocketIn(dialect);
  const first = await preflight(dialect, target, profile === 'live');
  plays.push(...first.plays);
  budget.take({ audioMs: 0, sessions: first.plays.length });
  notes.push(...first.notes);
  let found: readonly Counterexample[] = [];
  let separate = NOT_LOOKED;
  const named = namedBy(options);
  const seen = () => plays.map((played) => playOf(played, tolerances));
  if (!first.isOver) {
    // A server that accepts another form only was given something else than an API key.
    const accessTokens = first.form === undefined ? { areIssued: true } : undefined;
    const within = { ...target, form: first.form, accessTokens };
    const start = first.isDown ? startFor(probes, bundled) : [];
    separate = await lookAtSeparate(dialect, probes, within);
    plays.push(...separate.plays);
    budget.take({ audioMs: 0, sessions: separate.looks });
    const there = probes.filter(({ file }) => !separate.missing.has(file.dialect));
    const skipped = await playProbes([...start, ...there], {
      target: within,
      means,
      budget,
      concurrency: options.concurrency ?? defaults.concurrency,
      plays,
      onProgress,
    });
    notes.push(...skipped);
    // If no one is let in, generated sessions show nothing more.
    const isClosed = () => causesIn(seen(), named).some(({ place }) => place === socket);
    if (runs > 0 && !signal.aborted && !room.isFull && !isClosed()) {
      const explored = await explore({
        dialect,
        target: within,
        budget,
        tolerances,
        requirements,
        invariants: INVARIANTS,
        before: seen(),
        named,
        seed,
        runs,
        shard,
        shrinkMs: options.shrinkMs ?? SHRINK_MS,
        deviations: new Set(options.deviations ?? []),
        concurrency: options.concurrency ?? defaults.concurrency,
        onProgress,
      });
      plays.push(...explored.plays);
      found = explored.counterexamples;
      notes.push(...explored.notes);
    }
    if (!signal.aborted && !room.isFull && budget.reached === undefined) {
      // Only a session shows that a started service is up, and the probes that were needed may not have opened one.
      const places = new Set([...placesInDoubt(seen(), named), ...(start.length > 0 ? [socket] : [])]);
      const again = await lookAgain([...places], dialect, within);
      const strange = await lookWithMadeUp(dialectsOfKnownToken(seen()), within, seed);
      budget.take({ audioMs: 0, sessions: again.length + strange.length });
      plays.push(...again, ...strange);
    }
  }
  const looked =
    budget.reached !== undefined &&
    !first.isOver &&
    plays.length === first.plays.length + separate.plays.length
      ? `The first look succeeded: the server answered and let the client in. Nothing else was played (${budget.reached}).`
      : undefined;
  const pending = first.pending === undefined ? '' : `${target.redactor.text(first.pending)}; `;
  if (looked !== undefined) cutShort.push(looked);
  else if (budget.reached !== undefined) {
    cutShort.push(`The budget was used up (${budget.reached}): ${pending}the rest was not played.`);
  }
  if (options.signal?.aborted === true) {
    cutShort.push('The run was stopped before its end.');
  }
  if (room.isFull) {
    cutShort.push(
      `The server sends more events than are kept of a run (${room.size}): the rest was not played.`,
    );
  }
  // What has filled the room is a flood, of which the end shows no more than the beginning.
  if (signal.aborted || room.isFull) plays = [...inHaste(plays)];
  cutShort.push(...cutNotes(plays));

  if (options.transcript !== undefined) notes.push(comparedWith(options.transcript, plays, socket));
  const shown = seen();
  const isOver = judgingTime(clock, budget.endMs);
  const { judged, causes, readings, counterexamples } = judgeRun(shown, requirements, {
    strict: options.strict === true,
    deviations: options.deviations ?? [],
    named,
    editions,
    isOver,
    counterexamples: found,
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
