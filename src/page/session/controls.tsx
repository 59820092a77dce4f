import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { call } from '../api.ts';
import { EndButtons, HoldButtons, type Act } from './control-buttons.tsx';
import { HeldList, type Held } from './held-list.tsx';
import { useHeld } from './use-held.ts';

/** What can be done to one session. */
export function Controls({ id }: { id: string }): JSX.Element {
  const [said, setSaid] = useState('');
  const [isWrong, setWrong] = useState(false);
  const [held, setHeld] = useHeld(id);
  const [message, setMessage] = useState('{"state": "listening"}');

  const act: Act = async (path, body, done) => {
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
  return (
    <div class="card controls" role="group" aria-label="Buttons">
      <div class="row">
        <HoldButtons isHolding={isHolding} act={act} onReleased={() => setHeld(undefined)} />
        <span class="gap" />
        <EndButtons act={act} />
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
