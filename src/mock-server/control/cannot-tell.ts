/**
 * Something that the control API is asked cannot be told, and no part of it is told instead: who knows it does not answer
 * (504), or is gone (410).
 */
export class CannotTell extends Error {
  override readonly name = 'CannotTell';
  readonly status: 410 | 504;
  readonly expected: string;

  constructor(status: 410 | 504, message: string, expected: string) {
    super(message);
    this.status = status;
    this.expected = expected;
  }
}
