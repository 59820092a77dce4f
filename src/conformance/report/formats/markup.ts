import { LONGEST_SHOWN, visible } from '../../../runtime/plain.ts';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

/**
 * Text from anywhere in the text or a quoted attribute of XML and HTML, on one line. What a GitHub runner would take for
 * a command is an entity as well: reports may go to standard output.
 */
export function escapeMarkup(text: string, most = LONGEST_SHOWN): string {
  return visible(text, most)
    .replace(/[&<>"'`]/g, (character) => ENTITIES[character] ?? '')
    .replaceAll('::', ':&#58;')
    .replaceAll('##[', '##&#91;');
}
