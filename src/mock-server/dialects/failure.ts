import type { Problem, Step } from '../../scenario/script.ts';

/** Why a session does not start. */
export interface Failure {
  readonly problem: Problem;
  readonly message: string;
  /** The client learns of it only from the close. */
  readonly isSilent?: true;
}

/** The in-band name for the HTTP status of a refusal. */
export function problemOf(status: number): Problem {
  if (status === 401 || status === 403) return 'unauthorized';
  return status < 500 && status !== 429 ? 'invalid-request' : 'internal';
}

/** The script of a connection that is accepted only to send an error. */
export function failingSteps({ problem, message, isSilent }: Failure): readonly Step[] {
  return isSilent ? [{ kind: 'close' }] : [{ kind: 'fail', problem, message }];
}
