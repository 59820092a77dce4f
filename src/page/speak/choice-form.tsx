import type { JSX } from 'preact';
import { LANGUAGES, SOURCES, type Choices } from './choices.ts';
import { SERVICE_NAMES, SERVICES, type Service } from './services.ts';
import { noMicrophone } from './sound.ts';
import { Segments } from '../segments.tsx';

interface ChoiceFormProps {
  readonly chosen: Choices;
  readonly isDisabled: boolean;
  /** The names of the scenarios that the service has. */
  readonly scenarios: readonly string[];
  readonly onService: (service: Service) => void;
  readonly onChange: (part: Partial<Choices>) => void;
}

/** What to speak to, and how. */
export function ChoiceForm({
  chosen,
  isDisabled,
  scenarios,
  onService,
  onChange,
}: ChoiceFormProps): JSX.Element {
  const { service, source, edition, scenario, language, key, on } = chosen;
  const { hasLanguage, editions, keyTitle, switches } = SERVICES[service];
  return (
    <div class="card choices">
      <fieldset disabled={isDisabled}>
        <legend class="unseen">What to speak to</legend>
        <Segments
          title="Service"
          name="service"
          values={SERVICE_NAMES.map((name) => [name, SERVICES[name].title])}
          value={service}
          onChange={onService}
        />
        <Choice
          title="Sound"
          value={source}
          onChange={(next) => onChange({ source: next })}
          options={SOURCES}
        />
        {source === 'microphone' && noMicrophone() !== undefined && <p class="error">{noMicrophone()}</p>}
        {hasLanguage && (
          <Choice
            title="Language"
            value={language}
            onChange={(next) => onChange({ language: next })}
            options={[['', 'Not named'], ...LANGUAGES.map((name) => [name, name] as const)]}
          />
        )}
        <Choice
          title="Edition"
          value={edition}
          onChange={(next) => onChange({ edition: next })}
          options={editions.map((name) => [name, name] as const)}
        />
        <Choice
          title="Scenario"
          value={scenario}
          onChange={(next) => onChange({ scenario: next })}
          options={[['', 'As documented'], ...scenarios.map((name) => [name, name] as const)]}
        />
        <label class="field">
          <span>{keyTitle}</span>
          <input
            value={key}
            required
            spellcheck={false}
            onInput={({ currentTarget }) => onChange({ key: currentTarget.value })}
          />
        </label>
        <div class="switches" role="group" aria-label="Parameters">
          {switches.map(({ name, title }) => (
            <label key={name}>
              <input
                type="checkbox"
                checked={on.has(name)}
                onChange={({ currentTarget }) => onChange({ on: toggled(on, name, currentTarget.checked) })}
              />
              <code>{title}</code>
            </label>
          ))}
        </div>
      </fieldset>
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

function toggled(on: ReadonlySet<string>, name: string, isOn: boolean): ReadonlySet<string> {
  const next = new Set(on);
  if (isOn) next.add(name);
  else next.delete(name);
  return next;
}
