import type { JSX } from 'preact';

/** One of a few values, side by side. */
export function Segments<Value extends string>({
  title,
  name,
  values,
  value,
  onChange,
}: {
  readonly title: string;
  /** Distinguishes the group from others on the page. */
  readonly name: string;
  /** Each with what is shown for it. */
  readonly values: readonly (readonly [value: Value, shown: string])[];
  readonly value: Value;
  readonly onChange: (value: Value) => void;
}): JSX.Element {
  return (
    <div class="segments" role="radiogroup" aria-label={title}>
      {values.map(([each, shown]) => (
        <label key={each}>
          <input type="radio" name={name} checked={value === each} onChange={() => onChange(each)} />
          <span>{shown}</span>
        </label>
      ))}
    </div>
  );
}
