import type { Path } from './mistake.ts';

type Node = Readonly<Record<string, unknown>>;

/**
 * The keys that a JSON Schema has for the map at a place: of the possible alternatives, those that know most of the
 * other keys.
 */
export function keysAt(schema: Node, path: Path, others: readonly string[]): readonly string[] {
  let nodes = alternatives(schema, schema);
  for (const key of path) {
    nodes = nodes.flatMap((node) => {
      const next = typeof key === 'number' ? node['items'] : childOf(node, key);
      return isNode(next) ? alternatives(schema, next) : [];
    });
    // The same alternative is reached in many ways, because lists of steps contain lists of steps.
    nodes = [...new Set(nodes)];
  }
  const maps = nodes.flatMap(({ properties }) => (isNode(properties) ? [Object.keys(properties)] : []));
  const known = (keys: readonly string[]) => others.filter((key) => keys.includes(key)).length;
  const most = Math.max(0, ...maps.map(known));
  return [...new Set(maps.filter((keys) => known(keys) === most).flat())];
}

function childOf(node: Node, key: string): unknown {
  const { properties, additionalProperties } = node;
  if (isNode(properties) && Object.hasOwn(properties, key)) return properties[key];
  return additionalProperties;
}

/** The alternatives of a node, with references followed; no definition refers only to itself. */
function alternatives(schema: Node, node: Node): readonly Node[] {
  const { $ref, anyOf } = node;
  if (typeof $ref === 'string') {
    const { $defs } = schema;
    const found = isNode($defs) ? $defs[$ref.replace('#/$defs/', '')] : undefined;
    return isNode(found) ? alternatives(schema, found) : [];
  }
  // Beside `properties`, `anyOf` says which of them go together.
  if (Array.isArray(anyOf) && !isNode(node['properties']))
    return anyOf.filter(isNode).flatMap((one) => alternatives(schema, one));
  return [node];
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
