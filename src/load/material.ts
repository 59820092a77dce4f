import type { SocketDialect } from '../protocol/dialects.ts';
import { DIALECTS } from '../protocol/dialects.ts';
import { bytesPerMsOf, wavHeader, type Sounds } from '../conformance/player/sounds.ts';
import { RUNNER_DIALECTS } from '../conformance/dialects/dialects.ts';
import type { ClientSession, ClientStep } from '../scenario/client-script.ts';
import { readClientSteps } from '../scenario/client-script.ts';
import { LOAD_DIALECTS } from './dialects.ts';
import { UserError } from '../runtime/errors.ts';

/** Something that a session sends, and when, in milliseconds from the answer to its upgrade. */
export interface Sent {
  readonly atMs: number;
  readonly what: string | Uint8Array;
}

/** What every session of a load does. */
export interface Material {
  readonly session: ClientSession;
  readonly sends: readonly Sent[];
  readonly holdMs: number;
  /** Whether speech is among what is sent, so that there has to be a result. */
  readonly hasSpeech: boolean;
}

/** The length of a frame of audio. */
export const FRAME_MS = 100;
/** The bundled recording that is sent unless another is given. */
export const SPEECH = 'en-appointment.wav';

/** A session with a valid credential in its usual form and no other peculiarities. */
export const PLAIN: Omit<ClientSession, 'query' | 'steps'> = {
  ...{ atOnce: true, role: undefined, token: undefined, credential: 'valid', form: undefined },
  ...{ path: undefined, headers: {}, subprotocols: undefined },
};

/** A session that speaks for a while: a bundled recording, or the user's own, again and again. */
export function spokenMaterial(dialect: SocketDialect, holdMs: number, sounds: Sounds): Material {
  const isSent = DIALECTS[dialect].audio === 'sent';
  const audio = { audio: { file: SPEECH, for: `${holdMs}ms` as const } };
  const steps = readClientSteps(isSent ? [...RUNNER_DIALECTS[dialect].begin, audio] : []);
  return materialOf({ ...PLAIN, query: LOAD_DIALECTS[dialect].query, steps }, sounds, holdMs);
}

/** The sends of a client's steps at their times. @param holdMs how long it lasts at least. @throws UserError for a step that has no time */
export function materialOf(session: ClientSession, sounds: Sounds, holdMs = 0): Material {
  const sends: Sent[] = [];
  let atMs = 0;
  let hasSpeech = false;
  for (const step of session.steps) {
    switch (step.verb) {
      case 'start':
      case 'stop':
        sends.push({ atMs, what: JSON.stringify({ action: step.verb }) });
        break;
      case 'flush':
        sends.push({
          atMs,
          what: JSON.stringify({ type: 'flush_request', ...(step.id === undefined ? {} : { id: step.id }) }),
        });
        break;
      case 'say':
        sends.push({ atMs, what: step.message });
        break;
      case 'wait':
        atMs += step.ms;
        break;
      case 'audio': {
        hasSpeech ||= sounds.sound(step.file, step.format).content === 'speech';
        atMs = speak(step, sounds, atMs, sends);
        break;
      }
      case 'await':
      case 'close':
        // A session ends properly anyway, and in an open model nothing waits for the server.
        break;
      default:
        throw new UserError(`the step ${step.verb} has no time at which every session of a load could do it`);
    }
  }
  return { session, sends, holdMs: Math.max(holdMs, atMs), hasSpeech };
}

/** Frames of a recording, each when its last sample has been recorded. Returns when the next step begins. */
function speak(
  { file, durationMs, frameMs, header, format, pace }: Extract<ClientStep, { verb: 'audio' }>,
  sounds: Sounds,
  fromMs: number,
  sends: Sent[],
): number {
  const { pcm } = sounds.sound(file, format);
  const bytesPerMs = bytesPerMsOf(format);
  const sampleBytes = 2 * format.channels;
  const whole = (ms: number) => Math.floor((ms * bytesPerMs) / sampleBytes) * sampleBytes;
  const byteCount = durationMs === undefined ? pcm.length : whole(durationMs);
  const frameBytes = Math.max(sampleBytes, whole(frameMs));
  if (header) sends.push({ atMs: fromMs, what: wavHeader(format) });
  for (let at = 0; at < byteCount; at += frameBytes) {
    const to = Math.min(at + frameBytes, byteCount);
    sends.push({ atMs: fromMs + to / bytesPerMs / pace, what: cut(pcm, at, to) });
  }
  return fromMs + byteCount / bytesPerMs / pace;
}

/** A part of a recording that is repeated; a view where it does not go round. */
export function cut(pcm: Uint8Array, at: number, to: number): Uint8Array {
  const from = at % pcm.length;
  if (from + (to - at) <= pcm.length) return pcm.subarray(from, from + (to - at));
  const part = new Uint8Array(to - at);
  for (let i = 0; i < part.length; i++) part[i] = pcm[(at + i) % pcm.length] ?? 0;
  return part;
}
