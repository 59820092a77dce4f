import { audioMeter } from '../../audio/meter.ts';
import type { EditionNames } from '../../protocol/editions.ts';
import type { Clock } from '../../runtime/clock.ts';
import { happyPath } from '../../scenario/happy-path.ts';
import type { ServerSay, ServerScript, Voice } from '../../scenario/script.ts';
import type { Frame } from '../../wire/frame.ts';
import type { Socket } from '../../wire/socket.ts';
import type { Opening, SpokenOn } from '../dialects/dialect.ts';
import { failingSteps } from '../dialects/failure.ts';
import { step } from '../engine/step.ts';
import { dueMsOf, newSession } from '../engine/state.ts';
import type { Effect, Input } from '../engine/messages.ts';
import type { Hold } from './held.ts';
import { furtherEar, Levels, type Audible } from './levels.ts';
import { pulses } from './pulses.ts';

/** Connects the pure session engine with a clock and a socket. */
export interface Drive extends Audible {
  /** Passes an input to the session. */
  input(input: Input): void;
  /** Clears the session's timer, because the connection has ended. Nothing more is sent. */
  stop(): void;
  /** Milliseconds of audio that has arrived, even if the script recognises nothing. */
  readonly audioMs: number;
}

/** What a session needs from its connection and its server. */
export interface DriveOptions {
  readonly opening: Opening;
  readonly editions: EditionNames;
  /** The seed for everything that is made up, unless the scenario has its own. */
  readonly seed: number;
  /** How many made-up speakers take turns when at most this many are distinguished. */
  readonly speakers: (most: number | undefined) => number;
  readonly voice: Voice;
  readonly sessionId: string;
  readonly unixMs: () => number;
  readonly clock: Clock;
  readonly socket: Socket;
  /** What collects messages instead of the socket, while they are held. */
  readonly hold: () => Hold | undefined;
  /** How often `listening` is sent again after the first time; undefined for never. */
  readonly pulseMs: number | undefined;
  /** The maximum number of bytes that the client may leave unread; beyond it the session ends. */
  readonly maxBufferedBytes: number;
  /** Called for everything that the server does. */
  readonly onEffect: (effect: Effect) => void;
}

/** A scenario can name any number of speakers. */
const MOST_SPEAKERS = 100;

/** Starts the session of a connection that has just opened. */
export function drive(options: DriveOptions): Drive {
  const { opening, clock, socket } = options;
  const { codec } = opening;
  const script = scriptOf(options);
  const meter = audioMeter(opening.ear);
  let state = newSession(opening.ear, opening.asked);
  const speakers: string[] = [];
  let lastSpeaker: string | undefined;
  const session: SpokenOn = {
    id: options.sessionId,
    get start() {
      return state.told.start;
    },
    unixMs: options.unixMs,
    speakers,
    get lastSpeaker() {
      return lastSpeaker;
    },
  };
  let stopped = false;
  // A function, because the compiler does not know that carryOut() can stop the session.
  const hasStopped = () => stopped;
  let cancelTimer: (() => void) | undefined;
  let armedMs = Infinity;
  let levels: Levels | undefined;

  const listening =
    options.pulseMs === undefined
      ? undefined
      : pulses(clock, options.pulseMs, () => {
          if (stopped || state.ended || script.steps[state.at]?.kind === 'hang') return false;
          carryOut({ kind: 'say', say: { kind: 'state', state: 'listening' } });
          return true;
        });

  const input = (next: Input) => {
    if (levels?.isOver === false) levels.input(next);
    const nowMs = clock.now();
    if (next.kind === 'audio') meter.add(next.bytes, nowMs);
    if (stopped) return;
    const outcome = step(script, state, next, nowMs);
    state = outcome.state;
    for (const effect of outcome.effects) if (!hasStopped()) carryOut(effect);
    if (hasStopped()) return;
    const dueMs = dueMsOf(state);
    if (dueMs === undefined) cancel();
    // A timer set for an earlier time is kept: an unnecessary tick costs less than a new timer for every frame.
    else if (dueMs < armedMs) arm(dueMs);
  };
  const arm = (dueMs: number) => {
    cancel();
    armedMs = dueMs;
    cancelTimer = clock.at(dueMs, () => {
      cancelTimer = undefined;
      armedMs = Infinity;
      input({ kind: 'tick' });
    });
  };
  const carryOut = (effect: Effect) => {
    perform(effect);
    options.onEffect(effect);
    if (socket.bufferedBytes > options.maxBufferedBytes) {
      stop();
      socket.abort('reset');
    }
  };
  const meet = (say: ServerSay) => {
    if (say.kind !== 'final' || say.speaker === undefined) return;
    lastSpeaker = say.speaker;
    if (speakers.length < MOST_SPEAKERS && !speakers.includes(lastSpeaker)) speakers.push(lastSpeaker);
  };
  const held = () => {
    const hold = options.hold();
    return hold?.isOn === true ? hold : undefined;
  };
  const send = (frame: Frame) => {
    const hold = held();
    if (hold === undefined) socket.send(frame);
    else hold.add({ kind: 'frame', frame });
  };
  const close = (code: number | undefined, reason?: string) => {
    const hold = held();
    if (hold === undefined) socket.close(code, reason);
    else hold.add({ kind: 'close', code, reason });
  };
  const perform = (effect: Effect) => {
    switch (effect.kind) {
      case 'say':
        meet(effect.say);
        for (const frame of codec.speak(effect.say, session)) send(frame);
        if (effect.say.kind === 'state' && effect.say.state === 'listening') listening?.begin();
        return;
      case 'frame':
        return send(effect.frame);
      case 'bytes': {
        const hold = held();
        return hold === undefined
          ? socket.write(effect.bytes)
          : hold.add({ kind: 'bytes', bytes: effect.bytes });
      }
      case 'close':
        return close(codec.closeCode(effect.problem));
      case 'close-with':
        return close(effect.code, effect.reason);
      case 'abort':
        return socket.abort(effect.how);
      // Reading is up to the holder of the connection.
      case 'read':
      case 'latency':
    }
  };
  const cancel = () => {
    cancelTimer?.();
    cancelTimer = undefined;
    armedMs = Infinity;
  };
  const stop = () => {
    stopped = true;
    cancel();
    listening?.stop();
  };
  return {
    input,
    stop,
    get audioMs() {
      return Math.max(state.ear.positionMs, meter.ms);
    },
    listen(told) {
      if (levels === undefined || levels.isOver)
        levels = new Levels(furtherEar(state.ear, meter.ms), () => clock.now());
      return levels.add(told);
    },
  };
}

/** The script of the connection's scenario; without a scenario, the documented course. */
function scriptOf({ opening, editions, seed, speakers, voice }: DriveOptions): ServerScript {
  const { dialect, failure, plan, turns, mostSpeakers } = opening;
  return {
    steps: failure === undefined ? (plan?.steps ?? happyPath(dialect, editions)) : failingSteps(failure),
    voice,
    speakers: speakers(mostSpeakers),
    seed: plan?.seed ?? seed,
    ...(turns === undefined ? {} : { turns }),
  };
}
