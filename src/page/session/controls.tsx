import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { call } from '../api.ts';

interface Held {
  readonly id: number;
  readonly kind: string;
  readonly text?: string;
}

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
  const send = () => {
    let json: unknown;
    try {
      json = JSON.parse(message);
    } catch {
      // Not JSON: a text, as it is.
      json = { text: message };
    }
    void act('send', json, 'Sent');
  };
  const isHolding = held !== undefined;
  return (
    <div class="card controls" role="group" aria-label="Buttons">
      <div class="row">
        {isHolding ? (
          <>
            <button type="button" onClick={() => void act('release', { count: 1 }, 'One message was let go')}>
              Let one go
            </button>
            <button
              type="button"
              onClick={() =>
                void act('release', undefined, 'All messages were let go').then(() => setHeld(undefined))
              }
            >
              Let all go
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
      <p class={isWrong ? 'error' : 'status'} role="status">
        {said}
        {isHolding && ` (${held.length} held when last asked)`}
      </p>
    </div>
  );
}
