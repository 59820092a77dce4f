import { DIALECT_NAMES, DIALECTS, isSocket } from '../../protocol/dialects.ts';
import { refuseFrozen } from '../../runtime/frozen.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { assemble, type Arrangement, type Parts } from './assemble.ts';
import type { ControlOptions } from '../control/options.ts';
import {
  addScenario,
  faceOf,
  forget,
  removeScenario,
  saveScenario,
  sessionOf,
  sessionsOf,
  setDefaults,
  usageOf,
  STOP_TIMEOUT_MS,
  verifySessions,
} from './face.ts';
import type { MockServer } from '../mock-server.ts';
import { createServer, listen } from './listen.ts';
import { hasControl, readOptions, type MockServerOptions } from '../options.ts';
import { route } from './routes.ts';
import { loadEngine } from '../session/attend.ts';
import type { PlayedScenario } from '../session/sessions.ts';

/** How long after the start the words are loaded, if they have not been needed before. */
const WARM_UP_MS = 300;

/** What is different for a server with several processes. Left out: there is one process. */
export interface ServerArrangement extends Arrangement {
  /** Called before the server listens. */
  readonly beforeListening?: (parts: Parts) => Promise<void>;
  /** What the control API does differently. */
  readonly control?: (parts: Parts, own: ControlOptions) => ControlOptions;
}

/** Starts a fake, of one process or of several; see `startMockServer()`. */
export async function startServer(
  given: MockServerOptions,
  arrangement: ServerArrangement = {},
): Promise<MockServer> {
  const options = readOptions(given);
  await refuseFrozen('startMockServer()');
  const parts = await assemble(options, arrangement);
  const { service, rest, host, handshakes, refusals, feed } = parts;
  const server = await createServer(options.tls, options.host, options.headersTimeoutMs);
  const own = controlOf(parts);
  const upgrades = route(server, parts, arrangement.control?.(parts, own) ?? own);
  const port = await (async () => {
    try {
      await arrangement.beforeListening?.(parts);
      return await listen(server, options.port, options.host);
    } catch (error) {
      service.stop();
      throw error;
    }
  })();
  const stopLoading = await beginLoading(parts);

  const stop = async () => {
    await refuseFrozen('stop()');
    if (options.drainMs > 0) await host.drain(options.drainMs);
    stopLoading();
    const closed = new Promise((resolve) => server.close(resolve));
    service.stop();
    rest.stop();
    upgrades.endAll();
    refusals.close('the server has stopped');
    handshakes.endAll();
    await host.stop(STOP_TIMEOUT_MS);
    server.closeAllConnections();
    await closed;
    feed.stop();
  };
  let stopping: Promise<void> | undefined;
  return faceOf(parts, port, () => (stopping ??= stop()));
}

/** Loads what will be needed soon, and reloads what changes. Call the returned function to stop it. */
async function beginLoading(parts: Parts): Promise<() => void> {
  const { options, catalog, wall, voices, host, shelf, onEvent } = parts;
  // A manual clock must not be moved past the beginning of a connection that already exists.
  if (options.clock === 'manual') await loadEngine();
  const onRead = (scenarios: readonly Scenario[]) => {
    if (options.watch === 'close') host.closePlaying(scenarios.flatMap(playedOf));
  };
  const { scenarios } = options;
  const watching: (() => void)[] = [];
  if (options.watch !== false) {
    const { watchScenarios } = await import('../selection/watch.ts');
    const { watchRecordings } = await import('../recordings/watch.ts');
    watching.push(watchScenarios(catalog, scenarios, wall, onEvent, onRead));
    watching.push(await watchRecordings(shelf, options.recordings, wall, onEvent));
  }
  // What the first client would otherwise wait for is loaded soon, but not while that client may be connecting. Errors
  // are reported to the first client that needs it.
  const cancelWarmUp = wall.at(
    wall.now() + WARM_UP_MS,
    () => void Promise.all([voices(undefined), loadEngine()]).catch(() => undefined),
  );
  return () => {
    cancelWarmUp();
    for (const stop of watching) stop();
  };
}

function playedOf({ name, file: { dialect } }: Scenario): readonly PlayedScenario[] {
  return isSocket(dialect) ? [{ name, life: DIALECTS[dialect].life }] : [];
}

/** The control API of a server with one process. */
export function controlOf(parts: Parts): ControlOptions {
  const { options, wall, journal, tally, feed, startedAt, host, service, assignments, selection, catalog } =
    parts;
  return {
    host: options.host,
    token: options.controlToken,
    page: options.page && hasControl(options),
    isDraining: () => host.isDraining,
    judge: options.judge,
    clock: parts.movable,
    clockMode: options.clock,
    ...{ wall, journal, feed, startedAt, service, assignments },
    requests: async () => {
      const { describeRequest } = await import('../control/describe.ts');
      return journal.requests.map(describeRequest);
    },
    usage: (token) => usageOf(parts, token),
    measured: () => ({ tally, messages: journal.messages, open: host.sessions, journal }),
    async nextSession(given) {
      const session = await host.nextSession(given);
      const { describeSession } = await import('../control/describe.ts');
      return describeSession(session, journal.get(session.id));
    },
    async list(query) {
      const { listed } = await import('../control/describe.ts');
      return listed(sessionsOf(parts), journal, query);
    },
    partOf(id, from, most) {
      const log = journal.get(id);
      if (log !== undefined) return { ...log.part(from, most), total: log.total };
      return sessionOf(parts, id) && 'not kept';
    },
    session: (id) => sessionOf(parts, id),
    hasScenario: (name) => selection.hasName(name),
    scenarios: () =>
      DIALECT_NAMES.flatMap((dialect) => catalog.names(dialect).map((name) => ({ dialect, name }))),
    addScenario: (name, text) => addScenario(parts, name, text),
    saveScenario: options.allowSave
      ? (name, text, replaces) => saveScenario(parts, name, text, replaces)
      : undefined,
    removeScenario: (name) => removeScenario(parts, name),
    defaults: () =>
      Object.fromEntries(
        DIALECT_NAMES.flatMap((dialect) => {
          const name = parts.defaults.get(dialect);
          return name === undefined ? [] : [[dialect, name]];
        }),
      ),
    setDefaults: (names) => setDefaults(parts, names, true),
    verify: (expectations, given) => verifySessions(parts, expectations, given),
    reset: (given) => forget(parts, given),
  };
}
