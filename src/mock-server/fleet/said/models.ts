import { newModels, type KeptModel, type Models } from '../../rest/reson8/models.ts';
import type { SharedState } from '../shared.ts';
import type { Change } from '../terms.ts';

const OF_KEY = 'm:';
const CREATED = 'mc';

/** The custom models of Reson8, the same in all replicas. Keys are known by their marks. */
export class SaidModels {
  readonly #seed: number;
  readonly #shared: SharedState;
  #models: Models;

  constructor(seed: number, shared: SharedState) {
    this.#seed = seed;
    this.#shared = shared;
    this.#models = newModels(seed);
  }

  phrasesOf(key: string | undefined, id: string): readonly string[] | undefined {
    return key === undefined ? undefined : this.#models.phrasesOf(this.#shared.mark(key), id);
  }

  /** Does something to the models of a key, and shares what has changed. `act` may be called again if others have changed
   * something. */
  async with<T>(key: string, act: (models: Models, key: string) => T): Promise<T> {
    const mark = this.#shared.mark(key);
    const done: T[] = [];
    await this.#shared.say(() => {
      const models = this.#read();
      done[0] = act(models, mark);
      const { created, models: own } = models.kept(mark);
      const fields = { [`${OF_KEY}${mark}`]: JSON.stringify(own), [CREATED]: String(created) };
      const isNew = Object.entries(fields).some(([field, value]) => this.#shared.said.get(field) !== value);
      const isNone = own.length === 0 && created === 0;
      return isNew && !isNone ? { fields } : undefined;
    });
    const [value] = done;
    return value as T;
  }

  /** Models may have changed. */
  look(changes: readonly Change[]): void {
    if (changes.some(({ field }) => field === CREATED || field.startsWith(OF_KEY)))
      this.#models = this.#read();
  }

  #read(): Models {
    const models = newModels(this.#seed);
    const created = Number(this.#shared.said.get(CREATED) ?? 0);
    for (const [field, text] of this.#shared.said) {
      if (field.startsWith(OF_KEY))
        models.keep(field.slice(OF_KEY.length), JSON.parse(text) as readonly KeptModel[], created);
    }
    return models;
  }
}
