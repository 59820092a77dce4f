import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { duration } from '../text.ts';
import type { Captions } from './captions.ts';
import type { Conversation, Phase } from './use-conversation.ts';

/** What is heard and said in a conversation. */
export function Stage({ conversation }: { conversation: Conversation }): JSX.Element {
  const { phase, captions, heardMs, level, end, failure } = conversation;
  const isIdle = phase === 'idle';
  return (
    <div class="card stage">
      <div class="bar">
        <button class={isIdle ? 'primary' : 'stop'}>{TITLES[phase]}</button>
        <meter class="level" min={0} max={1} value={level} aria-label="Loudness" />
        <p class="status">{isIdle ? end : [captions.state, duration(heardMs)].filter(Boolean).join(' · ')}</p>
      </div>
      {failure !== '' && (
        <p class="error" role="alert">
          {failure}
        </p>
      )}
      {captions.error !== undefined && (
        <p class="error" role="alert">
          The service says: {captions.error}
        </p>
      )}
      <Lines captions={captions} isIdle={isIdle} />
      <p class="hint">
        The words are invented: the fake hears when someone speaks, not what is said. It knows by heart only
        the recordings that it was given.
      </p>
    </div>
  );
}

const TITLES: Readonly<Record<Phase, string>> = {
  idle: 'Speak',
  starting: 'Cancel',
  speaking: 'Stop',
  finishing: 'Close',
};

function Lines({ captions, isIdle }: { captions: Captions; isIdle: boolean }): JSX.Element {
  const { finals, partial } = captions;
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const { current } = box;
    if (current !== null) current.scrollTop = current.scrollHeight;
  }, [finals.length, partial]);
  return (
    <div class="lines" ref={box} tabIndex={0} role="log" aria-label="Captions">
      {finals.length + partial.length === 0 && (
        <p class="quiet">{isIdle ? 'Press Speak, and say something.' : 'Say something.'}</p>
      )}
      {finals.map((line, index) => (
        <p key={index} class="final">
          {line}
        </p>
      ))}
      {partial !== '' && (
        <p class="partial" aria-live="off">
          {partial}
        </p>
      )}
    </div>
  );
}
