/** The fields of an object that comes from outside, such as parsed JSON. */
export type Fields = Readonly<Record<string, unknown>>;

/** Whether a value is an object with fields; a list and null are not. */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The fields of a value that has any; for anything else an object without fields. */
export function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {};
}

/** `Array.isArray` for a value from outside, whose elements are not known either. */
export function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

/** The value that a path of keys and indices leads to; undefined if there is none. Only own keys count. */
export function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, key)
        ? Reflect.get(value, key)
        : undefined,
    root,
  );
}

/** The keys of a table that is written out in the code, as their own type. */
export function keysOf<Key extends string>(table: Readonly<Record<Key, unknown>>): readonly Key[] {
  // For the compiler any object may have further keys, so Object.keys() returns texts. Such a table has none.
  return Object.keys(table) as Key[];
}
