/** The maximum length of one text in reports; the JSON report has all of it. */
export const LONGEST_SHOWN = 4000;
/** The maximum number of lines of a multi-line text. */
const MOST_LINES = 400;

/**
 * Characters that move a cursor, end a line, change the direction of writing, are invisible, or are no characters at
 * all: lone surrogates and noncharacters. Joiners and the soft hyphen are part of words.
 */
const UNSAFE =
  /(?![\u00ad\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}\ufff9-\ufffb]/gu;
const NAMED: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Text from outside on one line, with everything invisible shown as escapes. */
export function visible(text: string, most = LONGEST_SHOWN): string {
  return shortened(text, most).replace(UNSAFE, escaped);
}

/** The lines of a text that may have several. */
export function visibleLines(text: string): readonly string[] {
  const lines = shortened(text, LONGEST_SHOWN * 10).split(/\r\n|\r|\n/);
  const shown = lines.slice(0, MOST_LINES).map((line) => visible(line));
  return lines.length > MOST_LINES ? [...shown, `… (${lines.length} lines)`] : shown;
}

function escaped(character: string): string {
  const hex = (character.codePointAt(0) ?? 0).toString(16);
  return NAMED[character] ?? (hex.length > 4 ? `\\u{${hex}}` : `\\u${hex.padStart(4, '0')}`);
}

function shortened(text: string, most: number): string {
  if (text.length <= most) return text;
  // Does not cut between the halves of a character.
  const end = /[\ud800-\udbff]/.test(text.charAt(most - 1)) ? most - 1 : most;
  return `${text.slice(0, end)}… (${text.length} characters)`;
}

/**
 * The same lines, none of which is a command to a GitHub runner, which acts on lines that begin with `::`, even
 * indented, and on `##[` anywhere (actions/runner, ActionCommand).
 */
export function withoutCommands(text: string): string {
  return text.replace(/^([^\S\r\n\u2028\u2029]*):(?=:)/gm, '$1: ').replaceAll('##[', '## [');
}

/**
 * JSON on one line, without anything that a terminal, a runner or a YAML parser would interpret.
 *
 * @param textOf converts every string in it
 */
export function plainJson(value: unknown, textOf: (text: string) => string = (text) => text): string {
  return JSON.stringify(value, (_name, each: unknown) => (typeof each === 'string' ? textOf(each) : each))
    .replace(/[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}]/gu, escapedUnits)
    .replaceAll('##[', '##\\u005b');
}

function escapedUnits(character: string): string {
  return Array.from({ length: character.length }, (_, i) => character.charCodeAt(i).toString(16))
    .map((hex) => `\\u${hex.padStart(4, '0')}`)
    .join('');
}
