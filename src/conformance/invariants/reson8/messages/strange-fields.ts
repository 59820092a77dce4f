import type { Fields, ServerMessage } from '../../../conversation/read-message.ts';

/** The fields of S4:103-127. */
const TRANSCRIPT = ['type', 'text', 'is_final', 'start_ms', 'duration_ms', 'words'];
const WORD = ['text', 'start_ms', 'duration_ms', 'confidence'];
const CONFIRMATION = ['type', 'id'];

/** The undocumented fields of a message; those of words have the prefix `words.`. */
export function strangeFields(kind: ServerMessage['kind'], fields: Fields): readonly string[] {
  if (kind === 'confirmation') return beyond(fields, CONFIRMATION);
  if (kind !== 'partial' && kind !== 'final') return [];
  const words: readonly unknown[] = Array.isArray(fields['words']) ? fields['words'] : [];
  const ofWords = words.flatMap((word) =>
    typeof word === 'object' && word !== null && !Array.isArray(word)
      ? beyond(word, WORD).map((name) => `words.${name}`)
      : [],
  );
  return [...beyond(fields, TRANSCRIPT), ...new Set(ofWords)];
}

function beyond(fields: object, known: readonly string[]): readonly string[] {
  return Object.keys(fields).filter((name) => !known.includes(name));
}
