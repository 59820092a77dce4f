/** The rules for one place in a sample, apart from its type. */
export interface Rule {
  /** Whether it may be absent. */
  readonly optional?: true;
  /** Whether it may be null. */
  readonly nullable?: true;
  /** Whether it is an array of a fixed length. */
  readonly tuple?: true;
  /** Values of the right type that are nevertheless wrong. */
  readonly wrong?: readonly unknown[];
}

/** Rules by place: keys and indices joined by dots, with `*` for every index; `''` is the whole sample. */
export type Rules = Readonly<Record<string, Rule>>;

/** The sample with one thing wrong. */
export interface Mutation {
  readonly what: string;
  readonly value: unknown;
}

/** Stands for a missing value, which JSON cannot express. */
const GONE = Symbol('gone');

const ONE_OF_EACH_TYPE: readonly unknown[] = [null, true, 7, 'seven', [], {}];

/** All copies of the sample with a mistake in a single place, at any depth. */
export function mutationsOf(sample: unknown, rules: Rules, path: readonly string[] = []): Mutation[] {
  const place = path.join('.');
  const rule = rules[place] ?? {};
  const own: Mutation[] = [...wrongTypes(sample, rule), ...(rule.wrong ?? []), ...lengths(sample, rule)].map(
    (value) => ({ what: `${place === '' ? 'the whole' : place} is ${JSON.stringify(value)}`, value }),
  );
  if (rule.optional !== true && path.length > 0 && path.at(-1) !== '*') {
    own.push({ what: `${place} is missing`, value: GONE });
  }
  return [...own, ...below(sample, rules, path)];
}

/** The mutations of the members of a sample, each in a copy of the sample. */
function below(sample: unknown, rules: Rules, path: readonly string[]): Mutation[] {
  if (Array.isArray(sample)) {
    const tuple = rules[path.join('.')]?.tuple === true;
    return sample.flatMap((element: unknown, index) =>
      // Elements of a tuple have their own rules, while elements of a list share them.
      mutationsOf(element, rules, [...path, tuple ? String(index) : '*'])
        .filter(({ value }) => value !== GONE)
        .map(({ what, value }) => ({ what: `[${index}] ${what}`, value: sample.with(index, value) })),
    );
  }
  if (typeof sample !== 'object' || sample === null) return [];
  return Object.entries(sample).flatMap(([key, inner]) =>
    mutationsOf(inner, rules, [...path, key]).map(({ what, value }) => {
      const rest = Object.entries(sample).filter(([other]) => other !== key);
      return { what, value: Object.fromEntries(value === GONE ? rest : [...rest, [key, value]]) };
    }),
  );
}

function wrongTypes(sample: unknown, rule: Rule): unknown[] {
  return ONE_OF_EACH_TYPE.filter(
    (other) => typeName(other) !== typeName(sample) && !(other === null && rule.nullable === true),
  );
}

function lengths(sample: unknown, rule: Rule): unknown[] {
  if (rule.tuple !== true || !Array.isArray(sample)) return [];
  return [[], sample.slice(0, -1), sample.concat(sample.slice(-1))];
}

function typeName(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}
