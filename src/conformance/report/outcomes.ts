/**
 * The outcome of a run. `incomplete`: no violation, but a MUST was not exercised or not decided, or the run was cut
 * short. `stale-baseline`: a baseline entry has expired or is no longer needed.
 */
export type Outcome = 'conforming' | 'violations' | 'incomplete' | 'stale-baseline' | 'harness-error';

/** The exit code of the command for each outcome; 2 is wrong usage, which has no outcome. */
export const EXIT_CODES: Readonly<Record<Outcome, number>> = {
  conforming: 0,
  violations: 1,
  incomplete: 3,
  'stale-baseline': 4,
  'harness-error': 5,
};
