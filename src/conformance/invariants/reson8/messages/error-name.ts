import { fieldsOf, isFields } from '../../../../runtime/json/fields.ts';
import { parseJson } from '../../../../runtime/json/depth.ts';
import { HTTP_ERRORS } from '../../../../protocol/reson8/rest.ts';
import type { Conversation, Heard } from '../../../conversation/conversation.ts';
import { derived } from '../../../conversation/derived.ts';
import type { Fields, ServerMessage } from '../../../conversation/read-message.ts';

/** The names of errors (S4:129-134). */
export type ErrorName = (typeof HTTP_ERRORS)[number]['code'];

/** Whether a name is one of those in the document. */
export function isDocumentedName(name: string): name is ErrorName {
  return HTTP_ERRORS.some(({ code }) => code === name);
}

/** The name that the document gives to a status. */
export function nameOfStatus(status: number): ErrorName | undefined {
  return HTTP_ERRORS.find(({ httpStatus }) => httpStatus === status)?.code;
}

/** The fields that may hold a name. The first two always do; in the others it has to be a known one. */
const PLACES = ['code', 'name', 'error', 'reason', 'status', 'detail', 'message'];
const NAMES_ONLY: readonly string[] = ['code', 'name'];

/**
 * The name of an error, in the body of a refusal or in a message. The document does not say in which field it is (A14),
 * so it is searched for. A status as a number counts as its name.
 */
export function errorNameOf(fields: Fields): string | undefined {
  for (const place of PLACES) {
    const name = nameIn(place, fields[place]);
    if (name !== undefined) return name;
  }
  const inner = fieldsOf(fields['error']);
  return nameIn('code', inner['code']) ?? nameIn('name', inner['name']);
}

function nameIn(place: string, value: unknown): string | undefined {
  if (typeof value === 'number') return nameOfStatus(value);
  if (typeof value !== 'string' || value === '') return undefined;
  const known = HTTP_ERRORS.find(({ code }) => value.includes(code))?.code;
  return known ?? (NAMES_ONLY.includes(place) ? value : undefined);
}

/** Whether a message reports an error. S4 has no such message, so it need not have the type that we assume (A14). */
export function isError({ kind, fields }: ServerMessage): boolean {
  if (kind === 'error') return true;
  if (kind !== 'other') return false;
  const name = errorNameOf(fields);
  return Object.hasOwn(fields, 'error') || (name !== undefined && isDocumentedName(name));
}

/** Its first message of an error. */
export const errorIn = derived(({ heard }: Conversation): Heard | undefined =>
  heard.find(({ message }) => isError(message)),
);

/** The object in the body of an answer. */
export function errorBodyOf(body: string | undefined): Fields | undefined {
  if (body === undefined) return undefined;
  try {
    const value: unknown = parseJson(body);
    return isFields(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
