/** Something wrong at a place in a scenario. */
export interface Mistake {
  readonly path: Path;
  readonly message: string;
  /** It is the key that is wrong, not what it holds. */
  readonly isKey?: true;
}

export type Path = readonly (string | number)[];
