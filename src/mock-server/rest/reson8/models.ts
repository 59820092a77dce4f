import { createHash } from 'node:crypto';

/** A custom model as the API shows it. */
export interface Model {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** Without duplicates, in the order in which they were added. */
  readonly phrases: ReadonlySet<string>;
}

/** Limits for all keys together; those of the service are not public. */
export const MODEL_LIMITS = { models: 1000, phrases: 100_000, phraseCharacters: 200, nameCharacters: 1000 };

/** How many of the given phrases changed something, and how many did not. */
export interface Changed {
  readonly changed: number;
  readonly skipped: number;
}

/**
 * The custom models of a server; a model is visible only to the key that made it. They are kept in memory only. `full`
 * is returned when a limit of MODEL_LIMITS is reached, and then nothing has changed.
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
  /** Forgets all models; ids start from the beginning. */
  clear(): void;
  /** What is kept of a key, and how many models were made for all of them. */
  kept(key: string): { readonly created: number; readonly models: readonly KeptModel[] };
  /** Keeps what was kept elsewhere. */
  keep(key: string, models: readonly KeptModel[], created: number): void;
}

/** A custom model as JSON has it. */
export interface KeptModel extends Omit<Model, 'phrases'> {
  readonly phrases: readonly string[];
}

interface Own extends Model {
  readonly phrases: Set<string>;
}

/** No models yet. @param seed decides the ids */
export function newModels(seed: number): Models {
  const all = new Map<string, Map<string, Own>>();
  let modelCount = 0;
  let phraseCount = 0;
  let created = 0;

  const add = ({ phrases: kept }: Own, phrases: readonly string[]): Changed | 'full' => {
    const fresh = new Set(phrases.filter((phrase) => !kept.has(phrase)));
    if (phraseCount + fresh.size > MODEL_LIMITS.phrases) return 'full';
    for (const phrase of fresh) kept.add(phrase);
    phraseCount += fresh.size;
    return { changed: fresh.size, skipped: phrases.length - fresh.size };
  };
  // Every model comes from `create`.
  const own = (model: Model): Own => model as Own;

  return {
    create(key, given, phrases) {
      const ofKey = all.get(key) ?? new Map<string, Own>();
      if (given.id !== undefined && ofKey.has(given.id)) return 'taken';
      if (modelCount >= MODEL_LIMITS.models) return 'full';
      const { id = idOf(seed, created), name, description } = given;
      const model: Own = { id, name, description, phrases: new Set() };
      if (add(model, phrases) === 'full') return 'full';
      created += 1;
      modelCount += 1;
      all.set(key, ofKey.set(id, model));
      return model;
    },
    list: (key) => [...(all.get(key)?.values() ?? [])],
    find: (key, id) => all.get(key)?.get(id),
    phrasesOf(key, id) {
      const model = key === undefined ? undefined : all.get(key)?.get(id);
      return model === undefined ? undefined : [...model.phrases];
    },
    add: (model, phrases) => add(own(model), phrases),
    remove(model, phrases) {
      const deleted = phrases.filter((phrase) => own(model).phrases.delete(phrase)).length;
      phraseCount -= deleted;
      return { changed: deleted, skipped: phrases.length - deleted };
    },
    clear() {
      all.clear();
      modelCount = 0;
      phraseCount = 0;
      created = 0;
    },
    kept: (key) => ({
      created,
      models: [...(all.get(key)?.values() ?? [])].map((model) => ({ ...model, phrases: [...model.phrases] })),
    }),
    keep(key, models, createdSoFar) {
      all.set(key, new Map(models.map((model) => [model.id, { ...model, phrases: new Set(model.phrases) }])));
      modelCount += models.length;
      phraseCount += models.reduce((sum, { phrases }) => sum + phrases.length, 0);
      created = createdSoFar;
    },
  };
}

/** An id in the form of a UUID; the same seed gives the same ids. */
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
