import type { RequestHandler } from 'express';
import { sleep } from '../../runtime/wait.ts';
import type { Parts } from '../start/assemble.ts';
import { listedTogether } from '../control/describe.ts';
import type { ControlOptions } from '../control/options.ts';
import { passOn, type PassedTo } from '../control/pass-on.ts';
import { partsOf } from '../control/reset.ts';
import { sumsTogether, usageOfSums } from '../journal/usage.ts';
import { verify } from '../verify/verifier.ts';
import { together, type Expectation } from '../verify/verify.ts';
import type { Sibling } from './siblings.ts';
import { pathOfAll, SECRET_HEADER, type Described } from './questions.ts';
import type { Replica } from './replica.ts';
import type { SaidService } from './said/service.ts';

/** Real milliseconds between two looks for a session that has not come yet. */
const LOOK_MS = 25;

/**
 * The calls of the control API on a replica. It asks all replicas, and fails when one does not answer or has ended with
 * sessions that belong in the answer.
 */
export function replicaControl(
  parts: Parts,
  own: ControlOptions,
  replica: Replica,
  service: SaidService,
): ControlOptions {
  const { options, clock, journal, wall } = parts;
  const { shared, siblings, says } = replica;
  return {
    ...own,
    before: () => shared.current(),
    feed: replica.watching.feed,
    isDegraded: () => !shared.isThere || siblings.isAnySilent,
    isLockedOut: () => shared.isOutcast,
    service: {
      get status() {
        return service.status;
      },
      set: (state, outcome) => service.enter(state, outcome),
    },
    assignments: {
      set: (token, scenario) => says.assign(token, scenario),
      delete: (token) => says.unassign(token),
    },
    addScenario: (name, text) => says.addScenario(name, text),
    removeScenario: (name) => says.removeScenario(name),
    setDefaults: (names) => says.setDefaults(names),
    async list(query) {
      const lists = [await replica.answers.list(query), ...(await replica.askAll('list', query))];
      return listedTogether(lists, query.limit);
    },
    async requests() {
      const all = [
        await replica.answers.requests(undefined),
        ...(await replica.askAll('requests', undefined)),
      ].flat();
      return [...all].sort((a, b) => Number(a['openedMs']) - Number(b['openedMs']));
    },
    async nextSession({ timeoutMs = options.waitMs(), signal, token }): Promise<Described> {
      const endMs = wall.now() + timeoutMs;
      const { sessionResets } = replica;
      for (;;) {
        if (replica.sessionResets !== sessionResets)
          throw new Error('The server was reset before a connection came');
        const claimed = await shared.claim(token);
        const described = claimed && (await replica.handOut(claimed));
        if (described !== undefined) return described;
        // A number whose upgrade was never answered with 101 is not a session.
        if (claimed !== undefined) continue;
        if (signal?.aborted === true) throw new Error('The wait was cancelled');
        if (wall.now() >= endMs) {
          const whose = token === undefined ? '' : ' with this token';
          throw new Error(`Nothing came within ${Math.round(timeoutMs)} ms${whose}`);
        }
        await sleep(wall, Math.min(LOOK_MS, endMs - wall.now()), signal);
      }
    },
    async usage(token) {
      const all = [await replica.answers.usage(undefined), ...(await replica.askAll('usage', undefined))];
      return usageOfSums(sumsTogether(all), options.pricePerMinute, journal.standIns, token);
    },
    verify(expectations, given) {
      const looks = async (expected: readonly Expectation[]) => {
        await shared.current();
        const seen = [await replica.answers.verify(expected), ...(await replica.askAll('verify', expected))];
        return expected.map((_, at) => together(seen.flatMap((each) => each[at] ?? [])));
      };
      return verify(looks, expectations, given, wall);
    },
    async reset(given) {
      await replica.reset(partsOf(given));
    },
    clock: {
      now: () => clock.now(),
      at: (dueMs, callback) => clock.at(dueMs, callback),
      get pending() {
        return clock.pending;
      },
      async advance(ms) {
        await replica.done(await says.advance(ms));
      },
    },
    elsewhere: passing(replica),
    events: eventsOfFirst(replica),
  };
}

/** Lets one replica number the events of all, so that a reader who comes back through another replica can continue. */
function eventsOfFirst(replica: Replica): RequestHandler {
  const here = eventsHere(replica);
  return (request, response, next) => {
    const { first } = replica;
    if (first === undefined) return here(request, response, next);
    passOn(request, response, { ...passedTo(first, replica), path: pathOfAll(request.originalUrl) });
  };
}

/** Prepares the events of all in this replica. */
export function eventsHere(replica: Replica): RequestHandler {
  return async (_request, _response, next) => {
    await replica.lookOn();
    next();
  };
}

/** Passes calls about a session to the replica that has it. */
function passing(replica: Replica): RequestHandler {
  return async (request, response, next) => {
    const { id = '' } = request.params as Readonly<Record<string, string>>;
    const sibling = await replica.place(id);
    if (sibling === undefined) return next();
    passOn(request, response, passedTo(sibling, replica));
  };
}

function passedTo(sibling: Sibling, replica: Replica): PassedTo {
  const { hostname, port } = sibling.address;
  return {
    at: { host: hostname.replace(/^\[|\]$/g, ''), port },
    headers: { [SECRET_HEADER]: replica.shared.secret },
    silence: sibling.silence,
    failed: () => replica.lostOr(sibling),
  };
}
