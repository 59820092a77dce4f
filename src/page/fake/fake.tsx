import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { call } from '../api.ts';
import type { World } from '../world.ts';

interface Facts {
  readonly scenarios: readonly { readonly dialect: string; readonly name: string }[];
  readonly defaults: Readonly<Record<string, string>>;
  readonly service: string;
  readonly clock: { readonly mode: string; readonly nowMs: number };
}

const STATES = ['ready', 'scaled_down', 'starting'];

/** What can be done to the whole fake. */
export function Fake({ world, isLive }: { world: World; isLive: boolean }): JSX.Element {
  const [facts, setFacts] = useState<Facts>();
  const [said, setSaid] = useState('');
  const [isWrong, setWrong] = useState(false);
  const [token, setToken] = useState('');
  const [assigned, setAssigned] = useState('');
  const [stepMs, setStepMs] = useState('1000');
  const { scenarios: version, state, nowMs } = world;
  useEffect(() => {
    if (!isLive) return;
    readFacts().then(setFacts, () => undefined);
  }, [isLive, version, state]);

  const act = async (path: string, method: string, body: unknown, done: string) => {
    try {
      await call(path, method, body);
      setFacts(await readFacts());
      setSaid(done);
      setWrong(false);
    } catch (error) {
      setSaid(error instanceof Error ? error.message : String(error));
      setWrong(true);
    }
  };
  if (facts === undefined) return <p class="quiet">Waiting for the fake</p>;
  const names = [...new Set(facts.scenarios.map(({ name }) => name))].sort();
  const defaults = Object.entries(facts.defaults).map(([dialect, name]) => `${dialect}: ${name}`);
  return (
    <div class="fake">
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
          onClick={() =>
            void act(
              `assignments/${encodeURIComponent(token)}`,
              'PUT',
              { scenario: assigned },
              'It is assigned',
            )
          }
        >
          Assign
        </button>
        <button
          type="button"
          disabled={token === ''}
          onClick={() =>
            void act(
              `assignments/${encodeURIComponent(token)}`,
              'DELETE',
              undefined,
              'The assignment was removed',
            )
          }
        >
          Take back
        </button>
      </Part>
      <Part
        title="Default scenario"
        hint={
          defaults.length === 0
            ? 'Now: every connection behaves as documented.'
            : `Now: ${defaults.join(', ')}`
        }
      >
        <Names
          title="New default scenario"
          names={names}
          value=""
          none="Choose a scenario"
          onChange={(name) => void act('scenario', 'PUT', { scenario: name }, `The default is ${name}`)}
        />
        <button
          type="button"
          disabled={defaults.length === 0}
          onClick={() =>
            void act('scenario', 'PUT', { scenario: null }, 'Every connection behaves as documented')
          }
        >
          None
        </button>
      </Part>
      <Part title="Service" hint="The service behind the REST API of Scriptix.">
        <div class="segments" role="radiogroup" aria-label="State of the service">
          {STATES.map((name) => (
            <label key={name}>
              <input
                type="radio"
                name="state"
                checked={facts.service === name}
                onChange={() => void act('service', 'PUT', { state: name }, `The service is ${name}`)}
              />
              <span>{name}</span>
            </label>
          ))}
        </div>
      </Part>
      <Part
        title="Clock"
        hint={
          facts.clock.mode === 'manual'
            ? `It stands at ${Math.max(facts.clock.nowMs, nowMs)} ms.`
            : 'It runs by itself; serve --clock manual lets it be moved by hand.'
        }
      >
        {facts.clock.mode === 'manual' && (
          <>
            <input
              aria-label="Milliseconds"
              inputMode="numeric"
              value={stepMs}
              onInput={({ currentTarget }) => setStepMs(currentTarget.value)}
            />
            <button
              type="button"
              onClick={() =>
                void act(
                  'clock/advance',
                  'POST',
                  { ms: stepMs.trim() === '' ? null : Number(stepMs) },
                  'The clock was moved',
                )
              }
            >
              Forward
            </button>
          </>
        )}
      </Part>
      <Part title="Reset" hint="Closes all connections, and forgets what was seen, assigned, added and set.">
        <button
          type="button"
          class="stop"
          onClick={() => void act('reset', 'POST', {}, 'Everything was forgotten')}
        >
          Reset everything
        </button>
      </Part>
      <p class={isWrong ? 'error' : 'status'} role="status">
        {said}
      </p>
    </div>
  );
}

async function readFacts(): Promise<Facts> {
  const [scenarios, defaults, service, clock] = await Promise.all(
    ['scenarios', 'scenario', 'service', 'clock'].map((path) => call(path)),
  );
  return {
    scenarios: (scenarios as { readonly scenarios: Facts['scenarios'] }).scenarios,
    defaults: (defaults as { readonly scenario: Facts['defaults'] }).scenario,
    service: (service as { readonly state: string }).state,
    clock: clock as Facts['clock'],
  };
}

function Part({
  title,
  hint,
  children,
}: {
  title: string;
  hint: string;
  children: ComponentChildren;
}): JSX.Element {
  return (
    <section class="card part" aria-label={title}>
      <h2>{title}</h2>
      <p class="hint">{hint}</p>
      <div class="row">{children}</div>
    </section>
  );
}

interface NamesProps {
  readonly title: string;
  readonly names: readonly string[];
  readonly value: string;
  readonly none: string;
  readonly onChange: (name: string) => void;
}

function Names({ title, names, value, none, onChange }: NamesProps): JSX.Element {
  return (
    <select
      aria-label={title}
      value={value}
      onChange={({ currentTarget }) => {
        if (currentTarget.value !== '') onChange(currentTarget.value);
      }}
    >
      <option value="">{none}</option>
      {names.map((name) => (
        <option key={name} value={name}>
          {name}
        </option>
      ))}
    </select>
  );
}
