import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { call } from '../api.ts';
import { pause } from '../clock.ts';
import { HeldList, type Held } from './held-list.tsx';

/** How often the list of held messages is read. */
const AGAIN_MS = 500;

/** What can be done to one session. */
export function Controls({ id }: { id: string }): JSX.Element {
  const [said, setSaid] = useState('');
  const [isWrong, setWrong] = useState(false);
  const [held, setHeld] = useState<readonly Held[]>();
  const [message, setMessage] = useState('{"state": "listening"}');
  const [code, setCode] = useState('1011');

  const act = async (path: string, body: unknown, done: string) => {
    try {
      const answer = (await call(`sessions/${encodeURIComponent(id)}/${path}`, 'POST', body)) as {
        readonly held?: readonly Held[];
      };
      if (answer.held !== undefined) setHeld(answer.held);
      setSaid(done);
      setWrong(false);
    } catch (error) {
      setSaid(error instanceof Error ? error.message : String(error));
      setWrong(true);
    }
  };
  const written = (): unknown => {
    try {
      return JSON.parse(message) as unknown;
    } catch {
      // Not JSON: a text, as it is.
      return { text: message };
    }
  };
  const send = () => void act('send', written(), 'Sent');
  const isHolding = held !== undefined;
  // The list grows while it is shown.
  useEffect(() => {
    if (!isHolding) return;
    const leaving = new AbortController();
    const isOver = () => leaving.signal.aborted;
    const look = async () => {
      while (!isOver()) {
        await pause(AGAIN_MS, leaving.signal);
        if (isOver()) return;
        const answer = (await call(`sessions/${encodeURIComponent(id)}/held`)) as {
          readonly held: readonly Held[];
        };
        if (!isOver()) setHeld(answer.held);
      }
    };
    // The session may have ended.
    look().catch(() => undefined);
    return () => leaving.abort();
  }, [isHolding, id]);
  return (
    <div class="card controls" role="group" aria-label="Buttons">
      <div class="row">
        {isHolding ? (
          <>
            <button
              type="button"
              onClick={() => void act('release', { count: 1 }, 'One message was released')}
            >
              Release one
            </button>
            <button
              type="button"
              onClick={() =>
                void act('release', undefined, 'All messages were released').then(() => setHeld(undefined))
              }
            >
              Release all
            </button>
          </>
        ) : (
          <button type="button" onClick={() => void act('hold', undefined, 'Messages of the fake are held')}>
            Hold
          </button>
        )}
        <span class="gap" />
        <label class="inline">
          <span>Code</span>
          <input
            class="code"
            inputMode="numeric"
            value={code}
            onInput={({ currentTarget }) => setCode(currentTarget.value)}
          />
        </label>
        <button
          type="button"
          onClick={() => void act('close', { code: Number(code) }, `Closed with ${code}`)}
        >
          Close
        </button>
        <button type="button" class="stop" onClick={() => void act('abort', { how: 'fin' }, 'TCP was ended')}>
          End TCP
        </button>
        <button
          type="button"
          class="stop"
          onClick={() => void act('abort', { how: 'reset' }, 'TCP was reset')}
        >
          Reset TCP
        </button>
        <button
          type="button"
          class="stop"
          onClick={() => void act('abort', { how: 'silence' }, 'It is silent')}
        >
          Fall silent
        </button>
      </div>
      <div class="row">
        <input
          class="message"
          aria-label="Message to send, JSON or any text"
          value={message}
          spellcheck={false}
          onInput={({ currentTarget }) => setMessage(currentTarget.value)}
        />
        <button type="button" onClick={send}>
          Send
        </button>
      </div>
      {isHolding && (
        <HeldList
          held={held}
          onDrop={(one) => void act('drop', { id: one }, 'It was dropped')}
          onReplace={(one) =>
            void act('replace', { id: one, message: written() }, 'It was replaced by the message above')
          }
        />
      )}
      <p class={isWrong ? 'error' : 'status'} role="status">
        {said}
        {isHolding && ` (${held.length} held)`}
      </p>
    </div>
  );
}
