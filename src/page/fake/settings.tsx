import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Facts } from './facts.ts';
import { Card, Names } from './card.tsx';
import { Segments } from '../segments.tsx';

/** Changes something in the fake with a call of the control API, and says `done` or what is wrong. */
export type Change = (path: string, method: string, body: unknown, done: string) => void;

/** Which scenario the next connection of a token gets. */
export function Assignment({ names, change }: { names: readonly string[]; change: Change }): JSX.Element {
  const [token, setToken] = useState('');
  const [assigned, setAssigned] = useState('');
  const path = `assignments/${encodeURIComponent(token)}`;
  return (
    <Card
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
        onClick={() => change(path, 'PUT', { scenario: assigned }, 'It is assigned')}
      >
        Assign
      </button>
      <button
        type="button"
        disabled={token === ''}
        onClick={() => change(path, 'DELETE', undefined, 'The assignment was removed')}
      >
        Take back
      </button>
    </Card>
  );
}

interface DefaultsProps {
  readonly names: readonly string[];
  readonly set: Facts['defaults'];
  readonly change: Change;
}

/** Which scenario connections get that have no other. */
export function Defaults({ names, set, change }: DefaultsProps): JSX.Element {
  const defaults = Object.entries(set).map(([dialect, name]) => `${dialect}: ${name}`);
  return (
    <Card
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
        onChange={(name) => change('scenario', 'PUT', { scenario: name }, `The default is ${name}`)}
      />
      <button
        type="button"
        disabled={defaults.length === 0}
        onClick={() =>
          change('scenario', 'PUT', { scenario: null }, 'Every connection behaves as documented')
        }
      >
        None
      </button>
    </Card>
  );
}

const STATES = ['ready', 'scaled_down', 'starting'];

/** The state of the service behind the REST API. */
export function ServiceState({ state, change }: { state: string; change: Change }): JSX.Element {
  return (
    <Card title="Service" hint="The service behind the REST API of Scriptix.">
      <Segments
        title="State of the service"
        name="state"
        values={STATES.map((name) => [name, name])}
        value={state}
        onChange={(name) => change('service', 'PUT', { state: name }, `The service is ${name}`)}
      />
    </Card>
  );
}

interface ClockProps {
  readonly isManual: boolean;
  readonly nowMs: number;
  readonly change: Change;
}

/** The clock of the scenarios, which can be moved if it does not run by itself. */
export function ClockCard({ isManual, nowMs, change }: ClockProps): JSX.Element {
  const [stepMs, setStepMs] = useState('1000');
  const forward = () =>
    change(
      'clock/advance',
      'POST',
      { ms: stepMs.trim() === '' ? null : Number(stepMs) },
      'The clock was moved',
    );
  return (
    <Card
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
    </Card>
  );
}

/** Forgets everything. */
export function Reset({ change }: { change: Change }): JSX.Element {
  return (
    <Card title="Reset" hint="Closes all connections, and forgets what was seen, assigned, added and set.">
      <button
        type="button"
        class="stop"
        onClick={() => change('reset', 'POST', {}, 'Everything was forgotten')}
      >
        Reset everything
      </button>
    </Card>
  );
}
