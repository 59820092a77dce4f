import type { ServiceStatus } from '../../../protocol/scriptix/service.ts';
import type { Clock } from '../../../runtime/clock.ts';
import type { InitializeOutcome } from '../../../scenario/script.ts';
import type { Service, ServiceOptions } from '../../rest/service.ts';
import type { Saying } from '../terms.ts';

/** The shared state of a service. Starting ends by itself. */
export interface SaidState extends ServiceOptions {
  /** Scenario time at which it entered the state. */
  readonly sinceMs: number;
}

/** How a service reads and changes what all replicas know of it. */
export interface SaidServiceOptions {
  readonly clock: Clock;
  /** Its state in the shared state now. */
  readonly read: () => SaidState;
  /** Changes its state. */
  readonly say: (decide: () => Saying | undefined) => Promise<unknown>;
  readonly fieldsOf: (state: SaidState) => Saying['fields'];
  /** Takes each state that it enters. */
  readonly onChange?: (status: ServiceStatus) => void;
}

/** A service behind the REST API whose state all replicas share: each derives the present state from what was set, and from
 * the time that has passed since. */
export class SaidService implements Service {
  readonly #options: SaidServiceOptions;
  #told: ServiceStatus;
  #waiting: ((outcome: InitializeOutcome) => void)[] = [];
  #cancel: (() => void) | undefined;

  constructor(options: SaidServiceOptions) {
    this.#options = options;
    this.#told = this.status;
    this.look();
  }

  get status(): ServiceStatus {
    const { clock, read } = this.#options;
    const { status, sinceMs, startMs } = read();
    return status === 'starting' && clock.now() >= sinceMs + startMs ? 'ready' : status;
  }

  async initialize(): Promise<InitializeOutcome> {
    const { read, say, fieldsOf, clock } = this.#options;
    const { onInitialize } = read();
    if (onInitialize !== 'starts') return onInitialize;
    await say(() => {
      if (this.status !== 'scaled_down') return undefined;
      const fields = fieldsOf({ ...read(), status: 'starting', sinceMs: clock.now() });
      return fields === undefined ? undefined : { fields };
    });
    if (this.status === 'ready') return 'starts';
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.look();
    });
  }

  set(): never {
    throw new Error('the state of a service is said to all replicas: the control API has it');
  }

  /** Puts it in a state, in all replicas. */
  async enter(status: ServiceStatus, onInitialize: InitializeOutcome = 'starts'): Promise<void> {
    const { read, say, fieldsOf, clock } = this.#options;
    await say(() => {
      const fields = fieldsOf({ ...read(), status, onInitialize, sinceMs: clock.now() });
      return fields === undefined ? undefined : { fields };
    });
  }

  /** Its state may have been changed. */
  look(): void {
    const { clock, read, onChange } = this.#options;
    const { status } = this;
    this.#cancel?.();
    this.#cancel = undefined;
    if (status === 'starting') {
      const { sinceMs, startMs } = read();
      this.#cancel = clock.at(sinceMs + startMs, () => this.look());
    } else this.#release(status === 'ready' ? 'starts' : 'fails-to-start');
    if (status !== this.#told) onChange?.(status);
    this.#told = status;
  }

  reset(): void {
    this.look();
  }

  stop(): void {
    this.#cancel?.();
    this.#release('fails-to-start');
  }

  #release(outcome: InitializeOutcome): void {
    const released = this.#waiting;
    this.#waiting = [];
    for (const resolve of released) resolve(outcome);
  }
}
