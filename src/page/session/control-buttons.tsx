import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

/** Makes a call about the session, and says `done` or what is wrong. */
export type Act = (path: string, body: unknown, done: string) => Promise<void>;

interface HoldButtonsProps {
  readonly isHolding: boolean;
  readonly act: Act;
  /** Nothing is held any more. */
  readonly onReleased: () => void;
}

/** Holds what the fake sends, and lets it go. */
export function HoldButtons({ isHolding, act, onReleased }: HoldButtonsProps): JSX.Element {
  if (!isHolding)
    return (
      <button type="button" onClick={() => void act('hold', undefined, 'Messages of the fake are held')}>
        Hold
      </button>
    );
  return (
    <>
      <button type="button" onClick={() => void act('release', { count: 1 }, 'One message was released')}>
        Release one
      </button>
      <button
        type="button"
        onClick={() => void act('release', undefined, 'All messages were released').then(onReleased)}
      >
        Release all
      </button>
    </>
  );
}

/** Ends the session in one of several ways. */
export function EndButtons({ act }: { act: Act }): JSX.Element {
  const [code, setCode] = useState('1011');
  return (
    <>
      <label class="inline">
        <span>Code</span>
        <input
          class="code"
          inputMode="numeric"
          value={code}
          onInput={({ currentTarget }) => setCode(currentTarget.value)}
        />
      </label>
      <button type="button" onClick={() => void act('close', { code: Number(code) }, `Closed with ${code}`)}>
        Close
      </button>
      <button type="button" class="stop" onClick={() => void act('abort', { how: 'fin' }, 'TCP was ended')}>
        End TCP
      </button>
      <button type="button" class="stop" onClick={() => void act('abort', { how: 'reset' }, 'TCP was reset')}>
        Reset TCP
      </button>
      <button
        type="button"
        class="stop"
        onClick={() => void act('abort', { how: 'silence' }, 'It is silent')}
      >
        Fall silent
      </button>
    </>
  );
}
