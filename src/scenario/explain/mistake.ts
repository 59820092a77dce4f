/** Something wrong at a place in a scenario. */
export interface Mistake {
  readonly path: Path;
  readonly message: string;
  /** The key is wrong, not its value. */
  readonly isKey?: true;
  /** A suggestion for an unknown key or word. */
  readonly meant?: string | undefined;
  /** The value is missing. */
  readonly isMissing?: true;
}

/** Keys and indexes that lead to a place in a scenario. */
export type Path = readonly (string | number)[];
