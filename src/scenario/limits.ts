/** The 15 seconds that the documents allow for establishing a connection (S1:32, S2:27, S2:114). */
export const ESTABLISH_MS = 15_000;

/** How long a session may go without audio. The documents name no limit, but without one a dead client would stay. */
export const IDLE_MS = 60_000;
