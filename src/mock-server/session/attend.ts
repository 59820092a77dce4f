import type { WebSocket } from 'ws';
import { WINDOW_MS } from '../../audio/ear.ts';
import { audioMeter } from '../../audio/meter.ts';
import type { Onset } from '../../audio/onset.ts';
import type { AllowList } from '../../audio/sources/allow.ts';
import type { Clock } from '../../runtime/clock.ts';
import { messageOf } from '../../runtime/errors.ts';
import type { ServerScript, Voice } from '../../scenario/script.ts';
import type { Connection } from '../upgrade/upgrader.ts';
import type { Opening } from '../dialects/dialect.ts';
import type { Drive, DriveOptions } from './drive.ts';
import { toFrame } from './incoming.ts';
import { isLoopbackOrigin } from '../loopback.ts';
import { LiveSession } from './live-session.ts';
import type { Session } from '../open-session.ts';
import type { ServerEvent } from '../events.ts';
import { RecordedSocket } from './recorded-socket.ts';
import type { SessionLog } from '../journal/session-log.ts';
import type { Effect, Input } from '../engine/messages.ts';
import { wsSocket } from './ws-socket.ts';
import { tellLateData } from './late-data.ts';

export interface AttendOptions {
  readonly clock: Clock;
  /** Real time, for what a test waits for. */
  readonly wall: Clock;
  readonly allow: AllowList;
  readonly maxBufferedBytes: number;
  /** Real milliseconds that a wait for something may take, unless it says so itself. */
  readonly waitMs: () => number;
  /** Real milliseconds that a client has to answer a Close frame. */
  readonly closeTimeoutMs: number;
  readonly script: (opening: Opening) => Omit<ServerScript, 'voice'>;
  readonly voices: (language: string | undefined) => Promise<Voice>;
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

/** The session engine. The first connection waits for it, not the start of the server. */
let engine: ((options: DriveOptions) => Drive) | undefined;

/** Has the session engine ready, so that a connection begins in the moment in which it is accepted. */
export async function loadEngine(): Promise<void> {
  engine ??= (await import('./drive.ts')).drive;
}

/** Attends to one connection from its opening to its end. */
export function attend(
  log: SessionLog,
  { opening, origin, ws, duplex }: Connection,
  options: AttendOptions,
  onEnd: () => void,
): Attended {
  const { clock, wall, onEvent } = options;
  const { id } = log;
  const { life, language, conversation, streamUrl } = opening;
  const socket = wsSocket(ws, duplex, (frame) => {
    if (frame.kind === 'text' && conversation.isResult(frame.text)) session.results += 1;
  });
  const meter = audioMeter(opening.ear);
  let sourceMs = 0;
  const gone = streamUrl === undefined ? undefined : new AbortController();
  // Words come when they are loaded; until then nothing is read, so nobody asks for one.
  let voice: Voice = () => {
    throw new Error('words were asked for before they were loaded');
  };
  const script = { ...options.script(opening), voice: (onset: Onset, index: number) => voice(onset, index) };
  let driver: Drive | undefined;
  const session = new LiveSession(
    { life, language, scenario: opening.plan?.name },
    log,
    {
      socket,
      // A script that does not recognise anything is sent audio all the same.
      audioMs: () => Math.max(driver?.audioMs ?? 0, Math.floor(sourceMs / WINDOW_MS) * WINDOW_MS, meter.ms),
      isWritable: () => ws.readyState === ws.OPEN && !socket.isSilent,
    },
    (afterMs, callback) => wall.at(wall.now() + afterMs, callback),
    options.waitMs,
  );
  log.session = session;
  ws.log = log;
  // Nothing is read before the words are loaded, nor while a script says so.
  let areWordsLoaded = false;
  let isReading = true;
  const read = () => {
    if (areWordsLoaded && isReading && !socket.isSilent) ws.resume();
    else if (!socket.isSilent) ws.pause();
  };
  const onEffect = (effect: Effect) => {
    if (effect.kind === 'read') {
      isReading = effect.isReading;
      read();
    }
    if (effect.kind === 'close' || effect.kind === 'close-with' || effect.kind === 'abort') gone?.abort();
    if (effect.kind !== 'say') return;
    const { say } = effect;
    if (say.kind === 'error') onEvent({ event: 'session-error', id, message: say.message });
  };
  const fault = (error: unknown) => {
    onEvent({ event: 'session-error', id, message: `Internal error: ${messageOf(error)}` });
    driver?.stop();
    ws.close(1011);
  };
  const input = (next: Input) => {
    if (next.kind === 'source') sourceMs += next.chunk.durationMs;
    // A fault of ours ends this session, not the server and everybody else's sessions.
    try {
      driver?.input(next);
    } catch (error) {
      fault(error);
    }
  };

  let isAlive = true;
  ws.on('ping', recordPing);
  ws.on('pong', (data) => {
    isAlive = true;
    log.fact({ kind: 'pong', from: 'client', base64: data.toString('base64') });
  });
  ws.onClientClosed = () => {
    tellLateData(ws, duplex, (message) => log.fact({ kind: 'fault', from: 'client', message }));
  };
  let cancelCut: (() => void) | undefined;
  ws.onClosing = () => {
    const { closeTimeoutMs } = options;
    cancelCut ??= wall.at(wall.now() + closeTimeoutMs, () => void duplex.destroy());
  };
  // Bad UTF-8, a frame over the limit, a bad opcode: ws closes with the right code by itself.
  ws.on('error', ({ message }) => {
    log.fact({ kind: 'fault', from: 'client', message });
    onEvent({ event: 'session-error', id, message });
  });
  ws.on('message', (data, isBinary) => {
    if (socket.isSilent) return;
    const frame = toFrame(data, isBinary);
    if (frame.kind === 'text') log.text('client', frame.text);
    else log.binary('client', frame.bytes);
    session.happened('frame');
    const heard = conversation.hear(frame);
    if (heard === undefined) return;
    if (heard.kind === 'audio') meter.add(heard.bytes, clock.now());
    session.happened(heard.kind);
    input(heard);
  });
  ws.on('close', (code, reason) => {
    cancelCut?.();
    gone?.abort();
    driver?.stop();
    ws.ended(code, reason.toString(), duplex);
    session.ended(code);
    onEvent({ event: 'session-close', id, code, audioMs: session.audioMs, results: session.results });
    onEnd();
  });

  onEvent({ event: 'session-open', id, life, ...(language === undefined ? {} : { language }) });
  const begin = (drive: (options: DriveOptions) => Drive) => {
    // The server may have stopped meanwhile.
    if (ws.readyState !== ws.OPEN) return;
    const { maxBufferedBytes } = options;
    driver = drive({ script, opening, clock, socket, maxBufferedBytes, onEffect });
    input({ kind: 'open' });
  };
  // The first to speak a language waits for its words; what they send meanwhile stays in the socket.
  read();
  const driving = engine === undefined ? loadEngine().then(() => engine && begin(engine)) : begin(engine);
  Promise.all([options.voices(language), driving]).then(([loaded]) => {
    voice = loaded;
    areWordsLoaded = true;
    read();
    // The client may be gone by now, or have been told what is wrong.
    if (streamUrl === undefined || gone === undefined || gone.signal.aborted) return;
    // The decoders of streams are loaded by the first who needs them.
    import('./play-stream.ts')
      .then(({ play }) =>
        play(streamUrl, { allow: allowFor(origin, options.allow), clock, signal: gone.signal }, input),
      )
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

/** Not a closure: there are many connections, and few pings of clients. */
function recordPing(this: WebSocket, data: Buffer): void {
  if (!(this instanceof RecordedSocket)) return;
  this.log?.fact({ kind: 'ping', from: 'client', base64: data.toString('base64') });
}

/** A foreign page would learn from our errors what listens on this machine. */
function allowFor(origin: string | undefined, allow: AllowList): AllowList {
  return origin === undefined || isLoopbackOrigin(origin) ? allow : { ...allow, loopback: false };
}
