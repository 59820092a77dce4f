import { WINDOW_MS } from '../../audio/format.ts';
import type { Ear } from '../../audio/ear.ts';
import { onsetAt, type EarOutput } from '../../audio/hear.ts';
import { detect, goesOn, type SpeechDetector } from '../../audio/speech.ts';
import type { Onset } from '../../audio/onset.ts';
import type { ServerSay } from '../../scenario/script.ts';
import { identify, type Identity } from './identify.ts';
import { unremarkableMs, type Hearing, type Recognition, type Spoken } from './recognise.ts';
import type { Recogniser } from './turns.ts';

/** What is known about a connection's audio so far. */
export interface Listened {
  readonly detector: SpeechDetector;
  readonly identity: Identity;
  readonly recognition: Recognition;
}

/** What the connection listens with. */
export interface Listener extends Omit<Hearing, 'onset'> {
  readonly recogniser: Recogniser;
  /** Whether the recording still has to be identified. */
  readonly canIdentify: boolean;
}

const NOTHING: readonly ServerSay[] = [];

/** Recognises what was heard, one window after the other. */
export function listenTo(
  before: Listened,
  listener: Listener,
  { ear, powers }: EarOutput,
): Listened & { readonly says: readonly ServerSay[]; readonly spokenMs: number } {
  const { pace } = listener;
  const listening = new Listening(before, listener, ear);
  let { detector } = before;
  let windowEndMs = ear.positionMs - powers.length * WINDOW_MS;
  // Most windows are in the middle of a word, so they are gathered, and recognised together with the one that ends it.
  let gatheredMs = 0;
  let spokenMs = 0;
  let roomMs = unremarkableMs(before.recognition, pace, windowEndMs);
  for (const power of powers) {
    windowEndMs += WINDOW_MS;
    let heardMs = WINDOW_MS;
    let undecidedMs = 0;
    if (!goesOn(detector, power)) ({ detector, spokenMs: heardMs, undecidedMs } = detect(detector, power));
    spokenMs += heardMs;
    if (heardMs === WINDOW_MS) {
      gatheredMs += WINDOW_MS;
      if (gatheredMs < roomMs) continue;
      listening.upTo(windowEndMs, gatheredMs, 0);
    } else {
      if (gatheredMs > 0) listening.upTo(windowEndMs - WINDOW_MS, gatheredMs, 0);
      listening.upTo(windowEndMs, heardMs, undecidedMs);
    }
    gatheredMs = 0;
    roomMs = unremarkableMs(listening.recognition, pace, windowEndMs);
  }
  if (gatheredMs > 0) listening.upTo(windowEndMs, gatheredMs, 0);
  const { identity, recognition, says } = listening;
  return { detector, identity, recognition, says, spokenMs };
}

/** Goes from window to window; it lives only for the duration of one call. */
class Listening {
  identity: Identity;
  recognition: Recognition;
  #says: ServerSay[] | undefined;
  #hearing: Hearing | undefined;
  readonly #listener: Listener;
  readonly #ear: Ear;

  constructor({ identity, recognition }: Listened, listener: Listener, ear: Ear) {
    this.identity = identity;
    this.recognition = recognition;
    this.#listener = listener;
    this.#ear = ear;
  }

  get says(): readonly ServerSay[] {
    return this.#says ?? NOTHING;
  }

  upTo(endMs: number, spokenMs: number, undecidedMs: number): void {
    const { canIdentify, voice } = this.#listener;
    const spoken = { spokenMs, undecidedMs };
    if (!canIdentify) return this.#recognise(onsetAt(this.#ear, endMs), endMs, spoken);
    if (this.identity.onset !== undefined) return this.#recognise(this.identity.onset, endMs, spoken);
    const { identity, windows } = identify(this.identity, voice, this.#ear, { endMs, spoken });
    this.identity = identity;
    for (const window of windows) this.#recognise(identity.onset, window.endMs, window.spoken);
  }

  #recognise(onset: Onset | undefined, endMs: number, spoken: Spoken): void {
    const { recogniser, voice, speakers, pace } = this.#listener;
    const hearing =
      this.#hearing !== undefined && this.#hearing.onset === onset
        ? this.#hearing
        : { voice, speakers, pace, onset };
    this.#hearing = hearing;
    const { recognition, says } = recogniser.recognise(this.recognition, hearing, endMs, spoken);
    this.recognition = recognition;
    // Most frames produce no message, but a recording sent in one piece produces many.
    if (says.length > 0) (this.#says ??= []).push(...says);
  }
}
