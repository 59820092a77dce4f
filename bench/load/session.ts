import { WebSocket } from 'ws';
import { FRAME_MS } from './speech.ts';

/** The fake and the bare server send a partial for each piece of speech of this length. */
export const PARTIAL_MS = 200;

/** Opening more at once overflows the listen backlog. */
const OPENING_AT_ONCE = 50;
const OPEN_TIMEOUT_MS = 60_000;

/** What a session reports: the number of the frame that completed the partial's audio, or that a final came. */
export interface Listener {
  partial(session: Session, frame: number, byteCount: number): void;
  final(session: Session, byteCount: number): void;
  /** The session broke, so the measurement is invalid. */
  lost(error: Error): void;
}

/** One client connection, which is started and whose messages are read. */
export interface Session {
  readonly number: number;
  readonly socket: WebSocket;
}

/** Opens and starts `count` sessions; resolves when the server listens on all of them. */
export async function openSessions(url: string, count: number, listener: Listener): Promise<Session[]> {
  const sessions: Session[] = [];
  const deadline = performance.now() + OPEN_TIMEOUT_MS;
  while (sessions.length < count) {
    if (performance.now() > deadline)
      throw new Error(`only ${sessions.length} of ${count} sessions opened in time`);
    const wanted = Math.min(OPENING_AT_ONCE, count - sessions.length);
    const opening = Array.from({ length: wanted }, (_, i) => openSession(url, sessions.length + i, listener));
    sessions.push(...(await Promise.all(opening)));
  }
  return sessions;
}

/** Closes all with 1000 and waits until the server has answered. */
export async function closeSessions(sessions: readonly Session[]): Promise<void> {
  await Promise.all(
    sessions.map(({ socket }) => {
      socket.removeAllListeners('message').removeAllListeners('close');
      const closed = new Promise((resolve) => socket.once('close', resolve));
      socket.close(1000);
      return closed;
    }),
  );
}

function openSession(url: string, number: number, listener: Listener): Promise<Session> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, { perMessageDeflate: false, handshakeTimeout: OPEN_TIMEOUT_MS });
    const session = { number, socket };
    let segment = -1;
    let partials = 0;
    const hear = (text: string) => {
      const message = JSON.parse(text) as {
        state?: string;
        error?: string;
        is_final?: boolean;
        offset_ms?: number;
      };
      if (message.is_final === false) {
        const offsetMs = message.offset_ms ?? 0;
        if (offsetMs !== segment) partials = 0;
        segment = offsetMs;
        partials += 1;
        // The n-th partial of a segment is due when n times 200 ms of it have been sent.
        const frame = Math.ceil((offsetMs + partials * PARTIAL_MS) / FRAME_MS) - 1;
        listener.partial(session, frame, text.length);
      } else if (message.is_final === true) {
        segment = -1;
        listener.final(session, text.length);
      } else if (message.state === 'listening') resolve(session);
      else if (message.error !== undefined) fail(new Error(`the server said: ${message.error}`));
    };
    const fail = (error: Error) => {
      reject(error);
      listener.lost(error);
    };
    socket.on('open', () => socket.send('{"action":"start"}'));
    socket.on('message', (data: Buffer) => hear(data.toString()));
    socket.on('error', fail);
    socket.on('close', (code) => fail(new Error(`the server closed session ${number} with ${code}`)));
  });
}
