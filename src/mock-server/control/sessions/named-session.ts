import type { Response } from 'express';
import type { Session } from '../../open-session.ts';
import { fail } from '../answers.ts';
import type { ControlOptions } from '../options.ts';

/** The errors of calls about one session. */
export const NO_SESSION = {
  404: 'Unknown session',
  409: 'It is not a connection, or its state does not allow this',
} as const;

/** The session that a call names; undefined once an error has been answered. */
export function sessionFor(
  { session, journal }: Pick<ControlOptions, 'session' | 'journal'>,
  id = '',
  response: Response,
): Session | undefined {
  const found = session(id);
  if (found !== undefined) return found;
  if (journal.get(id) === undefined) unknownSession(response);
  else {
    fail(response, 409, {
      error: 'This id belongs to an HTTP request, not to a connection',
      expected: 'the id of a connection',
    });
  }
  return undefined;
}

/** Answers that no session has this id. */
export function unknownSession(response: Response): void {
  const expected = 'an id of GET sessions; the journal keeps a limited number of them';
  fail(response, 404, { error: 'Unknown session', expected });
}

/** Answers that nothing is remembered of a session: there is none, or more are open than the journal has room for. */
export function nothingKept(
  { session }: Pick<ControlOptions, 'session'>,
  id: string,
  response: Response,
): void {
  if (session(id) === undefined) unknownSession(response);
  else traceNotKept(response);
}

/** Answers that a session is there, but not its trace. */
export function traceNotKept(response: Response): void {
  const expected = 'a larger --journal-max: more sessions are open than it lets the journal keep';
  fail(response, 404, { error: 'The trace of this session is not kept', expected });
}

/** An open session; undefined once an error has been answered. */
export function openSession(
  options: ControlOptions,
  id: string | undefined,
  response: Response,
): Session | undefined {
  const session = sessionFor(options, id, response);
  if (session === undefined || session.isOpen) return session;
  fail(response, 409, {
    error: `The session has ended with ${session.closeCode ?? 0}`,
    expected: 'a session that is open',
  });
  return undefined;
}

/** A session that still sends messages; undefined once an error has been answered. */
export function writableSession(
  options: ControlOptions,
  id: string | undefined,
  response: Response,
): Session | undefined {
  const session = openSession(options, id, response);
  if (session === undefined || session.isWritable) return session;
  fail(response, 409, { error: 'The session is closing, or silent', expected: 'a session that is open' });
  return undefined;
}
