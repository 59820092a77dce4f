import { createHash } from 'node:crypto';

/** A custom model as the API shows it. */
export interface Model {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** Without repetitions, in the order in which they came. */
  readonly phrases: ReadonlySet<string>;
}

/** Limits of what is kept for all keys together; the service's own are not public. */
export const MODEL_LIMITS = { models: 1000, phrases: 100_000, phraseCharacters: 200, nameCharacters: 1000 };

/** How many of the phrases that were given made a difference, and how many did not. */
export interface Changed {
  readonly changed: number;
  readonly skipped: number;
}

/**
 * The custom models of a server, each of which only the key that made it can see. They are in memory alone.
 * `full` where a limit of MODEL_LIMITS is reached; then nothing was changed.
 */
export interface Models {
  create(
    key: string,
    given: { readonly id?: string; readonly name: string; readonly description: string },
    phrases: readonly string[],
  ): Model | 'full' | 'taken';
  list(key: string): readonly Model[];
  find(key: string, id: string): Model | undefined;
  /** The phrases of a model, for a connection; undefined for an unknown id. */
  phrasesOf(key: string | undefined, id: string): readonly string[] | undefined;
  add(model: Model, phrases: readonly string[]): Changed | 'full';
  remove(model: Model, phrases: readonly string[]): Changed;
  /** Forgets all of them; ids begin again. */
  clear(): void;
}

interface Kept extends Model {
  readonly phrases: Set<string>;
}

export function newModels(seed: number): Models {
  const all = new Map<string, Map<string, Kept>>();
  let modelCount = 0;
  let phraseCount = 0;
  let created = 0;

  const add = ({ phrases: kept }: Kept, phrases: readonly string[]): Changed | 'full' => {
    const fresh = new Set(phrases.filter((phrase) => !kept.has(phrase)));
    if (phraseCount + fresh.size > MODEL_LIMITS.phrases) return 'full';
    for (const phrase of fresh) kept.add(phrase);
    phraseCount += fresh.size;
    return { changed: fresh.size, skipped: phrases.length - fresh.size };
  };
  // Every model comes from `create`.
  const kept = (model: Model): Kept => model as Kept;

  return {
    create(key, given, phrases) {
      const own = all.get(key) ?? new Map<string, Kept>();
      if (given.id !== undefined && own.has(given.id)) return 'taken';
      if (modelCount >= MODEL_LIMITS.models) return 'full';
      const { id = idOf(seed, created), name, description } = given;
      const model: Kept = { id, name, description, phrases: new Set() };
      if (add(model, phrases) === 'full') return 'full';
      created += 1;
      modelCount += 1;
      all.set(key, own.set(id, model));
      return model;
    },
    list: (key) => [...(all.get(key)?.values() ?? [])],
    find: (key, id) => all.get(key)?.get(id),
    phrasesOf(key, id) {
      const model = key === undefined ? undefined : all.get(key)?.get(id);
      return model === undefined ? undefined : [...model.phrases];
    },
    add: (model, phrases) => add(kept(model), phrases),
    remove(model, phrases) {
      const deleted = phrases.filter((phrase) => kept(model).phrases.delete(phrase)).length;
      phraseCount -= deleted;
      return { changed: deleted, skipped: phrases.length - deleted };
    },
    clear() {
      all.clear();
      modelCount = 0;
      phraseCount = 0;
      created = 0;
    },
  };
}

/** In the form of a UUID; the same seed gives the same ids. */
function idOf(seed: number, number: number): string {
  const hex = createHash('sha256').update(`model ${seed} ${number}`).digest('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `a${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}
