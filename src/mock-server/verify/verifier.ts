import type { Clock } from '../../runtime/clock.ts';
import { UserError } from '../../runtime/errors.ts';
import { ANYTHING, mistakesIn, SWITCH, TEXT, wholeFrom } from '../../runtime/json/wanted-options.ts';
import { oneOf, type Wanted } from '../../runtime/json/wanted.ts';
import { HAPPENINGS } from '../open-session.ts';
import { FILTER_DIALECTS } from '../session-filter.ts';
import { sleep } from '../../runtime/wait.ts';
import { mistakeInWait } from '../session/wait-options.ts';
import {
  boundsOf,
  contradictionsIn,
  isLost,
  verdictOn,
  type Expectation,
  type Looked,
  type Verified,
} from './verify.ts';

/** How long to wait for expectations to hold, and what ends the wait. */
export interface VerifyOptions {
  /** Real milliseconds (0) until all must hold, or during which something with an upper limit may happen too often. */
  readonly withinMs?: number;
  /** Cancels the wait. */
  readonly signal?: AbortSignal;
}

/** Whether all expectations hold, and which. */
export interface Verification {
  /** Whether all of them hold. */
  readonly ok: boolean;
  /** In the order of the expectations. */
  readonly results: readonly Verified[];
}

/** The maximum number of expectations in one call. */
export const MOST_EXPECTATIONS = 50;
/** What an expectation may say. */
const WANTED: Readonly<Record<keyof Expectation, Wanted>> = {
  ...{ session: TEXT, token: TEXT, dialect: oneOf(FILTER_DIALECTS), scenario: TEXT, open: SWITCH },
  ...{ of: oneOf(HAPPENINGS), message: ANYTHING },
  ...{ atLeast: wholeFrom(0), atMost: wholeFrom(0), exactly: wholeFrom(0) },
};
const NOTHING: Looked = { count: 0, isIncomplete: false, nearest: [] };
/** Real milliseconds between two checks. */
const LOOK_MS = 50;

/**
 * Checks what clients have done until it is what is expected, can no longer become so, or time is up.
 * @throws UserError for no expectation, which would hold whatever happened, for more than MOST_EXPECTATIONS, for unknown names, values that do not fit and bounds that exclude each other
 */
export async function verify(
  looks: (expectations: readonly Expectation[]) => readonly Looked[] | Promise<readonly Looked[]>,
  expectations: readonly Expectation[],
  given: VerifyOptions,
  wall: Clock,
): Promise<Verification> {
  const { withinMs = 0, signal } = given;
  const mistake = mistakeInWait('verify()', given, ['withinMs', 'signal']);
  if (mistake !== undefined) throw mistake;
  if (expectations.length === 0 || expectations.length > MOST_EXPECTATIONS) {
    throw new UserError(`expected 1 to ${MOST_EXPECTATIONS} expectations, got ${expectations.length}`, {
      command: 'verify()',
    });
  }
  const wrong = expectations.flatMap((each, at) => {
    const mistakes = mistakesIn(each, WANTED, `${at}`);
    if (mistakes.length > 0) return mistakes;
    return contradictionsIn(each).map(({ key, why }) => ({ option: `${at}.${key}`, what: why }));
  });
  if (wrong.length > 0) throw new UserError(wrong.map((one) => ({ command: 'verify()', ...one })));
  const endMs = wall.now() + withinMs;
  const isLimited = expectations.some((expected) => boundsOf(expected).high < Infinity);
  for (;;) {
    const seen = await looks(expectations);
    const results = expectations.map((expected, at) => verdictOn(expected, seen[at] ?? NOTHING));
    const ok = results.every((result) => result.ok);
    const isOver = expectations.some((expected, at) => {
      const result = results[at];
      return result !== undefined && isLost(expected, result);
    });
    const leftMs = endMs - wall.now();
    if (isOver || (ok && !isLimited) || leftMs <= 0 || signal?.aborted === true) return { ok, results };
    await sleep(wall, Math.min(LOOK_MS, leftMs), signal);
  }
}
