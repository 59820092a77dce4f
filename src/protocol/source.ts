import type { Source } from './requirement.ts';

/** Pages and programs that are referred to as a whole: those beyond the five documents, which have lines. */
const WHOLE = /^[A-Z]{1,2}$/;

/** Reads places such as `S0:5-7; S1:12,45; RFC 6455 §7.4.1`, or `T; LK` for whole pages; an empty text is no places. */
export function placesOf(text: string): readonly Source[] {
  if (text === '') return [];
  return text.split('; ').flatMap((part) => {
    if (WHOLE.test(part)) return [{ document: part }];
    const [, document = '', lines = ''] = /^(S\d):([\d,-]+)$/.exec(part) ?? [];
    if (document !== '') return lines.split(',').map((range) => rangeOf(document, range, text));
    const [, rfc = '', section = ''] = /^(RFC \d+) §([\d.]+)$/.exec(part) ?? [];
    if (rfc === '') throw new Error(`not a place in a document: "${part}"`);
    return [{ document: rfc, section }];
  });
}

function rangeOf(document: string, range: string, text: string): Source {
  const [, first = '', last] = /^(\d+)(?:-(\d+))?$/.exec(range) ?? [];
  if (first === '') throw new Error(`not a line or a range of lines: "${range}" in "${text}"`);
  return { document, line: Number(first), ...(last === undefined ? {} : { lastLine: Number(last) }) };
}

/** Writes places in the form that `placesOf` reads: `S0:5-7; S1:12,45; RFC 6455 §7.4.1`. */
export function placesText(sources: readonly Source[]): string {
  let text = '';
  let before: string | undefined;
  for (const { document, line, lastLine, section } of sources) {
    if (line === undefined && section === undefined) {
      text += `${text === '' ? '' : '; '}${document}`;
      before = undefined;
      continue;
    }
    const lines = `${line ?? ''}${lastLine === undefined ? '' : `-${lastLine}`}`;
    if (line !== undefined && document === before) text += `,${lines}`;
    else {
      const place = line === undefined ? ` §${section ?? ''}` : `:${lines}`;
      text += `${text === '' ? '' : '; '}${document}${place}`;
    }
    before = line === undefined ? undefined : document;
  }
  return text;
}
