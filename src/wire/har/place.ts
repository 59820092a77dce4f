import type { z } from 'zod';
import { UserError } from '../../runtime/errors.ts';

/** The place of a value in a file from outside: `log.entries[3].request`. */
export interface Place {
  /** The path of the file, as errors name it. */
  readonly file: string;
  /** Keys and indexes, from the top of the file. */
  readonly path: readonly PropertyKey[];
}

/** File and place, as errors name them. */
export function placeName({ file, path }: Place): string {
  return path.length === 0 ? file : `${file}: ${keyOf(path)}`;
}

/** The place of a part of this value. */
export function below({ file, path }: Place, ...further: readonly PropertyKey[]): Place {
  return { file, path: [...path, ...further] };
}

/**
 * Parses a value with a schema. The error says nothing about the value itself, which may be secret.
 *
 * @throws UserError for the first fault, with its place
 */
export function check<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  place: Place,
): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const { path = [], message = 'it cannot be read' } = result.error.issues[0] ?? {};
  const name = path.at(-1);
  if (typeof name === 'string' && isMissing(value, path)) {
    const { file, path: above } = below(place, ...path.slice(0, -1));
    throw new UserError(`expected a field "${name}"; is it a HAR file?`, { file, key: keyOf(above) });
  }
  throw new UserError(message, { file: place.file, key: keyOf([...place.path, ...path]) });
}

/** Parses the items of a list; those that cannot be parsed are named in `faults` and omitted. */
export function checkEach<Schema extends z.ZodType>(
  schema: Schema,
  values: readonly unknown[],
  place: Place,
  faults: string[],
): readonly z.output<Schema>[] {
  return values.flatMap((value, index) => {
    try {
      return [check(schema, value, below(place, index))];
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      faults.push(leftOut(error));
      return [];
    }
  });
}

/** The sentence for an omitted item. */
export function leftOut({ message }: UserError): string {
  return `${message}; it was left out`;
}

/** Some programs write null for what they do not have. */
function isMissing(value: unknown, path: readonly PropertyKey[]): boolean {
  const found = path.reduce<unknown>(
    (above, key) => (typeof above === 'object' && above !== null ? Reflect.get(above, key) : undefined),
    value,
  );
  return found === undefined || found === null;
}

function keyOf(path: readonly PropertyKey[]): string {
  return path
    .map((part, i) => (typeof part === 'number' ? `[${part}]` : `${i === 0 ? '' : '.'}${String(part)}`))
    .join('');
}
