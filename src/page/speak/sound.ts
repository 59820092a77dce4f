import { nowMs, pause } from '../clock.ts';
import { RATE, resampler } from './resample.ts';

/** A source of sound, at the pace at which it is spoken. */
export interface Sound {
  /** Ends it; a recording then also stops. */
  stop(): void;
}

/** Is given samples at 16 kHz as they are heard, and the end of a recording. */
export interface Listener {
  readonly onSamples: (samples: Int16Array<ArrayBuffer>) => void;
  readonly onEnd: () => void;
}

/** The length of a frame of a recording, in milliseconds. */
const FRAME_MS = 100;
/** The size of the header of our own recordings. */
const HEADER_BYTES = 44;

/** Why there is no microphone, and what to do; undefined if there is one to ask for. */
export function noMicrophone(): string | undefined {
  if (!window.isSecureContext) {
    return `A browser gives its microphone to secure pages only. Open this page at http://localhost:${location.port}, or start the fake with --tls. Until then, choose a recording.`;
  }
  // Absent in some browsers, whatever its type says.
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  return devices === undefined ? 'This browser has no microphone. Choose a recording.' : undefined;
}

/**
 * Listens to the microphone.
 *
 * @throws Error with the reason if that is impossible
 */
export async function microphone({ onSamples }: Listener): Promise<Sound> {
  const missing = noMicrophone();
  if (missing !== undefined) throw new Error(missing);
  let media: MediaStream;
  try {
    media = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1 } });
  } catch (error) {
    throw new Error(reasonOf(error), { cause: error });
  }
  const context = new AudioContext();
  const stop = () => {
    for (const track of media.getTracks()) track.stop();
    silence(context);
  };
  try {
    await context.audioWorklet.addModule('page/worklet.js');
    const ear = new AudioWorkletNode(context, 'ear', {
      numberOfOutputs: 0,
      channelCount: 1,
      channelCountMode: 'explicit',
    });
    const resample = resampler(context.sampleRate);
    ear.port.onmessage = ({ data }: MessageEvent<Float32Array>) => onSamples(resample(data));
    context.createMediaStreamSource(media).connect(ear);
    await context.resume();
  } catch (error) {
    stop();
    throw error;
  }
  return { stop };
}

function reasonOf(error: unknown): string {
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'NotAllowedError')
    return 'The browser was not allowed to use the microphone. Allow it in the address bar, or choose a recording.';
  if (name === 'NotFoundError') return 'There is no microphone. Choose a recording.';
  return `The microphone cannot be used (${name || String(error)}). Choose a recording.`;
}

/** Closes a context; one that is already closed would complain. */
function silence(context: AudioContext): void {
  if (context.state !== 'closed') void context.close();
}

/** Plays a bundled recording of 16 kHz aloud, and passes on its samples as they are heard. */
export async function recording(name: string, { onSamples, onEnd }: Listener): Promise<Sound> {
  const file = await fetch(`page/${name}`);
  if (!file.ok) throw new Error(`The recording ${name} is not there (status ${file.status})`);
  const bytes = await file.arrayBuffer();
  // Decoding takes the bytes away.
  const samples = new Int16Array(bytes.slice(HEADER_BYTES));
  const context = new AudioContext();
  const stopping = new AbortController();
  try {
    const buffer = await context.decodeAudioData(bytes);
    const source = new AudioBufferSourceNode(context, { buffer });
    source.connect(context.destination);
    await context.resume();
    source.start();
  } catch {
    // Only the fake hears it.
  }
  const pass = async () => {
    const isOver = () => stopping.signal.aborted;
    const startedMs = nowMs();
    const frame = (RATE * FRAME_MS) / 1000;
    for (let at = 0; at < samples.length && !isOver(); at += frame) {
      const dueMs = startedMs + ((at + frame) / RATE) * 1000;
      const waitMs = dueMs - nowMs();
      if (waitMs > 0) await pause(waitMs, stopping.signal);
      if (!isOver()) onSamples(samples.slice(at, at + frame));
    }
    if (!isOver()) onEnd();
  };
  void pass();
  return {
    stop() {
      stopping.abort();
      silence(context);
    },
  };
}
