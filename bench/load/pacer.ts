import { FRAME_MS } from './speech.ts';

/** At most this many frames are sent in one turn of the event loop, because arriving data must be read in between. */
const SENDS_PER_TURN = 200;

/** The schedule of all sessions together: each sends a frame every 100 ms, and they are spread over those 100 ms. */
export interface Pacer {
  /** When a session's frame is due, on the scale of `performance.now()`. */
  dueAt(session: number, frame: number): number;
  stop(): void;
}

/** Calls `send` for every frame when it is due, never earlier. One timer serves all sessions. */
export function startPacer(
  sessions: number,
  startAt: number,
  send: (session: number, frame: number, dueAt: number) => void,
): Pacer {
  const stepMs = FRAME_MS / sessions;
  let next = 0;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const turn = () => {
    const now = performance.now();
    for (let sent = 0; sent < SENDS_PER_TURN; sent++) {
      const dueAt = startAt + next * stepMs;
      if (dueAt > now) break;
      send(next % sessions, Math.floor(next / sessions), dueAt);
      next += 1;
    }
    if (!stopped) timer = setTimeout(turn, 1);
  };
  turn();
  return {
    dueAt: (session, frame) => startAt + (frame * sessions + session) * stepMs,
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
