import { UserError } from '../../runtime/errors.ts';
import { isTexts, kindOf } from '../../runtime/json/given.ts';
import { serverUrls } from '../addresses.ts';
import type { Parts } from './assemble.ts';
import { partsOf, type ResetPart, type ResetParts } from '../control/reset.ts';
import type { Usage } from '../journal/usage.ts';
import type { MockServer } from '../mock-server.ts';
import type { Session } from '../open-session.ts';
import type { ReadScenario } from '../../scenario/read/load.ts';
import type { Verification, VerifyOptions } from '../verify/verifier.ts';
import type { Expectation } from '../verify/verify.ts';
import { hasControl, scenariosOf } from '../options.ts';
import { noSuch } from '../selection/selection.ts';

/** How long sessions may take to end when the server stops or forgets them, in real time. */
export const STOP_TIMEOUT_MS = 2000;

/** The object by which a test holds a server that listens on `port`. */
export function faceOf(parts: Parts, port: number, stop: () => Promise<void>): MockServer {
  const { options, catalog, assignments, selection, host, handshakes, journal, refusals, service } = parts;
  return {
    urls: serverUrls(options.tls !== undefined, options.host, port, options.page && hasControl(options)),
    hasControl: hasControl(options),
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
    session: (id) => sessionOf(parts, id),
    journal: {
      get ids() {
        return [...journal.connections, ...journal.requests].map(({ id }) => id);
      },
      events: (id) => journal.get(id)?.events() ?? [],
      isOver: (id) => journal.get(id)?.isOver ?? true,
      get forgottenEvents() {
        return journal.forgottenEvents;
      },
    },
    assign(token, scenario) {
      mustBeText('assign()', 'token', token);
      if (scenario === undefined) return void assignments.delete(token);
      mustBeText('assign()', 'scenario', scenario);
      if (!selection.hasName(scenario))
        throw new UserError(noSuch(scenario, catalog).what, { command: 'assign()', key: 'scenario' });
      if (!assignments.set(token, scenario))
        throw new UserError('there are too many assignments', { command: 'assign()' });
    },
    async setScenario(scenario) {
      const names = scenariosOf(scenario);
      if (!isTexts(names)) mustBeText('setScenario()', 'scenario', names);
      await setDefaults(parts, names);
    },
    async addScenario(name, scenario) {
      mustBeText('addScenario()', 'name', name);
      if (typeof scenario !== 'object') mustBeText('addScenario()', 'scenario', scenario);
      const text = typeof scenario === 'string' ? scenario : JSON.stringify(scenario, null, 2);
      const read = await addScenario(parts, name, text);
      if (read.kind === 'scenario') return;
      const { mistakeOf } = await import('../../scenario/read/load.ts');
      throw new UserError(read.mistakes.map(mistakeOf));
    },
    removeScenario: (name) => removeScenario(parts, name),
    usage: (token) => usageOf(parts, token),
    async verify(expectations, given) {
      if (!Array.isArray(expectations)) {
        const what = `expected a list of expectations, got ${kindOf(expectations)}`;
        throw new UserError(what, { command: 'verify()' });
      }
      return verifySessions(parts, expectations, given);
    },
    reset: (given) => forget(parts, given),
    clock: parts.movable,
    service,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

function mustBeText(command: string, key: string, value: unknown): void {
  if (typeof value === 'string') return;
  throw new UserError(`expected a text, got ${kindOf(value)}`, { command, key });
}

/** A connection by its id: an open one, or one that has ended and is in the journal. */
export function sessionOf({ host, journal }: Parts, id: string): Session | undefined {
  return host.find(id) ?? journal.get(id)?.session;
}

/** The connections that are open or in the journal, in the order in which they came. */
export function sessionsOf({ host, journal }: Pick<Parts, 'host' | 'journal'>): readonly Session[] {
  const kept = journal.connections.flatMap(({ session }) => session ?? []);
  // If the journal is full, or keeps nothing, some are only known to be open.
  return [...kept, ...host.sessions.filter(({ id }) => journal.get(id) === undefined)];
}

/** Sets the scenarios for connections from now on that select none; see `Defaults.replace()`. */
export async function setDefaults(
  { defaults, selection, rest, feed }: Parts,
  given: readonly string[],
  isByHttp?: boolean,
): Promise<void> {
  await defaults.replace(given, isByHttp);
  selection.reset();
  rest.reset();
  feed.add({ event: 'scenario', change: 'default' });
}

/** Adds a scenario from its text, for connections from now on; see `PostedScenarios.add()`. */
export async function addScenario(
  { catalog, selection, feed }: Parts,
  name: string,
  text: string,
): Promise<ReadScenario> {
  const read = await catalog.posted.add(name, text);
  // The next connection with this scenario counts as its first.
  if (read.kind === 'scenario') {
    selection.reset(name);
    feed.add({ event: 'scenario', change: 'added', name });
  }
  return read;
}

/**
 * Saves a scenario in the first folder of scenarios, and reads it from there. Returns false if there is a file that
 * must not be replaced.
 */
export async function saveScenario(
  { options, catalog, selection, feed }: Parts,
  name: string,
  text: string,
  replaces: boolean,
): Promise<boolean> {
  const [folder = '.'] = options.scenarios;
  const { writeScenario: save } = await import('../selection/save.ts');
  const path = await save(folder, name, text, replaces);
  if (path === undefined) return false;
  // A scenario of this name that was only tried out would be found first.
  catalog.posted.remove(name);
  await catalog.add(path);
  selection.reset(name);
  feed.add({ event: 'scenario', change: 'added', name });
  return true;
}

/** Removes a scenario that was added. Returns whether there was one. */
export function removeScenario({ catalog, selection, feed }: Parts, name: string): boolean {
  selection.reset(name);
  const isRemoved = catalog.posted.remove(name);
  if (isRemoved) feed.add({ event: 'scenario', change: 'removed', name });
  return isRemoved;
}

/** What was heard since the start or the last reset; with a token, on its connections only. */
export function usageOf({ meter, host, options, journal }: Parts, token?: string): Usage {
  return meter.usage(host.uses, options.pricePerMinute, journal.standIns, token);
}

/** Whether clients have done what is expected of them. The code is loaded for the first call. */
export async function verifySessions(
  parts: Parts,
  expectations: readonly Expectation[],
  options: VerifyOptions = {},
): Promise<Verification> {
  const [{ verify }, { look }] = await Promise.all([
    import('../verify/verifier.ts'),
    import('../verify/verify.ts'),
  ]);
  const looks = (expected: readonly Expectation[]) => {
    const sessions = sessionsOf(parts);
    return expected.map((each) => look(sessions, each));
  };
  return verify(looks, expectations, options, parts.wall);
}

/** Forgets what tests did, in the order of RESET_PARTS. */
export async function forget(parts: Parts, given: ResetParts = {}): Promise<void> {
  const reset = partsOf(given);
  await forgetParts(parts, reset);
  parts.feed.add({ event: 'reset', parts: reset });
}

/** The same, without an event. */
export async function forgetParts(parts: Parts, reset: readonly ResetPart[]): Promise<void> {
  const { host, handshakes, refusals, journal, assignments, selection, service, rest, models } = parts;
  for (const part of reset) {
    if (part === 'sessions') {
      handshakes.endAll();
      refusals.clear('the server was reset before an upgrade was refused');
      await host.endAll(STOP_TIMEOUT_MS);
    }
    if (part === 'journal') journal.clear();
    if (part === 'usage') parts.meter.clear();
    if (part === 'assignments') {
      assignments.clear();
      selection.reset();
    }
    if (part === 'scenarios') {
      parts.catalog.posted.clear();
      parts.defaults.restore();
      selection.reset();
    }
    if (part === 'service') {
      service.reset();
      rest.reset();
      models.clear();
    }
  }
}
