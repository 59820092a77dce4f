import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { call } from '../api.ts';
import { duration, meaningOf } from '../text.ts';
import { afterMessage, SILENT, type Captions } from './captions.ts';
import { LANGUAGES, parametersOf, SOURCES, whyNot } from './choices.ts';
import { RATE } from './resample.ts';
import { SERVICE_NAMES, SERVICES, type Service } from './services.ts';
import { microphone, noMicrophone, recording, type Sound } from './sound.ts';
import { talk, type Talk } from './talk.ts';

type Phase = 'idle' | 'starting' | 'speaking' | 'finishing';

interface Scenario {
  readonly dialect: string;
  readonly name: string;
}

/** A scenario to be tried out: it is assigned to this key. */
export interface Trial {
  readonly dialect: string;
  readonly key: string;
}

interface SpeakProps {
  readonly scenarios: number;
  readonly isLive: boolean;
  readonly trial: Trial | undefined;
}

/** A conversation with the fake, by voice. */
export function Speak({ scenarios: version, isLive, trial }: SpeakProps): JSX.Element {
  const [service, setService] = useState<Service>('scriptix');
  const [source, setSource] = useState<string>(
    noMicrophone() === undefined ? 'microphone' : 'en-appointment.wav',
  );
  const [edition, setEdition] = useState('documents');
  const [scenario, setScenario] = useState('');
  const [language, setLanguage] = useState('');
  const [key, setKey] = useState('any-token');
  const [on, setOn] = useState<ReadonlySet<string>>(usual('scriptix'));
  const [phase, setPhase] = useState<Phase>('idle');
  const [captions, setCaptions] = useState<Captions>(SILENT);
  const [heardMs, setHeardMs] = useState(0);
  const [level, setLevel] = useState(0);
  const [end, setEnd] = useState('');
  const [failure, setFailure] = useState('');
  const [isDue, setDue] = useState(false);
  const going = useRef<{ talk?: Talk | undefined; sound?: Sound | undefined }>({});
  const scenarios = useScenarios(version, isLive);

  const choose = (next: Service) => {
    setService(next);
    setOn(usual(next));
    setEdition('documents');
    setScenario('');
  };
  useEffect(() => {
    const meant = SERVICE_NAMES.find((name) => name === trial?.dialect);
    if (trial === undefined || meant === undefined) return;
    choose(meant);
    setKey(trial.key);
    setDue(true);
  }, [trial]);
  // Once the choices for the trial have been loaded.
  useEffect(() => {
    if (!isDue) return;
    setDue(false);
    if (phase === 'idle') start();
  }, [isDue]);
  const start = () => {
    const hindrance = whyNot(service, key);
    if (hindrance !== undefined) {
      setEnd('');
      return setFailure(hindrance);
    }
    setPhase('starting');
    setCaptions(SILENT);
    setHeardMs(0);
    setEnd('');
    setFailure('');
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
      onEnd: () => finish(),
    };
    // Nothing is said before the service listens.
    const listen = async () => {
      const open = source === 'microphone' ? microphone(listener) : recording(source, listener);
      going.current.sound = await open;
      // The connection may have ended while the browser was asking the user.
      if (going.current.talk === undefined) going.current.sound.stop();
      else setPhase('speaking');
    };
    const asked = { service, key, query: parametersOf(service, { edition, scenario, language, on }) };
    going.current = {
      talk: talk(asked, {
        onOpen: () => {
          listen().catch((error: unknown) => {
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
  const finish = () => {
    setPhase('finishing');
    setLevel(0);
    going.current.sound?.stop();
    going.current.talk?.finish();
  };
  const isIdle = phase === 'idle';
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (isIdle) start();
    else if (phase === 'speaking') finish();
    else going.current.talk?.end();
  };

  return (
    <form class="speak" onSubmit={submit}>
      <div class="card choices">
        <fieldset disabled={!isIdle}>
          <legend class="unseen">What to speak to</legend>
          <div class="segments" role="radiogroup" aria-label="Service">
            {SERVICE_NAMES.map((name) => (
              <label key={name}>
                <input type="radio" name="service" checked={service === name} onChange={() => choose(name)} />
                <span>{SERVICES[name].title}</span>
              </label>
            ))}
          </div>
          <Choice title="Sound" value={source} onChange={setSource} options={SOURCES} />
          {source === 'microphone' && noMicrophone() !== undefined && <p class="error">{noMicrophone()}</p>}
          {SERVICES[service].hasLanguage && (
            <Choice
              title="Language"
              value={language}
              onChange={setLanguage}
              options={[['', 'Not named'], ...LANGUAGES.map((name) => [name, name] as const)]}
            />
          )}
          <Choice
            title="Edition"
            value={edition}
            onChange={setEdition}
            options={SERVICES[service].editions.map((name) => [name, name] as const)}
          />
          <Choice
            title="Scenario"
            value={scenario}
            onChange={setScenario}
            options={[
              ['', 'As documented'],
              ...scenarios
                .filter(({ dialect }) => dialect === service)
                .map(({ name }) => [name, name] as const),
            ]}
          />
          <label class="field">
            <span>{SERVICES[service].keyTitle}</span>
            <input
              value={key}
              required
              spellcheck={false}
              onInput={({ currentTarget }) => setKey(currentTarget.value)}
            />
          </label>
          <div class="switches" role="group" aria-label="Parameters">
            {SERVICES[service].switches.map(({ name, title }) => (
              <label key={name}>
                <input
                  type="checkbox"
                  checked={on.has(name)}
                  onChange={({ currentTarget }) => setOn(toggled(on, name, currentTarget.checked))}
                />
                <code>{title}</code>
              </label>
            ))}
          </div>
        </fieldset>
      </div>
      <div class="card stage">
        <div class="bar">
          <button class={isIdle ? 'primary' : 'stop'}>{TITLES[phase]}</button>
          <meter class="level" min={0} max={1} value={level} aria-label="Loudness" />
          <p class="status">
            {phase === 'idle' ? end : [captions.state, duration(heardMs)].filter(Boolean).join(' · ')}
          </p>
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
    </form>
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

interface ChoiceProps {
  readonly title: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly options: readonly (readonly [string, string])[];
}

function Choice({ title, value, onChange, options }: ChoiceProps): JSX.Element {
  return (
    <label class="field">
      <span>{title}</span>
      <select value={value} onChange={({ currentTarget }) => onChange(currentTarget.value)}>
        {options.map(([name, text]) => (
          <option key={name} value={name}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}

/** The scenarios of the fake, loaded again when they may have changed. */
function useScenarios(version: number, isLive: boolean): readonly Scenario[] {
  const [scenarios, setScenarios] = useState<readonly Scenario[]>([]);
  useEffect(() => {
    if (!isLive) return;
    call('scenarios').then(
      (answer) => setScenarios((answer as { scenarios: readonly Scenario[] }).scenarios),
      () => undefined,
    );
  }, [version, isLive]);
  return scenarios;
}

function usual(service: Service): ReadonlySet<string> {
  return new Set(SERVICES[service].switches.filter(({ isOn }) => isOn).map(({ name }) => name));
}

function toggled(on: ReadonlySet<string>, name: string, isOn: boolean): ReadonlySet<string> {
  const next = new Set(on);
  if (isOn) next.add(name);
  else next.delete(name);
  return next;
}

/** From -60 dB to full scale, as 0 to 1. */
function levelOf(samples: Int16Array): number {
  if (samples.length === 0) return 0;
  let sum = 0;
  for (const sample of samples) sum += (sample / 32_768) ** 2;
  const db = 10 * Math.log10(sum / samples.length + 1e-9);
  return Math.max(0, Math.min(1, (db + 60) / 60));
}
