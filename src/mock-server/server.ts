import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AllowList } from '../audio/sources/allow.ts';
import { manualClock, realClock, type Clock, type ManualClock } from '../runtime/clock.ts';
import { UserError } from '../runtime/errors.ts';
import { refuseFrozen } from '../runtime/frozen.ts';
import { openCatalog, type Catalog } from '../scenario/catalog.ts';
import { happyPath, type Life } from '../scenario/happy-path.ts';
import { dialectOf, lifeOf } from '../scenario/life.ts';
import { SCENARIO_DIALECTS, type ScenarioDialect } from '../scenario/scenario.ts';
import type { Voices } from '../scenario/voices.ts';
import { wallNowMs, isoOf } from '../runtime/wall-time.ts';
import { endTcp } from '../wire/tcp.ts';
import { takeUpgrades } from '../wire/upgrades.ts';
import { CONTROL_PATH, serverUrls, type ServerUrls } from './addresses.ts';
import { newAssignments } from './selection/assignments.ts';
import { loadEngine } from './session/attend.ts';
import { isUpgrade, upgrader, type Plan } from './upgrade/upgrader.ts';
import { reson8 } from './dialects/reson8.ts';
import { scriptix } from './dialects/scriptix.ts';
import { failingSteps } from './dialects/failure.ts';
import { parseKeys, secretsOf } from './dialects/keys.ts';
import { holdHandshakes } from './upgrade/handshake.ts';
import type { TraceEvent } from '../wire/trace.ts';
import type { ControlOptions } from './control/app.ts';
import { isLoopback } from './loopback.ts';
import { questionOf, recordRefusal, recordRequest, recordUnanswered } from './journal/http.ts';
import { Journal } from './journal/journal.ts';
import { createServer, listen } from './listen.ts';
import type { Session } from './session/live-session.ts';
import type { NextOptions } from './session/handout.ts';
import { refusalOf, type Refusal } from './upgrade/refusal.ts';
import { Refusals } from './upgrade/refusals.ts';
import { readOptions, scenariosOf, type MockServerOptions, type ServerEvent } from './options.ts';
import { partsOf, type ResetParts } from './control/reset.ts';
import type { RestOptions } from './rest/app.ts';
import { startService, type Service } from './rest/service.ts';
import { restScenarios } from './rest/scenarios.ts';
import { makeSelection, readDefaults, type Selected, noSuch } from './selection/selection.ts';
import { SessionHost } from './session/host.ts';
import { newTally } from './journal/tally.ts';

/** A running fake of both services. */
export interface MockServer extends AsyncDisposable {
  readonly urls: ServerUrls;
  /** Whether there is a control API: not on an address that others reach without a `controlToken`. */
  readonly hasControl: boolean;
  /** The connections that are open. */
  readonly sessions: readonly Session[];
  /** How many upgrades a scenario keeps waiting for their answer. The journal has them when they are over. */
  readonly waitingUpgrades: number;
  /**
   * The oldest connection that was not handed out yet, or the next one to come. Rejects when none comes in time, and when
   * the server is reset or stops.
   */
  nextSession(options?: NextOptions): Promise<Session>;
  /** The upgrades that were refused, the latest 1000 of them. */
  readonly refusals: readonly Refusal[];
  /** The oldest refused upgrade that was not handed out yet, or the next one; see `nextSession()`. */
  nextRefusal(options?: NextOptions): Promise<Refusal>;
  /** A connection by its id: an open one, or one that has ended and is in the journal. */
  session(id: string): Session | undefined;
  /** What is remembered of all connections and plain HTTP requests (`h1`, `h2`, …), without secrets. */
  readonly journal: JournalView;
  /**
   * Gives the connections with a token a scenario from now on; undefined takes it back.
   *
   * @throws UserError for a scenario that does not exist.
   */
  assign(token: string, scenario: string | undefined): void;
  /**
   * From now on, the scenario for connections and calls that select none, as the option `scenario` has it; undefined for
   * the life that the documents describe. What is open stays as it is; attempts are counted anew.
   *
   * @throws UserError for a scenario that does not exist, and for a file with mistakes.
   */
  setScenario(scenario: string | readonly string[] | undefined): Promise<void>;
  /** Forgets what tests did: open connections (closed with 1001), journal, assignments, state of the service. */
  reset(parts?: ResetParts): Promise<void>;
  /** Scenario time. `advance` throws a UserError unless the server was started with `clock: 'manual'`. */
  readonly clock: ManualClock;
  /** The realtime service behind the Scriptix REST API. */
  readonly service: Service;
  /** Closes all connections with 1001 and stops listening. */
  stop(): Promise<void>;
}

export interface JournalView {
  /** The ids of what is remembered: connections, then HTTP requests, each in the order in which they came. */
  readonly ids: readonly string[];
  /** What one of them did; nothing for an unknown one. */
  events(id: string): readonly TraceEvent[];
  /** Whether nothing is going to be added to it. */
  isOver(id: string): boolean;
}

const DIALECTS = [scriptix, reson8] as const;

/** How long a client has to answer a Close frame, and how long at the end of the server, in real time. */
const CLOSE_TIMEOUT_MS = 5000;
const STOP_TIMEOUT_MS = 2000;
/** How long after the start words are loaded that nobody has asked for yet. */
const WARM_UP_MS = 300;

/**
 * Starts a fake of both services on one port.
 *
 * @throws UserError for a port that cannot be had, and for options that mean nothing.
 */
export async function startMockServer(given: MockServerOptions = {}): Promise<MockServer> {
  const options = readOptions(given);
  await refuseFrozen('startMockServer()');
  const clock: Clock = options.clock === 'manual' ? manualClock() : realClock(options.speed);
  // What lies between a client and our patience is real time, whatever scenario time does.
  const wall = realClock();
  const keys = parseKeys(options.keys);
  const voices = lazyVoices(options.seed);
  const startedAt = isoOf(wallNowMs());
  const secrets = [
    ...secretsOf(options.keys),
    ...(options.controlToken === undefined ? [] : [options.controlToken]),
  ];
  const journal = new Journal(options.journal, () => clock.now(), secrets, options.redaction);
  const { tally, count } = newTally();
  const onEvent = (event: ServerEvent) => {
    count(event);
    options.onEvent(event);
  };
  const refusals = new Refusals(wall, options.waitMs);
  const host = new SessionHost({
    clock,
    wall,
    allow: await readAllowList(options.allowUrls, isLoopback(options.host)),
    maxBufferedBytes: options.maxBufferedBytes,
    closeTimeoutMs: CLOSE_TIMEOUT_MS,
    pingMs: options.pingMs,
    waitMs: options.waitMs,
    journal,
    told: (opened) => refusals.told(opened),
    onEvent,
    script: ({ life, failure, plan }) => ({
      steps: failure === undefined ? (plan?.steps ?? happyPath(life)) : failingSteps(failure),
      speakers: options.speakers,
      seed: plan?.seed ?? options.seed,
    }),
    voices,
  });
  const catalog = await openCatalog(options.scenarios, options.replay);
  const defaults = new Map(await readDefaults(catalog, options.scenario));
  let isGone = await isUnreachable(catalog, defaults);
  const assignments = newAssignments();
  const selection = makeSelection(catalog, defaults, assignments);
  const handshakes = holdHandshakes(clock);
  const server = await createServer(options.tls, options.host, options.headersTimeoutMs);
  const service = startService(options.service, clock);
  const scenarios = restScenarios(selection, service, options.service, clock);
  const onUpgrade = upgrader({
    dialects: DIALECTS,
    maxFrameBytes: options.maxFrameBytes,
    admit(dialect, request) {
      const admission = dialect.admit(request, {
        keys,
        ready: scenarios.serviceOf(dialect.tokenOf(request)).status === 'ready',
      });
      if (admission.kind === 'refuse') return admission.answer;
      if (host.size + handshakes.size >= options.maxSessions)
        return dialect.full(`More than ${options.maxSessions} connections`);
      return admission.opening;
    },
    credentialOf: (dialect, request) => keys(dialect.tokenOf(request)),
    plan(dialect, life, request) {
      const by = { ...request, token: dialect.tokenOf(request) };
      const selecting = selection.select(dialectOf(life), by);
      // A REST scenario can keep its token's service from being ready; but a name is first of all the connection's own.
      const service = dialect === scriptix && selecting === undefined ? scenarios.select(by) : undefined;
      if (service === undefined && selecting === undefined) return undefined;
      return Promise.all([selecting, service]).then(
        ([selected]) => selected && compilePlan(selected, life, options.seed),
      );
    },
    handshakes,
    now: () => clock.now(),
    onConnection: (connection, arrival, lines) => host.open(connection, arrival, lines),
    onRefused(answer, arrival, token) {
      const log = recordRefusal(journal, arrival, answer);
      const question = questionOf(arrival.request, journal);
      refusals.add(refusalOf(log, question, answer), token);
      onEvent({ event: 'refused', ...question, ...answer });
    },
    onUnanswered: (how, arrival) => recordUnanswered(journal, arrival, how),
  });
  const upgrades = takeUpgrades(server, (request) => isUpgrade(DIALECTS, request), onUpgrade);
  // Nothing of a request is known yet, so this is for all connections, those of the REST API included.
  server.on('connection', (socket) => {
    if (isGone) endTcp(socket, 'reset');
  });
  const secure = options.tls !== undefined;
  const rest = lazyRest({
    scenarios,
    clock,
    keys,
    dialects: DIALECTS,
    onNotFound: (request) => onEvent({ event: 'not-found', ...questionOf(request, journal) }),
  });
  const session = (id: string) => host.find(id) ?? journal.get(id)?.session;
  const setScenario = async (given: string | readonly string[] | undefined) => {
    const next = await readDefaults(catalog, scenariosOf(given));
    const isGoneNext = await isUnreachable(catalog, next);
    // All in one turn, so that no connection meets half of each.
    defaults.clear();
    for (const [dialect, name] of next) defaults.set(dialect, name);
    isGone = isGoneNext;
    selection.reset();
    scenarios.reset();
  };
  const reset = async (parts: ResetParts = {}) => {
    for (const part of partsOf(parts)) {
      if (part === 'sessions') {
        handshakes.endAll();
        refusals.clear('the server was reset before an upgrade was refused');
        await host.endAll(STOP_TIMEOUT_MS);
      }
      if (part === 'journal') journal.clear();
      if (part === 'assignments') {
        assignments.clear();
        selection.reset();
      }
      if (part === 'service') {
        service.reset();
        scenarios.reset();
      }
    }
  };
  const movable = 'advance' in clock ? (clock as ManualClock) : unmoved(clock);
  const control = lazyControl({
    host: options.host,
    token: options.controlToken,
    clock: movable,
    clockMode: options.clock,
    wall,
    journal,
    tally,
    startedAt,
    open: () => host.sessions,
    session,
    service,
    assignments,
    hasScenario: (name) => selection.hasName(name),
    scenarios: () =>
      SCENARIO_DIALECTS.flatMap((dialect) => catalog.names(dialect).map((name) => ({ dialect, name }))),
    reset,
  });
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    if (isControl(request.url)) return control(request, response);
    recordRequest(journal, request, response);
    rest(request, response);
  });

  const port = await listen(server, options.port, options.host).catch((error: unknown) => {
    service.stop();
    throw error;
  });
  // A clock that is moved by hand must not be moved past the beginning of a connection that is there.
  if (options.clock === 'manual') await loadEngine();
  const stopWatching = options.watch
    ? (await import('./selection/watch.ts')).watchScenarios(catalog, options.scenarios, wall, options.onEvent)
    : undefined;
  // What the first client would wait for is loaded soon, but not while it may just be connecting.
  const cancelWarmUp = wall.at(
    wall.now() + WARM_UP_MS,
    () => void Promise.all([voices(undefined), loadEngine()]).catch(() => undefined),
  );

  const stop = async () => {
    await refuseFrozen('stop()');
    cancelWarmUp();
    stopWatching?.();
    const closed = new Promise((resolve) => server.close(resolve));
    service.stop();
    scenarios.stop();
    upgrades.endAll();
    refusals.close('the server has stopped');
    handshakes.endAll();
    await host.stop(STOP_TIMEOUT_MS);
    server.closeAllConnections();
    await closed;
  };
  let stopping: Promise<void> | undefined;
  const stopOnce = () => (stopping ??= stop());
  return {
    urls: serverUrls(secure, options.host, port),
    hasControl: isLoopback(options.host) || options.controlToken !== undefined,
    get sessions() {
      return host.sessions;
    },
    get waitingUpgrades() {
      return handshakes.size;
    },
    nextSession: (given) => host.nextSession(given),
    get refusals() {
      return refusals.all;
    },
    nextRefusal: (given) => refusals.next(given),
    session,
    journal: {
      get ids() {
        return [...journal.connections, ...journal.requests].map(({ id }) => id);
      },
      events: (id) => journal.get(id)?.events() ?? [],
      isOver: (id) => journal.get(id)?.isOver ?? true,
    },
    assign(token, scenario) {
      if (scenario === undefined) return void assignments.delete(token);
      if (!selection.hasName(scenario)) throw new UserError(`assign(): ${noSuch(scenario, catalog)}`);
      if (!assignments.set(token, scenario)) throw new UserError('assign(): there are too many assignments');
    },
    setScenario,
    reset,
    clock: movable,
    service,
    stop: stopOnce,
    [Symbol.asyncDispose]: stopOnce,
  };
}

/** What is needed first is loaded first: a server that can be connected to. */
function lazyVoices(seed: number): Voices {
  let voices: Promise<Voices> | undefined;
  return async (language) => {
    voices ??= import('../scenario/voices.ts').then(({ voicesOf }) => voicesOf(seed));
    return (await voices)(language);
  };
}

/** Whether the scenario of all connections is one that resets them before they say anything. */
async function isUnreachable(
  catalog: Catalog,
  defaults: ReadonlyMap<ScenarioDialect, string>,
): Promise<boolean> {
  for (const [dialect, name] of defaults) {
    const life = lifeOf(dialect);
    if (life === undefined) continue;
    const { handshake } = await compilePlan(
      { scenario: await catalog.load(dialect, name), attempt: 0 },
      life,
      0,
    );
    if (handshake?.kind === 'unreachable') return true;
  }
  return false;
}

/** Scenarios are compiled for each connection: chance and attempts are its own. */
async function compilePlan({ scenario, attempt }: Selected, life: Life, seed: number): Promise<Plan> {
  const { compileAttempt } = await import('../scenario/compile.ts');
  const { name, file } = scenario;
  return { ...compileAttempt(scenario, { life, seed, attempt }), name, seed: file.seed ?? seed };
}

/** @throws UserError for a pattern that cannot be read */
async function readAllowList(patterns: readonly string[], loopback: boolean): Promise<AllowList> {
  if (patterns.length === 0) return { loopback, names: [], networks: [] };
  const { parseAllowList } = await import('../audio/sources/allow.ts');
  return parseAllowList(patterns, loopback);
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

function lazyRest(options: RestOptions): Handler {
  return lazily(async () => (await import('./rest/app.ts')).restApp(options));
}

function lazyControl(options: ControlOptions): Handler {
  return lazily(async () => (await import('./control/app.ts')).controlApp(options));
}

function isControl(url = ''): boolean {
  return url.startsWith(CONTROL_PATH) && /^([/?]|$)/.test(url.slice(CONTROL_PATH.length));
}

/** Express takes longer to load than all the rest together, and a WebSocket client never needs it. */
function lazily(load: () => Promise<Handler>): Handler {
  let app: Promise<Handler> | undefined;
  return (request, response) => {
    app ??= load();
    app.then(
      (handle) => handle(request, response),
      () => response.writeHead(500).end(),
    );
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
