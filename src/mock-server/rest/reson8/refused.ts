/** Why a recording is not recognised, with the status that says so. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly status: 400 | 408 | 413;
  constructor(status: 400 | 408 | 413, message: string) {
    super(message);
    this.status = status;
  }
}

/** The refusal of a body that is something else than a recording. */
export function wrongBody(what: string): Refused {
  return new Refused(
    400,
    `The body is ${what}: expected the bytes of the recording and nothing else, as curl --data-binary @FILE sends them`,
  );
}
