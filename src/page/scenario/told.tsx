import type { JSX } from 'preact';
import type { Checked } from './check.ts';
import type { StepKind } from './steps.ts';

/** What was said last. */
export interface Said {
  readonly text: string;
  readonly isWrong: boolean;
}

interface MistakesProps {
  readonly isNamed: boolean;
  readonly checked: Checked | undefined;
  readonly said: Said | undefined;
  readonly goTo: (line: number) => void;
}

/** What is wrong with the scenario, and what has become of it. */
export function Mistakes({ isNamed, checked, said, goTo }: MistakesProps): JSX.Element {
  return (
    <div class="mistakes" role="status">
      {!isNamed && <p class="error">A name has small letters, digits and single dashes.</p>}
      {checked !== undefined && checked.mistakes.length === 0 && (
        <p class="quiet">No mistakes: a scenario for {checked.dialect}.</p>
      )}
      {(checked?.mistakes ?? []).map((mistake) => (
        <p key={`${mistake.line}:${mistake.column} ${mistake.path}`}>
          <button type="button" onClick={() => goTo(mistake.line)}>
            Line {mistake.line}
          </button>{' '}
          {mistake.path !== '' && <code>{mistake.path}</code>} {mistake.what}
        </p>
      ))}
      {said !== undefined && <p class={said.isWrong ? 'error' : 'quiet'}>{said.text}</p>}
    </div>
  );
}

/** What a server can do, with an example of each step. */
export function Steps({ steps }: { steps: readonly StepKind[] }): JSX.Element {
  return (
    <div class="card steps" tabIndex={0} role="region" aria-label="Steps">
      <h2>Steps of a server</h2>
      <dl>
        {steps.map(({ name: step, does, example }) => (
          <div key={example}>
            <dt>
              <code>{example}</code>
            </dt>
            <dd>{does === '' ? step : does}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
