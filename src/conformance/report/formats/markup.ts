import { LONGEST_SHOWN, visible } from '../../../runtime/text/plain.ts';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

/**
 * Escapes any text for the content or a quoted attribute of XML and HTML, on one line. Commands of a GitHub runner are
 * escaped too, because reports may go to standard output.
 */
export function escapeMarkup(text: string, most = LONGEST_SHOWN): string {
  return visible(text, most)
    .replace(/[&<>"'`]/g, (character) => ENTITIES[character] ?? '')
    .replaceAll('::', ':&#58;')
    .replaceAll('##[', '##&#91;');
}
