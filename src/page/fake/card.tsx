import type { ComponentChildren, JSX } from 'preact';

/** A thing that can be done, with its title and what it does. */
export function Card({
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

/** Chooses one of the scenarios. */
export function Names({ title, names, value, none, onChange }: NamesProps): JSX.Element {
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
