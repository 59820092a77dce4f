import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { inject } from 'vitest';
import type { ServerUrls } from '../../../src/mock-server/addresses.ts';
import type { ServerEvent } from '../../../src/mock-server/events.ts';
import { UserError, type Mistake } from '../../../src/runtime/errors.ts';
import { freePort } from '../programs/free-port.ts';

const PRIMARY = fileURLToPath(new URL('./primary.mjs', import.meta.url));

type Told =
  | { readonly kind: 'listening'; readonly urls: ServerUrls; readonly hasControl: boolean }
  | { readonly kind: 'failed'; readonly mistakes?: readonly Mistake[]; readonly message: string }
  | { readonly kind: 'event'; readonly event: ServerEvent }
  | { readonly kind: 'stopped' };

/** A fake in a separate process. */
interface Started {
  readonly urls: ServerUrls;
  readonly hasControl: boolean;
  readonly stop: () => Promise<void>;
}

/**
 * Processes whose fakes have stopped. The next fake is started in one of them, since most of the time of a start is
 * spent loading modules. A process whose fake did not stop, because its test failed or the process ended, is not
 * reused.
 */
const idle: Primary[] = [];

/** Starts a fake of several processes or replicas. The started process itself reports wrong options. */
export async function startInProcess(
  options: object,
  onEvent: (event: ServerEvent) => void,
): Promise<Started> {
  const primary = idle.pop() ?? new Primary();
  return await primary.start(options, onEvent);
}

class Primary {
  readonly #hasBalancer: boolean;
  readonly #process: ChildProcess;
  #hear: (told: Told) => void = () => undefined;
  #hasEnded = false;

  constructor() {
    const several = process.env['UNDERSTUDY_SEVERAL'] ?? 'workers';
    this.#hasBalancer = several === 'replicas';
    this.#process = fork(PRIMARY, this.#hasBalancer ? [several, inject('redis')] : [several], {
      serialization: 'advanced',
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.#process.on('message', (told: Told) => this.#hear(told));
    this.#process.once('exit', () => {
      this.#hasEnded = true;
      this.#hear({ kind: 'failed', message: 'the process of the fake has ended' });
      const place = idle.indexOf(this);
      if (place !== -1) idle.splice(place, 1);
    });
  }

  async start(options: object, onEvent: (event: ServerEvent) => void): Promise<Started> {
    this.#keepTests(true);
    const place = this.#hasBalancer ? { balancerPort: await freePort() } : {};
    const told = await this.#tell({ ...options, ...place }, onEvent);
    if (told.kind === 'listening') {
      const { urls, hasControl } = told;
      return { urls, hasControl, stop: () => this.#stop(onEvent) };
    }
    this.#leave();
    if (told.kind !== 'failed') throw new Error(`a fake that was started is ${told.kind}`);
    throw told.mistakes === undefined ? new Error(told.message) : new UserError(told.mistakes);
  }

  async #stop(onEvent: (event: ServerEvent) => void): Promise<void> {
    const { kind } = await this.#tell('stop', onEvent);
    if (kind === 'stopped') this.#leave();
  }

  /** Resolves with the answer, or when the process ends. */
  #tell(what: object | string, onEvent: (event: ServerEvent) => void): Promise<Told> {
    return new Promise((resolve) => {
      this.#hear = (told) => {
        if (told.kind === 'event') onEvent(told.event);
        else resolve(told);
      };
      if (this.#hasEnded) this.#hear({ kind: 'failed', message: 'the process of the fake has ended' });
      else this.#process.send(what);
    });
  }

  /** Makes the process available for the next fake. It does not keep the tests from ending, and ends with them. */
  #leave(): void {
    if (this.#hasEnded) return;
    this.#hear = () => undefined;
    this.#keepTests(false);
    idle.push(this);
  }

  #keepTests(isKeeping: boolean): void {
    const { channel } = this.#process;
    if (isKeeping) {
      this.#process.ref();
      channel?.ref();
    } else {
      this.#process.unref();
      channel?.unref();
    }
  }
}
