import type { Fields, ServerMessage } from '../../../conversation/read-message.ts';

/** The fields of S4:103-127. */
const TRANSCRIPT = ['type', 'text', 'is_final', 'start_ms', 'duration_ms', 'words'];
const WORD = ['text', 'start_ms', 'duration_ms', 'confidence'];
const CONFIRMATION = ['type', 'id'];

/** Fields of newer pages, by the parameter that asks for them. Their place is not known for all of them. */
const ASKED_BY = { include_language: 'language', diarize: 'speaker_id' } as const;

/** The fields of newer pages that a query asks for. */
export function fieldsAskedFor(query: URLSearchParams): readonly string[] {
  return Object.entries(ASKED_BY).flatMap(([name, field]) => (query.get(name) === 'true' ? [field] : []));
}

/** The fields of a message that are neither documented nor asked for; those of words have the prefix `words.`. */
export function strangeFields(
  kind: ServerMessage['kind'],
  fields: Fields,
  asked: readonly string[],
): readonly string[] {
  if (kind === 'confirmation') return beyond(fields, CONFIRMATION);
  if (kind !== 'partial' && kind !== 'final') return [];
  const words: readonly unknown[] = Array.isArray(fields['words']) ? fields['words'] : [];
  const ofWords = words.flatMap((word) =>
    typeof word === 'object' && word !== null && !Array.isArray(word)
      ? beyond(word, [...WORD, ...asked]).map((name) => `words.${name}`)
      : [],
  );
  return [...beyond(fields, [...TRANSCRIPT, ...asked]), ...new Set(ofWords)];
}

function beyond(fields: object, known: readonly string[]): readonly string[] {
  return Object.keys(fields).filter((name) => !known.includes(name));
}
