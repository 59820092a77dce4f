/** Why a session did not end normally: a message for the user, not a bug in this program. */
export class Failure extends Error {
  /**
   * @param {'timeout' | 'auth' | 'closed' | 'server' | 'other'} kind
   * @param {string} message
   * @param {{ mayRetry?: boolean, wasOpen?: boolean }} [about] whether another attempt makes sense, and whether the
   *   connection was there before
   */
  constructor(kind, message, { mayRetry = false, wasOpen = false } = {}) {
    super(message);
    this.kind = kind;
    this.mayRetry = mayRetry;
    this.wasOpen = wasOpen;
  }
}

/** The program was called incorrectly. */
export class UsageError extends Error {}
