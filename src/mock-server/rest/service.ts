import { SERVICE_STATUSES, type ServiceStatus } from '../../protocol/scriptix/service.ts';
import type { Clock } from '../../runtime/clock.ts';
import { mustFit, oneOf } from '../../runtime/json/wanted.ts';
import { INITIALIZE_OUTCOMES, type InitializeOutcome } from '../../scenario/script.ts';

/** The realtime service behind the REST API: scaled_down → starting → ready. */
export interface Service {
  /** The state that `GET status` reports. */
  readonly status: ServiceStatus;
  /** Resolves when the service is ready, or immediately with the reason why it will not be. */
  initialize(): Promise<InitializeOutcome>;
  /** Puts the service in a state, as its operator could. `starting` becomes ready after the start time. */
  set(status: ServiceStatus, onInitialize?: InitializeOutcome): void;
  /** Puts the service back in its first state. */
  reset(): void;
  /** Releases all callers that wait for the service, because the server stops. */
  stop(): void;
}

/** How the service begins and what initialize does. */
export interface ServiceOptions {
  readonly status: ServiceStatus;
  readonly onInitialize: InitializeOutcome;
  /** How long starting takes, in milliseconds of scenario time. */
  readonly startMs: number;
}

/**
 * Starts the service in its first state.
 *
 * @param onChange is given each state that the service enters afterwards
 */
export function startService(
  options: ServiceOptions,
  clock: Clock,
  onChange: (status: ServiceStatus) => void = () => undefined,
): Service {
  let status: ServiceStatus = options.status;
  let onInitialize = options.onInitialize;
  let cancel: (() => void) | undefined;
  let waiting: ((outcome: InitializeOutcome) => void)[] = [];

  const enter = (next: ServiceStatus) => {
    const isNew = next !== status;
    status = next;
    cancel?.();
    cancel = undefined;
    if (next === 'starting') cancel = clock.at(clock.now() + options.startMs, () => enter('ready'));
    else release(next === 'ready' ? 'starts' : 'fails-to-start');
    if (isNew) onChange(next);
  };
  const release = (outcome: InitializeOutcome) => {
    const released = waiting;
    waiting = [];
    for (const resolve of released) resolve(outcome);
  };
  enter(options.status);

  return {
    get status() {
      return status;
    },
    initialize() {
      if (onInitialize !== 'starts') return Promise.resolve(onInitialize);
      if (status === 'ready') return Promise.resolve('starts');
      if (status === 'scaled_down') enter('starting');
      return new Promise((resolve) => waiting.push(resolve));
    },
    set(next, outcome = 'starts') {
      mustFit('service.set()', next, oneOf(SERVICE_STATUSES));
      mustFit('service.set()', outcome, oneOf(INITIALIZE_OUTCOMES));
      onInitialize = outcome;
      enter(next);
    },
    reset() {
      onInitialize = options.onInitialize;
      enter(options.status);
    },
    stop: () => enter('scaled_down'),
  };
}
