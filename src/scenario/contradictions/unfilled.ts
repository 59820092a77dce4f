import { fieldsOf } from '../../runtime/json/fields.ts';
import { listed } from '../../runtime/text/listed.ts';
import { SCENARIO_DIALECTS } from '../dialects/dialects.ts';
import type { Dialect } from '../../protocol/dialects.ts';
import type { Mistake, Path } from '../explain/mistake.ts';
import { namesIn, textsIn } from '../placeholders.ts';

/** Placeholders that a text sent in answer to a request may have. */
const OF_REQUESTS = ['scheme', 'host', 'port', 'query.NAME'];

/** In an answer to a request for an access token, besides those. */
const ACCESS_TOKEN = 'access-token';

/** Placeholders that a message may have, including what the client of this dialect has sent by then. */
function ofMessages(dialect: Dialect): readonly string[] {
  return [...OF_REQUESTS, ...SCENARIO_DIALECTS[dialect].placeholders];
}

/** Verbs whose texts are filled in, and those that send JSON without filling anything in. */
const FILLED = [
  'state',
  'partial',
  'final',
  'turn_end_candidate',
  'error',
  'fail',
  'confirm',
  'send',
  'close',
];
const UNFILLED = ['speak', 'transcribe', 'fragments', 'drip', 'cut-frame', 'ping', 'bytes', 'close-frame'];

/** Placeholders of a step that are never filled. */
export function unfilledInStep(
  path: Path,
  verb: string,
  value: unknown,
  dialect: Dialect,
): Iterable<Mistake> {
  if (FILLED.includes(verb)) return unfilled(path, value, ofMessages(dialect));
  const { text, late } = fieldsOf(value);
  if (verb === 'raw')
    return unfilled(text === undefined ? path : [...path, 'text'], text ?? value, ofMessages(dialect));
  if (verb === 'await') return unfilled([...path, 'late'], late, ofMessages(dialect));
  return UNFILLED.includes(verb) ? inVain(path, value, ofMessages(dialect)) : [];
}

/**
 * Placeholders in the answer to a request that are never filled.
 *
 * @param isToToken whether it is a request for an access token
 */
export function unfilledInAnswer(path: Path, answer: unknown, isToToken = false): readonly Mistake[] {
  const { body, headers, then, else: otherwise } = fieldsOf(answer);
  const known = isToToken ? [...OF_REQUESTS, ACCESS_TOKEN] : OF_REQUESTS;
  return [
    ...unfilled([...path, 'body'], body, known),
    ...unfilled([...path, 'headers'], headers, known),
    ...(then === undefined ? [] : unfilledInAnswer([...path, 'then'], then, isToToken)),
    ...(otherwise === undefined ? [] : unfilledInAnswer([...path, 'else'], otherwise, isToToken)),
  ];
}

function* unfilled(path: Path, value: unknown, known: readonly string[]): Generator<Mistake> {
  for (const [inner, text] of textsIn(value)) {
    const place = [...path, ...inner];
    if (text.includes('{host}:{port}')) {
      yield { path: place, message: '{host} has the port already: write {host} alone' };
    }
    for (const name of namesIn(text)) {
      if (isOneOf(name, known)) continue;
      const braces = known.map((each) => `{${each}}`);
      yield {
        path: place,
        message: `nothing fills {${name}} in here: expected ${listed(braces)}; for the text itself write {{${name}}}`,
      };
    }
  }
}

/** Placeholders that would be filled elsewhere; other braces are plain text. */
function* inVain(path: Path, value: unknown, known: readonly string[]): Generator<Mistake> {
  for (const [inner, text] of textsIn(value)) {
    for (const name of namesIn(text).filter((each) => isOneOf(each, known))) {
      const message = `{${name}} is not filled in here: only in messages that are sent whole, such as send`;
      yield { path: [...path, ...inner], message };
    }
  }
}

function isOneOf(name: string, known: readonly string[]): boolean {
  return known.some((each) => {
    const [prefix, field] = each.split('.');
    return field === undefined ? each === name : name.startsWith(`${prefix ?? ''}.`) && !name.endsWith('.');
  });
}
