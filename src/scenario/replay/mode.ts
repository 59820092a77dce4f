/**
 * How a recording is replayed. In every mode, each message waits until the client has done what it had done by then:
 * `stepped` waits for nothing else; `timed` also lets as much time pass as in the recording; `asap` is `stepped`
 * without the time that a handshake or a REST call took.
 */
export type ReplayMode = 'timed' | 'stepped' | 'asap';

/** All modes. */
export const REPLAY_MODES: readonly ReplayMode[] = ['timed', 'stepped', 'asap'];
