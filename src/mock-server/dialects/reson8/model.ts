import { USUAL_STRENGTH } from '../../../scenario/speech/strength.ts';
import type { HttpAnswer, Opening } from '../dialect.ts';
import { RESON8_FORM } from './form.ts';

/** The phrases of the custom model that a request names; none if it names no model. An unknown model is refused. */
export function modelPhrases(
  query: URLSearchParams,
  phrasesOf: (modelId: string) => readonly string[] | undefined,
): readonly string[] | HttpAnswer {
  const id = query.get('custom_model_id') ?? '';
  if (id === '') return [];
  return phrasesOf(id) ?? RESON8_FORM.problem(400, 'custom_model_id: there is no model with this id');
}

/** What is said in addition to the sentences: the phrases of a model before those of the request. */
export function spokenWith(
  phrases: readonly string[],
  { additions }: Pick<Opening, 'additions'>,
): Pick<Opening, 'additions'> {
  if (phrases.length === 0) return additions === undefined ? {} : { additions };
  if (additions === undefined) return { additions: { phrases, strength: USUAL_STRENGTH, fillers: 'none' } };
  return { additions: { ...additions, phrases: [...phrases, ...additions.phrases] } };
}
