import type { ServerUrls } from '../../../src/mock-server/addresses.ts';
import type { MockServer } from '../../../src/mock-server/mock-server.ts';
import type { MockServerOptions } from '../../../src/mock-server/options.ts';
import type { Usage } from '../../../src/mock-server/journal/usage.ts';
import type { ServiceStatus } from '../../../src/protocol/scriptix/service.ts';
import type { Verification } from '../../../src/mock-server/verify/verifier.ts';
import type { TraceEvent } from '../../../src/wire/trace.ts';
import { Api } from './api.ts';
import { startInProcess } from './process.ts';
import { RemoteSession } from './session.ts';

const WAIT_MS = 5000;

/**
 * Replaces the real `startMockServer()` in the projects of project.ts: starts a fake of several processes or replicas.
 * The object that tests get asks the control API for everything, also for properties that it reads synchronously.
 */
export async function startMockServer(given: MockServerOptions = {}): Promise<MockServer> {
  const { judge, onEvent = () => undefined, waitMs, ...options } = given;
  const started = await startInProcess({ ...options, hasJudge: judge !== undefined }, onEvent);
  const wait = typeof waitMs === 'number' ? waitMs : WAIT_MS;
  const { urls, hasControl, stop } = started;
  return faceOf(new Api(urls.control, options.controlToken), urls, hasControl, wait, stop);
}

interface Listed {
  readonly sessions: readonly { readonly id: string; readonly isOpen: boolean }[];
  readonly requests: readonly { readonly id: string }[];
}

function faceOf(
  api: Api,
  urls: ServerUrls,
  hasControl: boolean,
  waitMs: number,
  stop: () => Promise<void>,
): MockServer {
  const listed = () => api.callNow('GET sessions') as Listed;
  const session = (id: string) => new RemoteSession(id, api, waitMs);
  const unknown = (what: string) => new Error(`the control API does not have ${what}`);
  const service = (body?: unknown) =>
    (body === undefined ? api.callNow('GET service') : api.callNow('PUT service', body)) as {
      state: ServiceStatus;
    };
  let stopping: Promise<void> | undefined;
  const stopOnce = () => (stopping ??= stop());
  return {
    ...{ urls, hasControl },
    get sessions() {
      return listed()
        .sessions.filter(({ isOpen }) => isOpen)
        .map(({ id }) => session(id));
    },
    get waitingUpgrades(): number {
      throw unknown('the number of upgrades that wait');
    },
    async nextSession({ token, timeoutMs = waitMs } = {}) {
      const wanted = token === undefined ? '' : `&token=${encodeURIComponent(token)}`;
      const { id } = (await api.call(`GET sessions/next?timeout=${timeoutMs}ms${wanted}`)) as { id: string };
      return session(id);
    },
    get refusals(): never {
      throw unknown('refusals');
    },
    nextRefusal: () => Promise.reject(unknown('refusals')),
    session: (id) => (api.isThereNow(`GET sessions/${id}`) ? session(id) : undefined),
    journal: {
      get ids() {
        const { sessions, requests } = listed();
        return [...sessions, ...requests].map(({ id }) => id);
      },
      events: (id) => api.traceNow(id) as readonly TraceEvent[],
      isOver: () => {
        throw unknown('whether a trace is over');
      },
      get forgottenEvents(): number {
        throw unknown('the number of forgotten events');
      },
    },
    assign(token, scenario) {
      const path = `assignments/${encodeURIComponent(token)}`;
      if (scenario === undefined) api.isThereNow(`DELETE ${path}`);
      else api.callNow(`PUT ${path}`, { scenario });
    },
    async setScenario(scenario = []) {
      await api.call('PUT scenario', { scenario });
    },
    async addScenario(name, scenario) {
      const given = typeof scenario === 'string' ? { yaml: scenario } : { scenario };
      await api.call('POST scenarios', { name, ...given });
    },
    removeScenario: (name) => api.isThereNow(`DELETE scenarios/${name}`),
    usage: (token) =>
      api.callNow(`GET usage${token === undefined ? '' : `?token=${encodeURIComponent(token)}`}`) as Usage,
    async verify(expectations, { withinMs } = {}) {
      const within = withinMs === undefined ? {} : { within: `${withinMs}ms` };
      return (await api.call('POST verify', { expectations, ...within })) as Verification;
    },
    async reset(parts = {}) {
      await api.call('POST reset', parts);
    },
    clock: {
      now: () => (api.callNow('GET clock') as { nowMs: number }).nowMs,
      at: () => {
        throw unknown('callbacks');
      },
      get pending(): number {
        throw unknown('the number of callbacks that wait');
      },
      async advance(ms) {
        await api.call('POST clock/advance', { ms });
      },
    },
    service: {
      get status() {
        return service().state;
      },
      initialize: () => Promise.reject(unknown('the call of initialize')),
      set: (state, onInitialize) => void service({ state, onInitialize }),
      reset: () => void api.callNow('POST reset', { service: true }),
      stop: () => {
        throw unknown('an end of the service');
      },
    },
    stop: stopOnce,
    [Symbol.asyncDispose]: stopOnce,
  };
}
