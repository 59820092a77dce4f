import { escapeMarkup } from '../markup.ts';

/** HTML that is ours: what came from elsewhere has been escaped in it. */
export interface Markup {
  readonly markup: string;
}

type Part = string | number | Markup | readonly Markup[] | undefined;

/**
 * A piece of HTML. Texts in it are escaped, whatever they are; nothing stands for `undefined`. How the source is indented
 * is not part of it.
 */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  const markup = strings.map((text, i) => text.replace(/\n\s+/g, '\n') + markupOf(parts[i])).join('');
  return { markup };
}

/** HTML, CSS or a script of ours, as it is. */
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
