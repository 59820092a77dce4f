import type { Clock } from '../runtime/clock.ts';
import type { ServerScript } from '../scenario/script.ts';
import type { Socket } from '../wire/socket.ts';
import type { Opening } from './dialect.ts';
import { newSession, step, type Effect, type Input } from './session.ts';

/** Connects the pure session engine with a clock and a socket. */
export interface Drive {
  /** Lets something happen to the session. */
  input(input: Input): void;
  /** Forgets the session's timer: the connection is gone. Nothing is said any more. */
  stop(): void;
  /** Milliseconds of audio heard. */
  readonly audioMs: number;
}

export interface DriveOptions {
  readonly script: ServerScript;
  readonly opening: Opening;
  readonly clock: Clock;
  readonly socket: Socket;
  /** More bytes than this that the client does not read end the session. */
  readonly maxBufferedBytes: number;
  /** Called for everything that the server does. */
  readonly onEffect: (effect: Effect) => void;
}

export function drive(options: DriveOptions): Drive {
  const { script, opening, clock, socket } = options;
  const { conversation } = opening;
  let state = newSession(opening.ear);
  let stopped = false;
  // A function, because the compiler does not see that carryOut() can stop the session.
  const hasStopped = () => stopped;
  let cancelTimer: (() => void) | undefined;

  const input = (next: Input) => {
    if (stopped) return;
    const outcome = step(script, state, next, clock.now());
    state = outcome.state;
    for (const effect of outcome.effects) if (!hasStopped()) carryOut(effect);
    if (state.ended) cancel();
    // An engine's due time only moves on, so a timer that is armed already is early at worst: it ticks in vain.
    else if (state.dueMs !== undefined && cancelTimer === undefined) {
      cancelTimer = clock.at(state.dueMs, () => {
        cancelTimer = undefined;
        input({ kind: 'tick' });
      });
    }
  };
  const carryOut = (effect: Effect) => {
    if (effect.kind === 'say') for (const frame of conversation.speak(effect.say)) socket.send(frame);
    else socket.close(conversation.closeCode(effect.problem));
    options.onEffect(effect);
    if (socket.bufferedBytes > options.maxBufferedBytes) {
      stop();
      socket.abort('reset');
    }
  };
  const cancel = () => {
    cancelTimer?.();
    cancelTimer = undefined;
  };
  const stop = () => {
    stopped = true;
    cancel();
  };
  return {
    input,
    stop,
    get audioMs() {
      return state.ear.positionMs;
    },
  };
}
