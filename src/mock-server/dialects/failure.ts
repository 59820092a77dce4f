import type { Problem, Step } from '../../scenario/script.ts';

/** Why a session does not begin. */
export interface Failure {
  readonly problem: Problem;
  readonly message: string;
  /** Only the close shows it to the client. */
  readonly isSilent?: true;
}

/** The in-band name for an HTTP status of a refusal. */
export function problemOf(status: number): Problem {
  if (status === 401 || status === 403) return 'unauthorized';
  return status < 500 && status !== 429 ? 'invalid-request' : 'internal';
}

/** A connection that is accepted only to be sent an error. */
export function failingSteps({ problem, message, isSilent }: Failure): readonly Step[] {
  return isSilent ? [{ kind: 'close' }] : [{ kind: 'fail', problem, message }];
}
