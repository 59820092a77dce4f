type Schema = ((manifest: object) => boolean) & {
  readonly errors?:
    | readonly { readonly instancePath: string; readonly keyword: string; readonly params: unknown }[]
    | null;
};

/**
 * What is wrong with an object by the schema of the Kubernetes API that it names: what the schema says, or the fields
 * that the API does not have, which it would ignore.
 */
export async function mistakesOf(manifest: object): Promise<readonly string[]> {
  const { apiVersion, kind } = manifest as { apiVersion: string; kind: string };
  const [version = '', group = 'core'] = apiVersion.split('/').reverse();
  const name = ['IoK8sApi', capital(group.replace(/\..*/, '')), capital(version), kind].join('');
  const { validate } = (await import(`kubernetes-models/_schemas/${name}`)) as { readonly validate: Schema };
  const read = new Set<string>();
  if (!validate(watched(manifest, '', read)))
    return (validate.errors ?? []).map(
      ({ instancePath, keyword, params }) => `${instancePath}: ${keyword} ${JSON.stringify(params)}`,
    );
  return pathsIn(manifest, '')
    .filter((path) => !['/apiVersion', '/kind'].includes(path) && !read.has(path))
    .map((path) => `${path}: the API has no such field`);
}

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);

/** A proxy of the object that records the fields that are read, since a schema reads all the fields that it knows. */
function watched<Thing extends object>(thing: Thing, path: string, read: Set<string>): Thing {
  return new Proxy(thing, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key);
      if (typeof key === 'symbol') return value;
      const own = `${path}/${key}`;
      read.add(own);
      return typeof value === 'object' && value !== null ? watched(value, own, read) : value;
    },
  });
}

function pathsIn(thing: unknown, path: string): readonly string[] {
  if (typeof thing !== 'object' || thing === null) return [];
  return Object.entries(thing).flatMap(([key, value]) => [
    `${path}/${key}`,
    ...pathsIn(value, `${path}/${key}`),
  ]);
}
