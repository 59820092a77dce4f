/**
 * The control API cannot answer a question, and does not answer it in part: the process that knows does not reply
 * (504), has too much to do or has no Redis to ask (503), or is gone (410).
 */
export class CannotTell extends Error {
  override readonly name = 'CannotTell';
  readonly status: 410 | 503 | 504;
  readonly expected: string;

  constructor(status: CannotTell['status'], message: string, expected: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
    this.expected = expected;
  }
}
