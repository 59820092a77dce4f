import { valueAt } from '../runtime/json/fields.ts';
import type { Told } from './told.ts';

/**
 * Placeholders in the texts of a scenario: `{id}`, `{query.language}`. Their values are known when the text is sent.
 * Literal braces are doubled: `{{id}}` is the text `{id}`.
 */
const PLACEHOLDER = /\{\{([a-zA-Z][\w.-]*)\}\}|\{([a-zA-Z][\w.-]*)\}/g;

/** The names of the placeholders in a text, in order. */
export function namesIn(text: string): readonly string[] {
  return [...text.matchAll(PLACEHOLDER)].flatMap(([, , name]) => name ?? []);
}

/** Whether anything in a value is replaced when it is sent: a placeholder, or doubled braces. */
export function isTemplate(value: unknown): boolean {
  return textsIn(value).some(([, text]) => new RegExp(PLACEHOLDER.source).test(text));
}

/** All texts in a value, with the keys that lead to them, but not the names of fields. */
export function textsIn(
  value: unknown,
  path: readonly (string | number)[] = [],
): readonly (readonly [path: readonly (string | number)[], text: string])[] {
  if (typeof value === 'string') return [[path, value]];
  if (Array.isArray(value)) return value.flatMap((each, i) => textsIn(each, [...path, i]));
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return [];
  return Object.entries(value).flatMap(([key, each]) => textsIn(each, [...path, key]));
}

/** The text with its braces doubled where they would be a placeholder. */
export function withoutPlaceholders(text: string): string {
  return text.replace(/\{[a-zA-Z][\w.-]*\}/g, (found) => `{${found}}`);
}

/** A text with its placeholders replaced; a missing value becomes an empty text. */
export function filledText(text: string, told: Told): string {
  return text.replace(PLACEHOLDER, (_all, doubled: string | undefined, name: string | undefined) => {
    if (doubled !== undefined) return `{${doubled}}`;
    const value = valueOf(name ?? '', told);
    if (value === undefined || value === null) return '';
    return typeof value === 'string' ? value : JSON.stringify(value);
  });
}

/**
 * A value with the placeholders in its texts replaced. A text that consists of a single placeholder becomes the value
 * itself, of any type: null if it is missing.
 */
export function filledIn(value: unknown, told: Told): unknown {
  if (typeof value === 'string') {
    const [, only] = /^\{([a-zA-Z][\w.-]*)\}$/.exec(value) ?? [];
    return only === undefined ? filledText(value, told) : (valueOf(only, told) ?? null);
  }
  return mapped(value, (each) => filledIn(each, told));
}

/** The body of an answer; a text stays a text. */
export function filledBody(body: unknown, told: Told): unknown {
  return typeof body === 'string' ? filledText(body, told) : filledIn(body, told);
}

/** A value with the placeholders in its texts replaced by texts. */
export function filledTexts<T>(value: T, told: Told): T {
  const texts =
    typeof value === 'string' ? filledText(value, told) : mapped(value, (each) => filledTexts(each, told));
  // Texts become texts and everything else is unchanged, so the type is the same.
  return texts as T;
}

function mapped(value: unknown, each: (value: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map(each);
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, each(inner)]));
}

/** The value of a placeholder; a name with dots refers to a part of what the client has sent. */
function valueOf(name: string, told: Told): unknown {
  const [first = '', ...rest] = name.split('.');
  switch (first) {
    case 'scheme':
    case 'host':
    case 'port':
      return told.place[first];
    case 'id':
    case 'access-token':
      return told[first];
    case 'query':
      return valueAt(told.query, [rest.join('.')]);
    case 'start':
    case 'message':
      return valueAt(told[first], rest);
    default:
      return undefined;
  }
}
