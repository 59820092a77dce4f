/** A message, and where it was. */
export interface PlacedMessage {
  readonly value: unknown;
  readonly place: string;
}

/** How many messages have a property, and where the first of them was. */
export interface Occurrences {
  readonly count: number;
  readonly first: string;
}

/** Limits on messages that are nested without end, or have very many fields. */
const DEEPEST = 6;
const MOST_FIELDS = 200;
/** The positions of a list that have a meaning, such as `[word, start, end, confidence]`. */
const MOST_PLACES = 8;
const NAME = /^[\w.-]{1,40}$/;

/** Facts about messages of one kind: that they occur, their fields, and the types of these. */
export function fieldFacts(
  what: string,
  messages: readonly PlacedMessage[],
): ReadonlyMap<string, Occurrences> {
  const facts = new Map<string, Occurrences>();
  const tally = (texts: Iterable<string>, place: string) => {
    for (const text of new Set(texts)) {
      const { count = 0, first = place } = facts.get(text) ?? {};
      facts.set(text, { count: count + 1, first });
    }
  };
  const known = new Set<string>();
  const own = messages.map(({ value, place }) => {
    const fields = walk(value);
    tally([what, ...fields.map(({ path, type }) => `${what}: ${path} is ${type}`)], place);
    const tops = new Set(fields.filter(({ isTop }) => isTop).map(({ path }) => path));
    if (known.size < MOST_FIELDS) for (const path of tops) known.add(path);
    return { tops, place };
  });
  for (const { tops, place } of own) {
    const missing = [...known].filter((path) => !tops.has(path));
    tally(
      missing.map((path) => `${what}: ${path} is not always there`),
      place,
    );
  }
  return facts;
}

interface Field {
  readonly path: string;
  readonly type: string;
  readonly isTop: boolean;
}

function walk(value: unknown): readonly Field[] {
  const fields: Field[] = [];
  const visit = (path: string, each: unknown, depth: number, isInList: boolean): void => {
    if (fields.length >= MOST_FIELDS) return;
    if (path !== '') fields.push({ path, type: typeOf(each, isInList), isTop: depth === 1 });
    // If a number has a fraction in one service and none in the other, that is a difference, though both are numbers.
    if (typeof each === 'number' && !Number.isInteger(each)) {
      fields.push({ path, type: 'a number with a fraction at times', isTop: false });
    }
    if (depth >= DEEPEST || typeof each !== 'object' || each === null) return;
    if (Array.isArray(each)) {
      const items: readonly unknown[] = each;
      // A list within a list has positions; the members of any other list are alike.
      if (isInList)
        items.slice(0, MOST_PLACES).forEach((item, i) => visit(`${path}[${i}]`, item, depth + 1, false));
      else for (const item of items.slice(0, MOST_FIELDS)) visit(`${path}[]`, item, depth + 1, true);
      return;
    }
    for (const [name, item] of Object.entries(each)) {
      const shown = NAME.test(name) ? name : '(a strange name)';
      visit(path === '' ? shown : `${path}.${shown}`, item, depth + 1, false);
    }
  };
  visit('', value, 0, false);
  return fields;
}

function typeOf(value: unknown, isInList: boolean): string {
  if (Array.isArray(value))
    return isInList ? `a list of ${Math.min(value.length, MOST_PLACES + 1)}` : 'a list';
  if (value === null) return 'null';
  return typeof value;
}
