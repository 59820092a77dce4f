/**
 * How far the clock of another machine is ahead of this one, after one more answer with its time. That time lies
 * between the question and the answer, so the earlier estimate stands as long as it is compatible: an answer that is
 * read late, by a process that did not get to run, says little.
 *
 * @param beforeMs what was known before
 * @param askedMs when it was asked, and `readMs` when the answer was read, on the own clock
 * @param theirsMs what the answer has
 */
export function lagAfter(beforeMs: number, askedMs: number, readMs: number, theirsMs: number): number {
  return Math.min(Math.max(beforeMs, theirsMs - readMs), theirsMs - askedMs);
}
