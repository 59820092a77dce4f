/**
 * How a recording is played again. Whatever the mode, each message waits until the client has done what it had done by
 * then: `stepped` waits for nothing else; `timed` lets as much time pass as had passed, too; `asap` is `stepped` without
 * the time that a handshake or a REST call took.
 */
export type ReplayMode = 'timed' | 'stepped' | 'asap';

export const REPLAY_MODES: readonly ReplayMode[] = ['timed', 'stepped', 'asap'];
