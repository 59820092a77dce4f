import { fieldsOf } from '../../../runtime/json/fields.ts';
import type { HttpAnswer } from '../../dialects/dialect.ts';
import { RESON8_FORM } from '../../dialects/reson8/form.ts';
import { readerOf, wholeFrom } from '../../dialects/reson8/request.ts';
import { MODEL_LIMITS, type Model, type Models } from './models.ts';

const PAGE = { size: 100, most: 10_000 };

/** An id that a client may choose for itself. */
const OWN_ID = /^[\w.-]{1,100}$/;

/** The answers to the calls about custom models; bodies are the JSON that was sent. */
export interface ModelAnswers {
  create(key: string, body: unknown): HttpAnswer;
  list(key: string): HttpAnswer;
  show(key: string, id: string): HttpAnswer;
  phrases(key: string, id: string, query: URLSearchParams): HttpAnswer;
  add(key: string, id: string, body: unknown): HttpAnswer;
  remove(key: string, id: string, body: unknown): HttpAnswer;
}

/** The calls about custom models, for the models of one server. */
export function modelAnswers(models: Models): ModelAnswers {
  const withModel = (key: string, id: string, answer: (model: Model) => HttpAnswer): HttpAnswer => {
    const model = models.find(key, id);
    return model === undefined ? RESON8_FORM.problem(404, 'There is no model with this id') : answer(model);
  };
  return {
    create(key, body) {
      const { id, name, description = '', phrases } = fieldsOf(body);
      const said = phrasesIn(phrases);
      const wrong = [
        ...(isText(name) && name !== ''
          ? []
          : [`name: expected a text of 1 to ${MODEL_LIMITS.nameCharacters} characters`]),
        ...(isText(description)
          ? []
          : [`description: expected a text of at most ${MODEL_LIMITS.nameCharacters} characters`]),
        ...(id === undefined || (typeof id === 'string' && OWN_ID.test(id))
          ? []
          : ['id: expected letters, digits, ".", "_" and "-"']),
        ...(typeof said === 'string' ? [said] : []),
      ];
      if (wrong.length > 0 || typeof said === 'string') return RESON8_FORM.problem(400, wrong.join('; '));
      const given = { name: String(name), description: String(description) };
      const made = models.create(key, typeof id === 'string' ? { ...given, id } : given, said);
      if (made === 'full') return full();
      if (made === 'taken') return RESON8_FORM.problem(400, 'id: there is a model with this id');
      return { status: 201, body: shown(made) };
    },
    list: (key) => ({ status: 200, body: models.list(key).map(shown) }),
    show: (key, id) => withModel(key, id, (model) => ({ status: 200, body: shown(model) })),
    phrases: (key, id, query) =>
      withModel(key, id, (model) => {
        const { read, wrong } = readerOf(query);
        const page = read('page', 0, wholeFrom(0), 'a whole number from 0');
        const size = read(
          'size',
          PAGE.size,
          wholeFrom(1, PAGE.most),
          `a whole number from 1 to ${PAGE.most}`,
        );
        if (wrong.length > 0) return RESON8_FORM.problem(400, wrong.join('; '));
        const values = [...model.phrases].slice(page * size, (page + 1) * size);
        const phrases = values.map((value) => ({ value }));
        return { status: 200, body: { phrases, page, size, total: model.phrases.size } };
      }),
    add: (key, id, body) =>
      withModel(key, id, (model) => {
        const said = phrasesIn(fieldsOf(body)['phrases']);
        if (typeof said === 'string') return RESON8_FORM.problem(400, said);
        const added = models.add(model, said);
        if (added === 'full') return full();
        return { status: 200, body: { added: added.changed, skipped: added.skipped } };
      }),
    remove: (key, id, body) =>
      withModel(key, id, (model) => {
        const said = phrasesIn(fieldsOf(body)['phrases']);
        if (typeof said === 'string') return RESON8_FORM.problem(400, said);
        const { changed, skipped } = models.remove(model, said);
        return { status: 200, body: { deleted: changed, skipped } };
      }),
  };
}

function shown({ id, name, description, phrases }: Model): Readonly<Record<string, unknown>> {
  return { id, name, description, phraseCount: phrases.size };
}

function full(): HttpAnswer {
  const { models, phrases } = MODEL_LIMITS;
  return RESON8_FORM.problem(400, `There is room for ${models} models and ${phrases} phrases in all`);
}

/** Phrases are texts, or objects as in the lists: `{"value":"…"}`. Returns a text if something is wrong with them. */
function phrasesIn(given: unknown): readonly string[] | string {
  const values = Array.isArray(given) ? (given as readonly unknown[]).map(valueOf) : undefined;
  const isRight = (value: unknown): value is string =>
    typeof value === 'string' && value.trim() !== '' && value.length <= MODEL_LIMITS.phraseCharacters;
  if (values !== undefined && values.length > 0 && values.every(isRight))
    return values.map((value) => value.trim());
  return `phrases: expected a list of one or more texts of 1 to ${MODEL_LIMITS.phraseCharacters} characters`;
}

function valueOf(phrase: unknown): unknown {
  return typeof phrase === 'string' ? phrase : fieldsOf(phrase)['value'];
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MODEL_LIMITS.nameCharacters;
}
