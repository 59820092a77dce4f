import fc from 'fast-check';
import { sniffingEar } from '../../src/audio/ear.ts';
import { RAW_DEFAULT } from '../../src/audio/format.ts';
import { step } from '../../src/mock-server/engine/step.ts';
import { newSession, type SessionState } from '../../src/mock-server/engine/state.ts';
import type { Effect, Input } from '../../src/mock-server/engine/messages.ts';
import type { ServerSay, ServerScript, Step, Voice } from '../../src/scenario/script.ts';
import { BYTES_PER_MS } from './audio.ts';

/** w0, w1, …, each for 300 ms of speech. */
const VOICE: Voice = (_onset, index) => ({
  kind: 'paced',
  text: `w${index}`,
  spokenMs: 300,
  confidence: 0.9,
});

export function scriptOf(steps: readonly Step[], seed = 1): ServerScript {
  return { steps, voice: VOICE, speakers: 0, seed };
}

export type Timed<T> = readonly [atMs: number, what: T];

/** Feeds inputs to the engine at their times. The engine must not change its inputs. */
export function play(
  script: ServerScript,
  inputs: readonly Timed<Input>[],
): { readonly effects: readonly Timed<Effect>[]; readonly state: SessionState } {
  deepFreeze(script);
  let state = newSession(sniffingEar(RAW_DEFAULT));
  const effects: Timed<Effect>[] = [];
  for (const [nowMs, input] of [[0, { kind: 'open' }] as const, ...inputs]) {
    const outcome = step(script, deepFreeze(state), deepFreeze(input), nowMs);
    state = outcome.state;
    for (const effect of outcome.effects) effects.push([nowMs, effect]);
  }
  return { effects, state };
}

/** The messages of the server. */
export function saysOf(effects: readonly Timed<Effect>[]): readonly ServerSay[] {
  return effects.flatMap(([, effect]) => (effect.kind === 'say' ? [effect.say] : []));
}

/** `partial w0 w1`, `final w0`, `state stopped`. */
export function describeSay(say: ServerSay): string {
  switch (say.kind) {
    case 'partial':
    case 'final':
    case 'turn-end-candidate':
      return [say.kind, ...say.words.map(({ text }) => text)].join(' ');
    case 'state':
      return `state ${say.state}`;
    case 'flushed':
      return `flushed ${say.id}`;
    case 'error':
      return `error ${say.message}`;
    default:
      return say.kind;
  }
}

/** Speech and silence in turn, each for the given milliseconds, beginning with speech. */
export function audioOf(turnsMs: readonly number[]): Uint8Array {
  const samplesPerMs = BYTES_PER_MS / 2;
  const lengths = turnsMs.map((ms) => Math.round(ms * samplesPerMs));
  const samples = new Int16Array(lengths.reduce((sum, length) => sum + length, 0));
  let from = 0;
  for (const [turn, length] of lengths.entries()) {
    if (turn % 2 === 0) for (let i = 0; i < length; i++) samples[from + i] = 8000 * Math.sin(i / 5);
    from += length;
  }
  return new Uint8Array(samples.buffer);
}

/** Cuts bytes into frames of these lengths, again and again. */
export function cut(bytes: Uint8Array, lengths: readonly number[]): readonly Uint8Array[] {
  const frames: Uint8Array[] = [];
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const length = lengths[i % lengths.length] ?? bytes.length;
    frames.push(bytes.subarray(at, at + length));
    at += length;
  }
  return frames;
}

export const audioInputs = (frames: readonly Uint8Array[], atMs = 1): readonly Timed<Input>[] =>
  frames.map((bytes) => [atMs, { kind: 'audio', bytes }]);

/** Turns of speech and silence of up to a second and a half, a few seconds together. */
export const turnsMs = fc.array(fc.integer({ min: 20, max: 1500 }), { minLength: 1, maxLength: 6 });

/** Lengths of frames, including odd ones. */
export const frameLengths = fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 5 });

/** Bytes cannot be frozen; comparing them finds code that writes to them. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || Object.isFrozen(value)) {
    return value;
  }
  Object.freeze(value);
  for (const inner of Object.values(value)) deepFreeze(inner);
  return value;
}
