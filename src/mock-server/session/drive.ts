import { audioMeter, type AudioMeter } from '../../audio/meter.ts';
import type { EditionNames } from '../../protocol/editions.ts';
import type { Clock } from '../../runtime/clock.ts';
import { happyPath } from '../../scenario/happy-path.ts';
import type { ServerSay, ServerScript, Voice } from '../../scenario/script.ts';
import type { Frame } from '../../wire/frame.ts';
import type { Socket } from '../../wire/socket.ts';
import type { Message } from '../../scenario/told.ts';
import type { Codec, Opening, SpokenOn } from '../dialects/dialect.ts';
import { failingSteps } from '../dialects/failure.ts';
import { step } from '../engine/step.ts';
import { dueMsOf, newSession, type SessionState } from '../engine/state.ts';
import type { Effect, Input } from '../engine/messages.ts';
import type { Hold } from './held.ts';
import { furtherEar, Levels, type Audible, type Level } from './levels.ts';
import { pulses, type Pulses } from './pulses.ts';

/** Connects the pure session engine with a clock and a socket. */
export interface Drive extends Audible {
  /** Gives the session its words, which it needs before the first audio. */
  speakWith(voice: Voice): void;
  /** Passes an input to the session. */
  input(input: Input): void;
  /** Clears the session's timer, because the connection has ended. Nothing more is sent. */
  stop(): void;
  /** Milliseconds of audio that has arrived, even if the script recognises nothing. */
  readonly audioMs: number;
}

/** What sessions need from their server. */
export interface DriveOptions {
  /** The clock of scenarios. */
  readonly clock: Clock;
  /** The seed for everything that is made up, unless a scenario has its own. */
  readonly seed: number;
  /** How many made-up speakers take turns when at most this many are distinguished. */
  readonly speakers: (most: number | undefined) => number;
  /** The time of day by the clock of scenarios, in milliseconds since 1970. */
  readonly unixMs: () => number;
  /** Scenario milliseconds after which `listening` is sent again; undefined for never. */
  readonly pulseMs: number | undefined;
  /** The maximum number of bytes that the client may leave unread; beyond it the session ends. */
  readonly maxBufferedBytes: number;
}

/** The connection of a session, and its holder. */
export interface Driven {
  readonly session: { readonly id: string };
  readonly socket: Socket;
  /** What collects messages instead of the socket, while they are held. */
  readonly holding: Hold | undefined;
  /** Called for everything that the server does. */
  follow(effect: Effect): void;
}

/** A scenario can name any number of speakers. */
const MOST_SPEAKERS = 100;

/** Starts the session of a connection that has just opened. */
export function drive(
  driven: Driven,
  options: DriveOptions,
  opening: Opening,
  editions: EditionNames,
): Drive {
  return new Driving(driven, options, opening, editions);
}

const NO_ONE: readonly string[] = [];

/** Stands in until the words are known; until then nothing is read, so it is never asked. */
const NO_WORDS: Voice = () => {
  throw new Error('words were asked for before they were loaded');
};

/** A class, so that thousands of sessions share one set of functions. */
class Driving implements Drive, SpokenOn {
  speakers = NO_ONE;
  lastSpeaker: string | undefined;
  readonly #driven: Driven;
  readonly #options: DriveOptions;
  readonly #codec: Codec;
  readonly #meter: AudioMeter;
  #script: ServerScript;
  #state: SessionState;
  #isStopped = false;
  #cancelTimer: (() => void) | undefined;
  #armedMs = Infinity;
  #levels: Levels | undefined;
  readonly #listening: Pulses | undefined;

  constructor(driven: Driven, options: DriveOptions, opening: Opening, editions: EditionNames) {
    const { clock, pulseMs } = options;
    this.#driven = driven;
    this.#options = options;
    this.#codec = opening.codec;
    this.#meter = audioMeter(opening.ear);
    this.#script = scriptOf(options, opening, editions);
    this.#state = newSession(opening.ear, opening.asked);
    this.#listening = pulseMs === undefined ? undefined : pulses(clock, pulseMs, () => this.#pulse());
  }

  get id(): string {
    return this.#driven.session.id;
  }

  get unixMs(): () => number {
    return this.#options.unixMs;
  }

  get start(): Message | undefined {
    return this.#state.told.start;
  }

  get audioMs(): number {
    return Math.max(this.#state.ear.positionMs, this.#meter.ms);
  }

  speakWith(voice: Voice): void {
    this.#script = { ...this.#script, voice };
  }

  input(next: Input): void {
    if (this.#levels?.isOver === false) this.#levels.input(next);
    const nowMs = this.#options.clock.now();
    if (next.kind === 'audio') this.#meter.add(next.bytes, nowMs);
    if (this.#isStopped) return;
    const { state, effects } = step(this.#script, this.#state, next, nowMs);
    this.#state = state;
    for (const effect of effects) if (!this.#hasStopped()) this.#carryOut(effect);
    if (this.#hasStopped()) return;
    const dueMs = dueMsOf(this.#state);
    if (dueMs === undefined) this.#cancel();
    // A timer set for an earlier time is kept: an unnecessary tick costs less than a new timer for every frame.
    else if (dueMs < this.#armedMs) this.#arm(dueMs);
  }

  listen(told: (level: Level) => void): () => void {
    if (this.#levels === undefined || this.#levels.isOver)
      this.#levels = new Levels(furtherEar(this.#state.ear, this.#meter.ms), () => this.#options.clock.now());
    return this.#levels.add(told);
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancel();
    this.#listening?.stop();
  }

  /** A function, because the compiler does not know that `#carryOut()` can stop the session. */
  #hasStopped(): boolean {
    return this.#isStopped;
  }

  #arm(dueMs: number): void {
    this.#cancel();
    this.#armedMs = dueMs;
    this.#cancelTimer = this.#options.clock.at(dueMs, () => {
      this.#cancelTimer = undefined;
      this.#armedMs = Infinity;
      this.input({ kind: 'tick' });
    });
  }

  #cancel(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#armedMs = Infinity;
  }

  #pulse(): boolean {
    const { ended, at } = this.#state;
    if (this.#isStopped || ended || this.#script.steps[at]?.kind === 'hang') return false;
    this.#carryOut({ kind: 'say', say: { kind: 'state', state: 'listening' } });
    return true;
  }

  #carryOut(effect: Effect): void {
    this.#perform(effect);
    this.#driven.follow(effect);
    if (this.#driven.socket.bufferedBytes > this.#options.maxBufferedBytes) {
      this.stop();
      this.#driven.socket.abort('reset');
    }
  }

  #perform(effect: Effect): void {
    switch (effect.kind) {
      case 'say':
        this.#meet(effect.say);
        for (const frame of this.#codec.speak(effect.say, this)) this.#send(frame);
        if (effect.say.kind === 'state' && effect.say.state === 'listening') this.#listening?.begin();
        return;
      case 'frame':
        return this.#send(effect.frame);
      case 'bytes': {
        const { bytes } = effect;
        const hold = this.#hold();
        return hold === undefined ? this.#driven.socket.write(bytes) : hold.add({ kind: 'bytes', bytes });
      }
      case 'close':
        return this.#close(this.#codec.closeCode(effect.problem));
      case 'close-with':
        return this.#close(effect.code, effect.reason);
      case 'abort':
        return this.#driven.socket.abort(effect.how);
      // Reading is up to the holder of the connection.
      case 'read':
      case 'latency':
    }
  }

  #meet(say: ServerSay): void {
    if (say.kind !== 'final' || say.speaker === undefined) return;
    this.lastSpeaker = say.speaker;
    if (this.speakers.length < MOST_SPEAKERS && !this.speakers.includes(say.speaker))
      this.speakers = [...this.speakers, say.speaker];
  }

  /** What collects messages now, if anything does. */
  #hold(): Hold | undefined {
    const hold = this.#driven.holding;
    return hold?.isOn === true ? hold : undefined;
  }

  #send(frame: Frame): void {
    const hold = this.#hold();
    if (hold === undefined) this.#driven.socket.send(frame);
    else hold.add({ kind: 'frame', frame });
  }

  #close(code: number | undefined, reason?: string): void {
    const hold = this.#hold();
    if (hold === undefined) this.#driven.socket.close(code, reason);
    else hold.add({ kind: 'close', code, reason });
  }
}

/** The script of the connection's scenario, without its words; without a scenario, the documented course. */
function scriptOf({ seed, speakers }: DriveOptions, opening: Opening, editions: EditionNames): ServerScript {
  const { dialect, failure, plan, turns, mostSpeakers } = opening;
  return {
    steps: failure === undefined ? (plan?.steps ?? happyPath(dialect, editions)) : failingSteps(failure),
    voice: NO_WORDS,
    speakers: speakers(mostSpeakers),
    seed: plan?.seed ?? seed,
    ...(turns === undefined ? {} : { turns }),
  };
}
