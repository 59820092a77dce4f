/** Why a recording is not recognised, with the status that says so. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly status: 400 | 408 | 413;
  constructor(status: 400 | 408 | 413, message: string) {
    super(message);
    this.status = status;
  }
}
