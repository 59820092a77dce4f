import { useRef, useState } from 'preact/hooks';
import { meaningOf } from '../text.ts';
import { afterMessage, SILENT, type Captions } from './captions.ts';
import { RATE } from './resample.ts';
import { microphone, recording, type Sound } from './sound.ts';
import { talk, type Asked, type Talk } from './talk.ts';

/** How far a conversation has come. */
export type Phase = 'idle' | 'starting' | 'speaking' | 'finishing';

/** A conversation by voice, one at a time. */
export interface Conversation {
  readonly phase: Phase;
  readonly captions: Captions;
  readonly heardMs: number;
  /** The loudness, from 0 to 1. */
  readonly level: number;
  /** How the last one ended; empty if none has. */
  readonly end: string;
  /** Why it could not be held; empty if it could. */
  readonly failure: string;
  /** @param source the microphone, or the name of a recording */
  start(asked: Asked, source: string): void;
  /** Says that there can be none, and why. */
  fail(why: string): void;
  /** Ends the audio, and waits for the last words. */
  finish(): void;
  /** Closes immediately. */
  stop(): void;
}

/** Holds conversations with the fake. */
export function useConversation(): Conversation {
  const [phase, setPhase] = useState<Phase>('idle');
  const [captions, setCaptions] = useState<Captions>(SILENT);
  const [heardMs, setHeardMs] = useState(0);
  const [level, setLevel] = useState(0);
  const [end, setEnd] = useState('');
  const [failure, setFailure] = useState('');
  const going = useRef<{ talk?: Talk | undefined; sound?: Sound | undefined }>({});

  const fail = (why: string) => {
    setEnd('');
    setFailure(why);
  };
  const finish = () => {
    setPhase('finishing');
    setLevel(0);
    going.current.sound?.stop();
    going.current.talk?.finish();
  };
  const over = () => {
    going.current.sound?.stop();
    going.current = {};
    setLevel(0);
    setPhase('idle');
  };
  const listener = {
    onSamples: (samples: Int16Array<ArrayBuffer>) => {
      going.current.talk?.send(samples);
      setHeardMs((ms) => ms + (samples.length / RATE) * 1000);
      setLevel(levelOf(samples));
    },
    onEnd: finish,
  };
  const listen = async (source: string) => {
    const open = source === 'microphone' ? microphone(listener) : recording(source, listener);
    going.current.sound = await open;
    // The connection may have ended while the browser was asking the user.
    if (going.current.talk === undefined) going.current.sound.stop();
    else setPhase('speaking');
  };
  const start = (asked: Asked, source: string) => {
    setPhase('starting');
    setCaptions(SILENT);
    setHeardMs(0);
    setEnd('');
    setFailure('');
    going.current = {
      talk: talk(asked, {
        // Nothing is said before the service listens.
        onOpen: () => {
          listen(source).catch((error: unknown) => {
            setFailure(error instanceof Error ? error.message : String(error));
            going.current.talk?.end();
          });
        },
        onMessage: (text) => setCaptions((now) => afterMessage(now, text)),
        onClose: (code, reason, wasOpen) => {
          setEnd(
            wasOpen
              ? `Closed with ${code} (${reason === '' ? meaningOf(code) : reason})`
              : 'The connection was refused. Sessions says why.',
          );
          over();
        },
      }),
    };
  };
  const stop = () => going.current.talk?.end();
  return { phase, captions, heardMs, level, end, failure, start, fail, finish, stop };
}

/** From -60 dB to full scale, as 0 to 1. */
function levelOf(samples: Int16Array): number {
  if (samples.length === 0) return 0;
  let sum = 0;
  for (const sample of samples) sum += (sample / 32_768) ** 2;
  const db = 10 * Math.log10(sum / samples.length + 1e-9);
  return Math.max(0, Math.min(1, (db + 60) / 60));
}
