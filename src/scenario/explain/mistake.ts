/** Something wrong at a place in a scenario. */
export interface Mistake {
  readonly path: Path;
  readonly message: string;
  /** It is the key that is wrong, not what it holds. */
  readonly isKey?: true;
  /** What may have been meant by a key or a word that is unknown. */
  readonly meant?: string | undefined;
  /** Nothing is there. */
  readonly isMissing?: true;
}

export type Path = readonly (string | number)[];
