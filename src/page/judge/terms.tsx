import type { JSX } from 'preact';
import { SIDES, type Judgement, type Terms } from './verdicts.ts';
import { Segments } from '../segments.tsx';

interface ChoiceProps {
  readonly terms: Terms;
  readonly choices: Judgement['choices'];
  readonly onChange: (terms: Terms) => void;
  readonly onAgain: () => void;
}

/** The terms by which a trace is judged. */
export function TermsChoice({ terms, choices, onChange, onAgain }: ChoiceProps): JSX.Element {
  const { side, edition, deviations } = terms;
  const accept = (name: string, isOn: boolean) =>
    onChange({ ...terms, deviations: deviations.filter((each) => each !== name).concat(isOn ? name : []) });
  return (
    <div class="card terms" role="group" aria-label="Terms">
      <div class="row">
        <Segments
          title="Whose requirements"
          name="side"
          values={SIDES}
          value={side}
          onChange={(name) => onChange({ ...terms, side: name })}
        />
        <label class="inline">
          <span>Edition</span>
          <select
            value={edition}
            onChange={({ currentTarget }) => onChange({ ...terms, edition: currentTarget.value })}
          >
            <option value="">As the trace says</option>
            {choices.editions.map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <span class="gap" />
        <button type="button" onClick={onAgain}>
          Judge again
        </button>
      </div>
      {choices.deviations.length > 0 && (
        <fieldset>
          <legend>Accepted deviations</legend>
          {choices.deviations.map(({ name, meaning }) => (
            <label key={name}>
              <input
                type="checkbox"
                checked={deviations.includes(name)}
                onChange={({ currentTarget }) => accept(name, currentTarget.checked)}
              />
              <span>
                <code>{name}</code> <span class="quiet">{meaning}</span>
              </span>
            </label>
          ))}
        </fieldset>
      )}
    </div>
  );
}
