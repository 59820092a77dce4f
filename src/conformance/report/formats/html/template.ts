import { escapeMarkup } from '../markup.ts';

/** Our own HTML, in which everything from outside has been escaped. */
export interface Markup {
  readonly markup: string;
}

type Part = string | number | Markup | readonly Markup[] | undefined;

/**
 * A piece of HTML. Interpolated texts are escaped; `undefined` becomes nothing. The indentation of the source is
 * removed.
 */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  const markup = strings.map((text, i) => text.replace(/\n\s+/g, '\n') + markupOf(parts[i])).join('');
  return { markup };
}

/** Our own HTML, CSS or script, unescaped. */
export function raw(markup: string): Markup {
  return { markup };
}

function markupOf(part: Part): string {
  if (part === undefined) return '';
  if (typeof part === 'number') return `${part}`;
  if (typeof part === 'string') return escapeMarkup(part);
  return isList(part) ? part.map(({ markup }) => markup).join('') : part.markup;
}

function isList(part: Markup | readonly Markup[]): part is readonly Markup[] {
  return Array.isArray(part);
}
