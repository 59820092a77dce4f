import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Facts } from './facts.ts';
import { Names, Part } from './part.tsx';

/** Makes a call of the control API, and says `done` or what is wrong. */
export type Act = (path: string, method: string, body: unknown, done: string) => void;

/** Which scenario the next connection of a token gets. */
export function Assignment({ names, act }: { names: readonly string[]; act: Act }): JSX.Element {
  const [token, setToken] = useState('');
  const [assigned, setAssigned] = useState('');
  const path = `assignments/${encodeURIComponent(token)}`;
  return (
    <Part
      title="Next connection of a token"
      hint="Connections with this token, or this API key, get the scenario from now on."
    >
      <input
        aria-label="Token"
        placeholder="Token"
        value={token}
        spellcheck={false}
        onInput={({ currentTarget }) => setToken(currentTarget.value)}
      />
      <Names
        title="Scenario of the token"
        names={names}
        value={assigned}
        none="Choose a scenario"
        onChange={setAssigned}
      />
      <button
        type="button"
        disabled={token === '' || assigned === ''}
        onClick={() => act(path, 'PUT', { scenario: assigned }, 'It is assigned')}
      >
        Assign
      </button>
      <button
        type="button"
        disabled={token === ''}
        onClick={() => act(path, 'DELETE', undefined, 'The assignment was removed')}
      >
        Take back
      </button>
    </Part>
  );
}

interface DefaultsProps {
  readonly names: readonly string[];
  readonly set: Facts['defaults'];
  readonly act: Act;
}

/** Which scenario connections get that have no other. */
export function Defaults({ names, set, act }: DefaultsProps): JSX.Element {
  const defaults = Object.entries(set).map(([dialect, name]) => `${dialect}: ${name}`);
  return (
    <Part
      title="Default scenario"
      hint={
        defaults.length === 0 ? 'Now: every connection behaves as documented.' : `Now: ${defaults.join(', ')}`
      }
    >
      <Names
        title="New default scenario"
        names={names}
        value=""
        none="Choose a scenario"
        onChange={(name) => act('scenario', 'PUT', { scenario: name }, `The default is ${name}`)}
      />
      <button
        type="button"
        disabled={defaults.length === 0}
        onClick={() => act('scenario', 'PUT', { scenario: null }, 'Every connection behaves as documented')}
      >
        None
      </button>
    </Part>
  );
}

const STATES = ['ready', 'scaled_down', 'starting'];

/** The state of the service behind the REST API. */
export function Service({ state, act }: { state: string; act: Act }): JSX.Element {
  return (
    <Part title="Service" hint="The service behind the REST API of Scriptix.">
      <div class="segments" role="radiogroup" aria-label="State of the service">
        {STATES.map((name) => (
          <label key={name}>
            <input
              type="radio"
              name="state"
              checked={state === name}
              onChange={() => act('service', 'PUT', { state: name }, `The service is ${name}`)}
            />
            <span>{name}</span>
          </label>
        ))}
      </div>
    </Part>
  );
}

interface ClockProps {
  readonly isManual: boolean;
  readonly nowMs: number;
  readonly act: Act;
}

/** The clock of the scenarios, which can be moved if it does not run by itself. */
export function ClockPart({ isManual, nowMs, act }: ClockProps): JSX.Element {
  const [stepMs, setStepMs] = useState('1000');
  const forward = () =>
    act('clock/advance', 'POST', { ms: stepMs.trim() === '' ? null : Number(stepMs) }, 'The clock was moved');
  return (
    <Part
      title="Clock"
      hint={
        isManual
          ? `It stands at ${nowMs} ms.`
          : 'It runs by itself; serve --clock manual lets it be moved by hand.'
      }
    >
      {isManual && (
        <>
          <input
            aria-label="Milliseconds"
            inputMode="numeric"
            value={stepMs}
            onInput={({ currentTarget }) => setStepMs(currentTarget.value)}
          />
          <button type="button" onClick={forward}>
            Forward
          </button>
        </>
      )}
    </Part>
  );
}

/** Forgets everything. */
export function Reset({ act }: { act: Act }): JSX.Element {
  return (
    <Part title="Reset" hint="Closes all connections, and forgets what was seen, assigned, added and set.">
      <button type="button" class="stop" onClick={() => act('reset', 'POST', {}, 'Everything was forgotten')}>
        Reset everything
      </button>
    </Part>
  );
}
