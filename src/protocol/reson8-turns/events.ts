/** What a server says about a turn. Separate from the schemas, which take a while to load. */
export const TURN_EVENTS = ['turn_start', 'turn_end_candidate', 'turn_continuation', 'turn_end'] as const;
