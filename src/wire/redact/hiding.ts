import type { IsSecretName } from './names.ts';

/** What those who look for secrets need. */
export interface Hiding {
  /**
   * Gives the stand-in for a secret, and remembers the secret so that it is found elsewhere.
   *
   * @param alternate what else it may have been, if a plus in it can be a space
   */
  readonly hide: (secret: string, alternate?: string) => string;
  readonly isSecretName: IsSecretName;
  /** Whether it is worth looking: most messages hold nothing of the kind. */
  readonly mayHold: (text: string) => boolean;
}
