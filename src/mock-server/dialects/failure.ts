import type { Problem, Step } from '../../scenario/script.ts';

/** Why a session does not come about. */
export interface Failure {
  readonly problem: Problem;
  readonly message: string;
  /** Only the close tells the client. */
  readonly isSilent?: true;
}

/** What an HTTP status of a refusal is called inside of a connection. */
export function problemOf(status: number): Problem {
  if (status === 401 || status === 403) return 'unauthorized';
  return status < 500 && status !== 429 ? 'invalid-request' : 'internal';
}

/** The life of a connection that is let in to be told what is wrong. */
export function failingSteps({ problem, message, isSilent }: Failure): readonly Step[] {
  return isSilent ? [{ kind: 'close' }] : [{ kind: 'fail', problem, message }];
}
