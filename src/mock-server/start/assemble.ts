import type { AllowList } from '../../audio/sources/allow.ts';
import { isLoopback } from '../../runtime/network/address.ts';
import { inTenths, manualClock, realClock, type Clock, type ManualClock } from '../../runtime/clock.ts';
import { UserError } from '../../runtime/errors.ts';
import { isoOf, wallNowMs } from '../../runtime/wall-time.ts';
import { openCatalog, type Catalog } from '../../scenario/catalog.ts';
import type { Voices } from '../../scenario/speech/voices.ts';
import { parseKeys, secretsOf, type Keys } from '../dialects/keys.ts';
import { newTokens, type Tokens } from '../dialects/reson8/tokens.ts';
import type { ServerEvent } from '../events.ts';
import { Feed } from '../feed/feed.ts';
import { Journal } from '../journal/journal.ts';
import { newTally, type Tally } from '../journal/tally.ts';
import { UsageMeter } from '../journal/usage.ts';
import { lazyVoices } from './lazy.ts';
import type { ReadOptions } from '../options.ts';
import { openShelf, type Shelf } from '../recordings/shelf.ts';
import type { RestOptions } from '../rest/options.ts';
import { newModels, type Models } from '../rest/reson8/models.ts';
import { restScenarios, type RestScenarios } from '../rest/scenarios.ts';
import { startService, type Service } from '../rest/service.ts';
import { newAssignments, type Assignments } from '../selection/assignments.ts';
import { Defaults } from '../selection/defaults.ts';
import { makeSelection, namesOf, type Selection } from '../selection/selection.ts';
import { SessionHost, type SessionHostOptions } from '../session/host.ts';
import type { Sessions } from '../session/sessions.ts';
import { holdHandshakes, type Handshakes } from '../upgrade/handshake.ts';
import { Refusals } from '../upgrade/refusals.ts';
import type { SharedUpgrades } from '../upgrade/shared.ts';

/** What tests set, and what is counted. */
export interface KeptParts {
  readonly assignments: Assignments;
  readonly selection: Selection;
  readonly service: Service;
  readonly rest: RestScenarios;
  /** The custom models of Reson8. */
  readonly models: Pick<Models, 'phrasesOf' | 'clear'>;
  readonly withModels: RestOptions['withModels'];
  /** Set if several replicas decide together. */
  readonly shared?: SharedUpgrades;
  /** What calls over HTTP wait for. Left out: nothing. */
  readonly before?: () => Promise<void>;
}

/** What a server is made of, shared by its routes and the object that tests hold. */
export interface Parts extends KeptParts {
  readonly options: ReadOptions;
  /** Scenario time. */
  readonly clock: Clock;
  /** The same clock, to be moved if it is a manual one. */
  readonly movable: ManualClock;
  /** Real time, for how long we wait for a client, whatever scenario time does. */
  readonly wall: Clock;
  /** The time of day at scenario time 0, ISO 8601. */
  readonly startedAt: string;
  readonly keys: Keys;
  readonly tokens: Tokens;
  /** The recordings of the user. */
  readonly shelf: Shelf;
  readonly voices: Voices;
  readonly journal: Journal;
  readonly tally: Tally;
  /** What was heard on connections and in calls that have ended. */
  readonly meter: UsageMeter;
  /** What happens, for readers of `GET events`. */
  readonly feed: Feed;
  readonly onEvent: (event: ServerEvent) => void;
  readonly catalog: Catalog;
  readonly defaults: Defaults;
  readonly host: Sessions;
  readonly handshakes: Handshakes;
  readonly refusals: Refusals;
}

/**
 * How long a client has to answer a Close frame, in real time. A judge of clients allows 5 s: so one that does not
 * answer is detected even if the fake stands still for a second at the end of these.
 */
const CLOSE_TIMEOUT_MS = 7000;

/** When scenario time was 0; the same in all processes of a server. */
export interface Origin {
  /** Milliseconds since 1970. */
  readonly unixMs: number;
  /** As in `machineMsOf`; not used by a manual clock. */
  readonly machineMs: number;
}

/** What is different for a server with several processes. Left out: there is one process, and it begins now. */
export interface Arrangement<Host extends Sessions = Sessions> {
  readonly origin?: Origin;
  /** Makes the host of the connections. */
  readonly hostOf?: (options: SessionHostOptions) => Host;
  /** Keeps what tests set; left out: in this process. */
  readonly keeping?: (basis: KeptFor) => KeptParts;
}

/** What is needed to keep what tests set. */
export type KeptFor = Pick<Parts, 'options' | 'clock' | 'feed' | 'catalog' | 'defaults'>;

/**
 * Builds the parts of a server; nothing listens yet.
 *
 * @throws UserError for options that make no sense, and for scenario files with mistakes
 */
export async function assemble(
  options: ReadOptions,
  { origin, hostOf = (given) => new SessionHost(given), keeping = keepHere }: Arrangement = {},
): Promise<Parts> {
  const movable =
    options.clock === 'manual'
      ? told(manualClock(), (nowMs) => feed.add({ event: 'clock', nowMs: inTenths(nowMs) }))
      : unmoved(realClock(options.speed, origin?.machineMs));
  const clock: Clock = movable;
  const wall = realClock();
  const feed: Feed = new Feed({
    ...{ clock, wall, open: () => host.sessions },
    onWatched: (isWatched) => host.elsewhere?.watched(isWatched),
  });
  const startedUnixMs = origin?.unixMs ?? wallNowMs();
  const startedAt = isoOf(startedUnixMs);
  const keys = parseKeys(options.keys);
  const unixMs = () => startedUnixMs + clock.now();
  const tokens = newTokens(options.seed, keys, unixMs);
  const secrets = [
    ...secretsOf(options.keys),
    ...(options.controlToken === undefined ? [] : [options.controlToken]),
  ];
  const journal = new Journal(options.journal, () => clock.now(), secrets, options.redaction);
  const { tally, count } = newTally();
  const meter = new UsageMeter();
  const onEvent = (event: ServerEvent) => {
    count(event);
    feed.tell(event);
    options.onEvent(event);
  };
  const shelf = await openShelf(options.recordings, onEvent);
  const voices = lazyVoices(options.seed, () => shelf.current);
  const refusals = new Refusals(wall, options.waitMs);
  const host = hostOf({
    clock,
    wall,
    allow: await readAllowList(options.allowUrls, isLoopback(options.host)),
    maxBufferedBytes: options.maxBufferedBytes,
    pulseMs: options.pulseMs,
    unixMs,
    closeTimeoutMs: CLOSE_TIMEOUT_MS,
    pingMs: options.pingMs,
    waitMs: options.waitMs,
    journal,
    onUsed: (use) => meter.add(use),
    told: (opened) => refusals.told(opened),
    editions: options.editions,
    onEvent,
    seed: options.seed,
    speakers: (most) => speakersOf(options.speakers, most),
    voices,
  });
  const catalog = await openCatalog(options.scenarios, options.replay, (path, message) =>
    onEvent({ event: 'recording-note', path, message }),
  );
  const defaults = new Defaults(catalog);
  await defaults.replace(options.scenario);
  return {
    ...{
      options,
      clock,
      movable,
      wall,
      startedAt,
      keys,
      tokens,
      shelf,
      voices,
      journal,
      tally,
      meter,
      feed,
      onEvent,
    },
    ...{ catalog, defaults },
    ...keeping({ options, clock, feed, catalog, defaults }),
    ...{ host, handshakes: holdHandshakes(clock), refusals },
  };
}

/** Keeps what tests set in this process. */
function keepHere({ options, clock, feed, catalog, defaults }: KeptFor): KeptParts {
  const assignments = newAssignments();
  const selection = makeSelection(catalog, namesOf(catalog, defaults, assignments));
  const service = startService(options.service, clock, (state) => feed.add({ event: 'service', state }));
  const models = newModels(options.seed);
  return {
    ...{ assignments, selection, service, models },
    rest: restScenarios(selection, service, options.service, clock),
    withModels: (key, act) => act(models, key),
  };
}

/** The number of speakers for a client that wants them distinguished, unless the server's options say otherwise. */
const USUAL_SPEAKERS = 2;

/** How many made-up speakers take turns when at most this many are distinguished. */
export function speakersOf(ofServer: number, most: number | undefined): number {
  if (most === undefined) return ofServer;
  return Math.min(most, ofServer > 0 ? ofServer : USUAL_SPEAKERS);
}

/** @throws UserError for a pattern that cannot be read */
async function readAllowList(patterns: readonly string[], loopback: boolean): Promise<AllowList> {
  if (patterns.length === 0) return { loopback, names: [], networks: [] };
  const { parseAllowList } = await import('../../audio/sources/allow.ts');
  return parseAllowList(patterns, loopback);
}

/** A manual clock that reports when it was moved. */
function told(clock: ManualClock, onMoved: (nowMs: number) => void): ManualClock {
  return {
    now: () => clock.now(),
    at: (dueMs, callback) => clock.at(dueMs, callback),
    get pending() {
      return clock.pending;
    },
    async advance(ms) {
      await clock.advance(ms);
      onMoved(clock.now());
    },
  };
}

function unmoved(clock: Clock): ManualClock {
  return {
    now: () => clock.now(),
    at: (dueMs, callback) => clock.at(dueMs, callback),
    get pending() {
      return clock.pending;
    },
    advance: () =>
      Promise.reject(new UserError("clock.advance() needs a server started with clock: 'manual'")),
  };
}
