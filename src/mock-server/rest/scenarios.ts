import { parseDuration } from '../../runtime/duration.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { Call, RestDialect } from '../../scenario/dialects/calls.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { startService, type Service, type ServiceOptions } from './service.ts';
import type { Selecting, Selection } from '../selection/selection.ts';

/** How a scenario has a call of a REST API answered. */
export type CallAnswer =
  | 'as-documented'
  | 'hang'
  | 'drop'
  | 'reset'
  | {
      /** Left out: the documented answer, but late. */
      readonly status?: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: unknown;
      /** Only the first half of the body is sent. */
      readonly isCut: boolean;
      readonly afterMs: number;
    };

/** What a scenario says about the calls of one client. */
export interface SelectedCalls {
  /** The realtime service of Scriptix, as this client sees it. */
  readonly service: Service;
  /** The edition that the scenario names. */
  readonly edition: string | undefined;
  /** How long an access token is valid, in milliseconds; undefined: the default. */
  readonly tokenLifeMs: number | undefined;
  /** The answer to the next call of this kind. */
  answer(call: Call): CallAnswer | Promise<CallAnswer>;
}

/** The REST APIs as one client sees them: a scenario gives each token its own count of calls, and its own service. */
export interface RestScenarios {
  /** The service of a token if a scenario has made one for it, otherwise the shared one. */
  serviceOf(token: string | undefined): Service;
  /**
   * What a scenario says about a call; undefined if none is selected.
   *
   * @throws UserError for an unknown name.
   */
  select(dialect: RestDialect, by: Selecting): Promise<SelectedCalls> | undefined;
  /** The service that a scenario gives to the token of a client of the sockets; undefined if none is selected. */
  selectService(by: Selecting): Promise<Service> | undefined;
  reset(): void;
  stop(): void;
}

interface Own {
  readonly scenario: Scenario;
  /** Undefined if the API has no service to start. */
  readonly service: Service | undefined;
  readonly calls: Map<Call, number>;
}

/** The maximum number of tokens remembered for each API. */
const MOST_TOKENS = 1000;

/** Applies scenarios to the REST APIs of a server. */
export function restScenarios(
  selection: Selection,
  service: Service,
  options: ServiceOptions,
  clock: Clock,
): RestScenarios {
  const all: Readonly<Record<RestDialect, Map<string, Own>>> = {
    'scriptix-rest': new Map(),
    'reson8-rest': new Map(),
  };
  const ownOf = (dialect: RestDialect, scenario: Scenario, token: string): Own => {
    const owns = all[dialect];
    const before = owns.get(token);
    if (before?.scenario === scenario) return before;
    before?.service?.stop();
    const own: Own = {
      scenario,
      service:
        dialect === 'scriptix-rest' ? startService(serviceOptions(scenario, options), clock) : undefined,
      calls: new Map(),
    };
    owns.delete(token);
    owns.set(token, own);
    for (const [oldest, { service: forgotten }] of owns) {
      if (owns.size <= MOST_TOKENS) break;
      forgotten?.stop();
      owns.delete(oldest);
    }
    return own;
  };
  const clear = () => {
    for (const owns of Object.values(all)) {
      for (const own of owns.values()) own.service?.stop();
      owns.clear();
    }
  };
  const select: RestScenarios['select'] = (dialect, by) =>
    selection.select(dialect, by)?.then(({ scenario }) => {
      const own = ownOf(dialect, scenario, by.token ?? '');
      return {
        service: own.service ?? service,
        edition: scenario.file.edition,
        tokenLifeMs: parseDuration(restOf(scenario)['expires-in'] ?? ''),
        answer(call) {
          const at = own.calls.get(call) ?? 0;
          own.calls.set(call, at + 1);
          return answerTo(scenario, call, at);
        },
      };
    });
  return {
    serviceOf: (token) => all['scriptix-rest'].get(token ?? '')?.service ?? service,
    select,
    selectService: (by) => select('scriptix-rest', by)?.then(({ service: own }) => own),
    reset: clear,
    stop: clear,
  };
}

/** load.ts has made sure that the server part of a REST scenario has this form. */
export function restOf({ file }: Scenario): RestServer {
  return file.server === undefined || Array.isArray(file.server) ? {} : (file.server as RestServer);
}

type RestServer = Readonly<Partial<Record<Call, readonly CallFile[]>>> & {
  readonly service?: 'ready' | 'scaled-down' | 'starting';
  readonly 'start-time'?: string;
  readonly 'on-initialize'?: ServiceOptions['onInitialize'];
  readonly 'expires-in'?: string;
};

type CallFile =
  | 'as-documented'
  | 'hang'
  | 'drop'
  | 'reset'
  | {
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: unknown;
      readonly cut?: true;
      readonly after?: string;
    };

/** How the service begins that a scenario gives a token. */
export function serviceOptions(scenario: Scenario, options: ServiceOptions): ServiceOptions {
  const server = restOf(scenario);
  const { service } = server;
  return {
    status: service === 'scaled-down' ? 'scaled_down' : (service ?? options.status),
    onInitialize: server['on-initialize'] ?? options.onInitialize,
    startMs: parseDuration(server['start-time'] ?? '') ?? options.startMs,
  };
}

/** The answers are used in turn; the last one is repeated. */
export function answerTo(scenario: Scenario, call: Call, at: number): CallAnswer {
  const answers = restOf(scenario)[call] ?? [];
  const answer = answers[Math.min(at, answers.length - 1)] ?? 'as-documented';
  if (typeof answer === 'string') return answer;
  const { status, headers = {}, body, cut = false, after } = answer;
  return {
    ...(status === undefined ? {} : { status }),
    headers,
    body,
    isCut: cut,
    afterMs: parseDuration(after ?? '') ?? 0,
  };
}
