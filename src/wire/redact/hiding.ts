import type { IsSecretName } from './names.ts';

/** What the functions that look for secrets need. */
export interface Hiding {
  /**
   * Returns the stand-in for a secret, and remembers the secret so that it is found elsewhere.
   *
   * @param alternate what else it may have been, if a plus in it can be a space
   */
  readonly hide: (secret: string, alternate?: string) => string;
  readonly isSecretName: IsSecretName;
  /** Whether a search is worthwhile, since most messages contain no secrets. */
  readonly mayHold: (text: string) => boolean;
}
