import { parseDuration } from '../../runtime/duration.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { startService, type Service, type ServiceOptions } from './service.ts';
import type { Selecting, Selection } from '../selection/selection.ts';

/** What a scenario has a call of the REST API answered with. */
export type CallAnswer =
  | 'as-documented'
  | 'hang'
  | 'drop'
  | 'reset'
  | {
      /** Left out: what the documents say, but late. */
      readonly status?: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: unknown;
      readonly afterMs: number;
    };

export type Call = 'initialize' | 'status';

/** The realtime service as one client sees it: a scenario gives each token its own. */
export interface RestScenarios {
  /** The service of a token, if a scenario has made one for it; otherwise the shared one. */
  serviceOf(token: string | undefined): Service;
  /** What a scenario says of a call; undefined when none is selected. @throws UserError for an unknown name. */
  select(by: Selecting): Promise<{ service: Service; answer: (call: Call) => CallAnswer }> | undefined;
  reset(): void;
  stop(): void;
}

interface Own {
  readonly scenario: Scenario;
  readonly service: Service;
  readonly calls: Record<Call, number>;
}

const MOST_TOKENS = 1000;

export function restScenarios(
  selection: Selection,
  service: Service,
  options: ServiceOptions,
  clock: Clock,
): RestScenarios {
  const owns = new Map<string, Own>();
  const ownOf = (scenario: Scenario, token: string): Own => {
    const before = owns.get(token);
    if (before?.scenario === scenario) return before;
    before?.service.stop();
    const own = {
      scenario,
      service: startService(serviceOptions(scenario, options), clock),
      calls: { initialize: 0, status: 0 },
    };
    owns.delete(token);
    owns.set(token, own);
    for (const [oldest, { service: forgotten }] of owns) {
      if (owns.size <= MOST_TOKENS) break;
      forgotten.stop();
      owns.delete(oldest);
    }
    return own;
  };
  const clear = () => {
    for (const own of owns.values()) own.service.stop();
    owns.clear();
  };
  return {
    serviceOf: (token) => owns.get(token ?? '')?.service ?? service,
    select: (by) =>
      selection.select('scriptix-rest', by)?.then(({ scenario }) => {
        const own = ownOf(scenario, by.token ?? '');
        return {
          service: own.service,
          answer(call) {
            const at = own.calls[call];
            own.calls[call] += 1;
            return answerTo(scenario, call, at);
          },
        };
      }),
    reset: clear,
    stop: clear,
  };
}

/** load.ts has seen to it that the server of a REST scenario has this form. */
function restOf({ file }: Scenario): RestServer {
  return file.server === undefined || Array.isArray(file.server) ? {} : (file.server as RestServer);
}

interface RestServer {
  readonly service?: 'ready' | 'scaled-down' | 'starting';
  readonly 'start-time'?: string;
  readonly 'on-initialize'?: ServiceOptions['onInitialize'];
  readonly initialize?: readonly CallFile[];
  readonly status?: readonly CallFile[];
}

type CallFile =
  | 'as-documented'
  | 'hang'
  | 'drop'
  | 'reset'
  | {
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: unknown;
      readonly after?: string;
    };

function serviceOptions(scenario: Scenario, options: ServiceOptions): ServiceOptions {
  const server = restOf(scenario);
  const { service } = server;
  return {
    status: service === 'scaled-down' ? 'scaled_down' : (service ?? options.status),
    onInitialize: server['on-initialize'] ?? options.onInitialize,
    startMs: parseDuration(server['start-time'] ?? '') ?? options.startMs,
  };
}

/** The answers are taken in turn; the last one stays. */
function answerTo(scenario: Scenario, call: Call, at: number): CallAnswer {
  const answers = restOf(scenario)[call] ?? [];
  const answer = answers[Math.min(at, answers.length - 1)] ?? 'as-documented';
  if (typeof answer === 'string') return answer;
  const { status, headers = {}, body, after } = answer;
  return {
    ...(status === undefined ? {} : { status }),
    headers,
    body,
    afterMs: parseDuration(after ?? '') ?? 0,
  };
}
