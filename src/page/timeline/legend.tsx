import type { JSX } from 'preact';
import type { Colours } from './draw.ts';

const SWATCHES = [
  ['good', 'level'],
  ['tint', 'speech'],
  ['accent', 'results'],
  ['bad', 'faults'],
] as const;

/** Says what the colours are, and has them for the drawing. */
export function Legend(): JSX.Element {
  return (
    <p class="legend">
      {SWATCHES.map(([name, title]) => (
        <span key={name}>
          <i class={`swatch ${name}`} /> {title}
        </span>
      ))}
      {(['text', 'quiet', 'line'] as const).map((name) => (
        <i key={name} class={`swatch ${name}`} hidden />
      ))}
    </p>
  );
}

/** The colours of the style, as they are now. */
export function coloursOf(figure: HTMLElement): Colours {
  const of = (name: string) => {
    const swatch = figure.querySelector(`.swatch.${name}`);
    return swatch === null ? '#888' : getComputedStyle(swatch).backgroundColor;
  };
  return {
    ...{ text: of('text'), quiet: of('quiet'), line: of('line'), tint: of('tint') },
    ...{ accent: of('accent'), good: of('good'), bad: of('bad') },
  };
}
