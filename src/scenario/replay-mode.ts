/**
 * How a recording is played again: at the times at which it happened; each message when the client has done what it had
 * done by then; or as fast as it goes.
 */
export type ReplayMode = 'timed' | 'stepped' | 'asap';

export const REPLAY_MODES: readonly ReplayMode[] = ['timed', 'stepped', 'asap'];
