import type { Response } from 'express';
import type { Session } from '../../open-session.ts';
import { call, type Asked, type Call, type CallForm } from '../call.ts';
import type { ControlOptions } from '../options.ts';
import { NO_SESSION, openSession } from './named-session.ts';

/** A call about the connection that its path names. */
export interface SessionCallForm<Query, Body> extends Omit<CallForm<Query, Body>, 'answer'> {
  /** Finds the session, or answers why it cannot be used; unless set, it has to be open. */
  readonly find?: typeof openSession;
  /** Answers once the session is found. */
  readonly answer: (session: Session, asked: Asked<Query, Body>, response: Response) => void | Promise<void>;
}

/** Makes a call about one session from its form. Its errors are NO_SESSION unless it names others. */
export function sessionCall<Query = undefined, Body = undefined>(
  options: ControlOptions,
  { find = openSession, answer, ...form }: SessionCallForm<Query, Body>,
): Call {
  return call<Query, Body>({
    errors: NO_SESSION,
    ...form,
    answer(asked, response) {
      const session = find(options, asked.params['id'], response);
      return session === undefined ? undefined : answer(session, asked, response);
    },
  });
}
