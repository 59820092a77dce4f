import type { ConformanceOptions } from '../../../src/conformance/run-server.ts';
import type { Outcome } from '../../../src/conformance/report/report.ts';
import { onEach } from '../harness/changes.ts';
import type { ServiceName } from '../harness/judge.ts';
import type { HttpReply, Mutating } from '../harness/mutation.ts';

/**
 * A server that withholds what many requirements are about: it accepts no one, serves nothing at a path, or sends
 * nothing. Nothing fails because of mere consequences, and nothing passes that was not shown.
 */
export interface Withholding {
  readonly dialect: ServiceName;
  /** What it does, in words. */
  readonly does: string;
  readonly mutation: Mutating;
  readonly options?: Partial<ConformanceOptions>;
  readonly outcome: Outcome;
  /** The causes that the report names, each by the beginning of its sentence, in this order. */
  readonly told: readonly string[];
  /** The requirements that fail or get a warning, and no others. */
  readonly breaks: readonly string[];
  /** Ids, or beginnings of ids: none of these passes. */
  readonly unseen: readonly string[];
}

export const REFUSED = 'The credential of --token (credentials.valid in the library) was refused by ';
export const KNOWN =
  'The credential of --bad-token (credentials.invalid in the library) is accepted although a made-up one is refused';

/** A server to which none of the credentials belongs. */
export const KNOWS_NO_ONE: Mutating = { fake: { keys: ['another-key:admin'] } };
/** A server to which the credential belongs that was given as a bad one. */
export const KNOWS_ALL: Mutating = {
  fake: { keys: ['right-key:admin', 'user-key:user', 'invalid-key:admin'] },
};

export const always = (): boolean => true;

export function detail(status: number, text: string): HttpReply {
  return { status, body: { detail: text } };
}

/** It does not even end by itself: when a stream is over depends on how fast the machine is. */
export const MUTE: Mutating = onEach(always, () => ({ onSaid: () => undefined, onEnd: () => undefined }));
