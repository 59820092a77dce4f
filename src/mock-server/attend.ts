import type { AllowList } from '../audio/sources/allow.ts';
import type { Clock } from '../runtime/clock.ts';
import { messageOf } from '../runtime/errors.ts';
import type { ServerScript } from '../scenario/script.ts';
import type { Connection } from './connections.ts';
import type { Opening } from './dialect.ts';
import { drive, type Drive } from './drive.ts';
import { toFrame } from './incoming.ts';
import { liveSession, type Session } from './live-session.ts';
import type { ServerEvent } from './options.ts';
import type { Effect, Input } from './session.ts';
import { wsSocket } from './ws-socket.ts';

export interface AttendOptions {
  readonly clock: Clock;
  /** Real time, for what a test waits for. */
  readonly wall: Clock;
  readonly allow: AllowList;
  readonly maxBufferedBytes: number;
  readonly script: (opening: Opening) => Promise<ServerScript>;
  readonly onEvent: (event: ServerEvent) => void;
}

/** A connection that is attended to, for the one who holds them all. */
export interface Attended {
  readonly session: Session;
  /** Sends a ping, or cuts the connection if the one before was not answered. */
  readonly ping: () => void;
  /** Closes with 1001: the server goes away. */
  readonly leave: () => void;
  readonly cut: () => void;
}

/** Attends to one connection from its opening to its end. */
export function attend(
  id: string,
  { opening, ws, duplex }: Connection,
  options: AttendOptions,
  onEnd: () => void,
): Attended {
  const { clock, wall, onEvent } = options;
  const { life, language, conversation, streamUrl } = opening;
  const socket = wsSocket(ws, duplex);
  const gone = streamUrl === undefined ? undefined : new AbortController();
  let driver: Drive | undefined;
  const live = liveSession(
    { id, life, language },
    socket,
    () => driver?.audioMs ?? 0,
    (afterMs, callback) => wall.at(wall.now() + afterMs, callback),
  );
  const { session } = live;
  const onEffect = (effect: Effect) => {
    if (effect.kind === 'close') return gone?.abort();
    const { say } = effect;
    if (say.kind === 'partial' || say.kind === 'final') live.countResult();
    if (say.kind === 'error') onEvent({ event: 'session-error', id, message: say.message });
  };
  const fault = (error: unknown) => {
    onEvent({ event: 'session-error', id, message: `Internal error: ${messageOf(error)}` });
    driver?.stop();
    ws.close(1011);
  };
  // A fault of ours ends this session, not the server and everybody else's sessions.
  const guarded = (act: () => void) => {
    try {
      act();
    } catch (error) {
      fault(error);
    }
  };
  const input = (next: Input) => guarded(() => driver?.input(next));

  let isAlive = true;
  ws.on('pong', () => (isAlive = true));
  // Bad UTF-8, a frame over the limit, a bad opcode: ws closes with the right code by itself.
  ws.on('error', (error) => onEvent({ event: 'session-error', id, message: error.message }));
  ws.on('message', (data, isBinary) => {
    if (socket.isSilent) return;
    guarded(() => {
      const heard = conversation.hear(toFrame(data, isBinary));
      if (heard === undefined) return;
      live.happened(heard.kind);
      driver?.input(heard);
    });
  });
  ws.on('close', (code) => {
    gone?.abort();
    driver?.stop();
    live.ended(code);
    onEvent({ event: 'session-close', id, code, audioMs: session.audioMs, results: session.results });
    onEnd();
  });

  onEvent({ event: 'session-open', id, life, ...(language === undefined ? {} : { language }) });
  // The first to speak a language waits for its words to be loaded; what they send meanwhile stays in the socket.
  ws.pause();
  options.script(opening).then((script) => {
    // Its client may be gone by now.
    if (!session.isOpen) return;
    const { maxBufferedBytes } = options;
    driver = drive({ script, opening, clock, socket, maxBufferedBytes, onEffect });
    if (!socket.isSilent) ws.resume();
    input({ kind: 'open' });
    if (streamUrl === undefined || gone === undefined) return;
    // The decoders of streams are loaded by the first who needs them.
    import('./play.ts')
      .then(({ play }) => play(streamUrl, { allow: options.allow, clock, signal: gone.signal }, input))
      .catch(fault);
  }, fault);

  return {
    session,
    ping() {
      if (socket.isSilent) return;
      if (!isAlive) return ws.terminate();
      isAlive = false;
      ws.ping();
    },
    leave() {
      driver?.stop();
      gone?.abort();
      ws.close(1001);
    },
    cut: () => ws.terminate(),
  };
}
