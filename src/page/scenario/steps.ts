/** What a server can do in a scenario, from the schema of scenarios. Pure. */

/** A kind of step, as the schema describes it. */
export interface StepKind {
  readonly name: string;
  readonly does: string;
  /** How it is written, by an example. */
  readonly example: string;
}

interface Schema {
  readonly title?: string;
  readonly description?: string;
  readonly const?: string;
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly examples?: readonly unknown[];
}

/** Every step, in the order of the schema; a verb that can be a word or have a value occurs twice. */
export function stepsOf(schema: unknown): readonly StepKind[] {
  const { $defs } = schema as { readonly $defs?: { readonly step?: Schema } };
  return ($defs?.step?.anyOf ?? []).flatMap((each) => stepOf(each));
}

function stepOf({ title = '', description, const: word, properties = {} }: Schema): readonly StepKind[] {
  if (word !== undefined) return [{ name: word, does: description ?? '', example: `- ${word}` }];
  const [verb = title] = Object.keys(properties);
  const value = properties[verb];
  if (verb === '') return [];
  const does = value?.description ?? description ?? '';
  const [example] = value?.examples ?? [];
  return [
    { name: verb, does, example: `- ${verb}:${example === undefined ? ' …' : ` ${written(example)}`}` },
  ];
}

/** As JSON, which is also YAML; simple words need no quotes. */
function written(value: unknown): string {
  return typeof value === 'string' && /^[\w][\w ]*$/.test(value) ? value : JSON.stringify(value);
}

/** The text that a new scenario begins with. */
export const TEMPLATE = `dialect: reson8
summary: What this scenario is for
server:
  - speak: good morning
  - wait: 300ms
  - close: 1011
`;
