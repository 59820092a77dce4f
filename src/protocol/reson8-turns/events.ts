/** What a server says about a turn. Apart from the schemas, which take a while to load. */
export const TURN_EVENTS = ['turn_start', 'turn_end_candidate', 'turn_continuation', 'turn_end'] as const;
