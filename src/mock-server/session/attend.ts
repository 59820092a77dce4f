import { WINDOW_MS } from '../../audio/format.ts';
import type { AllowList } from '../../audio/sources/allow.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { Frame } from '../../wire/frame.ts';
import type { Socket } from '../../wire/socket.ts';
import { readFaster } from '../../wire/receiver.ts';
import { messageOf } from '../../runtime/errors.ts';
import type { Voices } from '../../scenario/speech/voices.ts';
import type { Connection } from '../upgrade/connection.ts';
import { vendorOf } from '../../protocol/dialects.ts';
import { DEFAULT_EDITIONS, type EditionNames } from '../../protocol/editions.ts';
import type { Hold } from './held.ts';
import type { Drive, drive, Driven, DriveOptions } from './drive.ts';
import { LiveSession, type Line } from './live-session.ts';
import type { Session } from '../open-session.ts';
import type { ServerEvent } from '../events.ts';
import { Reading } from './reading.ts';
import { holdSocket, type SocketHolder } from './recorded-socket.ts';
import type { SessionLog } from '../journal/session-log.ts';
import type { Effect, Input } from '../engine/messages.ts';
import { wsSocket, type Sending } from './ws-socket.ts';
import { tellLateData } from './late-data.ts';
import { leftEarly } from './left-early.ts';

/** What all connections of a server share. */
export interface AttendOptions extends DriveOptions {
  /** Real time, for waits of tests. */
  readonly wall: Clock;
  readonly allow: AllowList;
  /** Real milliseconds that a wait may take, unless the call says otherwise. */
  readonly waitMs: () => number;
  /** Real milliseconds that a client has to answer a Close frame. */
  readonly closeTimeoutMs: number;
  /** For connections that ask for none. */
  readonly editions: EditionNames;
  readonly voices: Voices;
  readonly onEvent: (event: ServerEvent) => void;
}

/** A connection that is attended to, as the host of all connections sees it. */
export interface Attended {
  readonly session: Session;
  /** Sends a ping, or cuts the connection if the previous one was not answered. */
  ping(): void;
  /** Closes with 1001, because the server goes away. */
  leave(): void;
  cut(): void;
}

/** The session engine. It is loaded for the first connection, so that the server starts fast. */
let engine: typeof drive | undefined;

/** Loads the session engine, so that a connection begins the moment it is accepted. */
export async function loadEngine(): Promise<void> {
  engine ??= (await import('./drive.ts')).drive;
}

/** Attends to one connection from its opening to its end. */
export function attend(
  log: SessionLog,
  connection: Connection,
  options: AttendOptions,
  onEnd: () => void,
): Attended {
  const attendance = new Attendance(log, connection, options, onEnd);
  attendance.begin();
  return attendance;
}

class Attendance implements Attended, Line, Sending, SocketHolder, Driven {
  readonly session: LiveSession;
  readonly socket: Socket;
  readonly #log: SessionLog;
  readonly #connection: Connection;
  readonly #options: AttendOptions;
  readonly #reading: Reading;
  /** Aborted when the stream being played is no longer needed. */
  readonly #gone: AbortController | undefined;
  #driver: Drive | undefined;
  #sourceMs = 0;
  #isAlive = true;
  /** When `loading` was sent to the client, in scenario time. */
  #loadingMs: number | undefined;
  #cancelCut: (() => void) | undefined;

  readonly #onEnd: () => void;

  /** @param onEnd is called once, when the connection has ended */
  constructor(log: SessionLog, connection: Connection, options: AttendOptions, onEnd: () => void) {
    const { opening, editions, ws, duplex, caller } = connection;
    const { dialect, language, streamUrl } = opening;
    const { wall } = options;
    this.#log = log;
    this.#connection = connection;
    this.#options = options;
    this.#onEnd = onEnd;
    this.#gone = streamUrl === undefined ? undefined : new AbortController();
    this.socket = wsSocket(ws, duplex, this);
    this.#reading = new Reading(ws, duplex, this.socket);
    this.session = new LiveSession(
      {
        ...{ dialect, language, token: caller.token, scenario: opening.plan?.name },
        edition: editions[vendorOf(dialect)],
      },
      log,
      this,
      wall,
      options.waitMs,
    );
    log.session = this.session;
    ws.log = log;
    holdSocket(ws, this);
    readFaster(ws);
  }

  sent(frame: Frame): void {
    if (frame.kind === 'text' && this.#connection.opening.codec.isResult(frame.text))
      this.session.results += 1;
  }

  ponged(data: Buffer): void {
    this.#isAlive = true;
    this.#log.fact({ kind: 'pong', from: 'client', base64: data.toString('base64') });
  }

  clientClosed(): void {
    const { ws, duplex } = this.#connection;
    tellLateData(ws, duplex, (message) => this.#log.fact({ kind: 'fault', from: 'client', message }));
  }

  /** For bad UTF-8, a frame over the limit or a bad opcode, ws itself closes with the right code. */
  failed({ message }: Error): void {
    this.#log.fact({ kind: 'fault', from: 'client', message });
    this.#complain(message);
  }

  begin(): void {
    const { id, life, edition, language, scenario } = this.session;
    const shown = language === undefined ? undefined : this.#log.shownLanguage(language);
    this.#tell({
      event: 'session-open',
      id,
      life,
      edition,
      ...(shown === undefined ? {} : { language: shown }),
      ...(scenario === undefined ? {} : { scenario }),
    });
    const service = vendorOf(this.#connection.opening.dialect);
    // A trace that names no edition is judged by the documents.
    if (edition !== DEFAULT_EDITIONS[service] || edition !== this.#options.editions[service]) {
      this.#log.fact({ kind: 'context', about: { edition } });
    }
    // The first client to speak a language waits for its words; what it sends meanwhile stays in the socket.
    this.#reading.hold('words');
    const driving =
      engine === undefined ? loadEngine().then(() => engine && this.#drive(engine)) : this.#drive(engine);
    Promise.all([this.#options.voices(language, this.#connection.opening.additions), driving]).then(
      ([loaded]) => {
        this.#driver?.speakWith(loaded);
        this.#reading.release('words');
        this.#playStream();
      },
      this.#fault,
    );
  }

  ping(): void {
    const { ws } = this.#connection;
    if (this.socket.isSilent) return;
    // If the fake itself did not read, the answer to the last ping may be there.
    if (!this.#reading.wasHeld() && !this.#isAlive) return ws.terminate();
    this.#isAlive = false;
    ws.ping();
  }

  leave(): void {
    this.#driver?.stop();
    this.#gone?.abort();
    this.#connection.ws.close(1001);
  }

  cut(): void {
    this.#connection.ws.terminate();
  }

  #drive(begin: typeof drive): void {
    const { opening, editions, ws } = this.#connection;
    // The server may have stopped in the meantime.
    if (ws.readyState !== ws.OPEN) return;
    this.#driver = begin(this, this.#options, opening, editions);
    this.#log.audible = this.#driver;
    this.#input({ kind: 'open' });
  }

  #playStream(): void {
    const { opening, origin } = this.#connection;
    const { allow, clock } = this.#options;
    const { streamUrl } = opening;
    const signal = this.#gone?.signal;
    // The client may have left by now, or know what is wrong.
    if (streamUrl === undefined || signal === undefined || signal.aborted) return;
    const input = (next: Input) => this.#input(next);
    // The decoders of streams are loaded for the first connection that needs them.
    import('./play-stream.ts')
      .then(({ play }) => play(streamUrl, { allow, origin, clock, signal }, input))
      .catch(this.#fault);
  }

  hear(frame: Frame): void {
    if (this.socket.isSilent) return;
    if (frame.kind === 'text') this.#log.text('client', frame.text);
    else this.#log.binary('client', frame.bytes);
    this.session.happened('frame');
    const heard = this.#connection.opening.codec.hear(frame);
    if (heard === undefined) return;
    this.session.happened(heard.kind);
    this.#input(heard);
  }

  #input(next: Input): void {
    if (next.kind === 'source') this.#sourceMs += next.chunk.durationMs;
    // A fault of ours ends this session, but not the server or any other session.
    try {
      this.#driver?.input(next);
    } catch (error) {
      this.#fault(error);
    }
  }

  /** What collects the messages of the session, if they have been held. */
  get holding(): Hold | undefined {
    return this.session.holding;
  }

  /** Applies to the connection what the session does. */
  follow(effect: Effect): void {
    if (effect.kind === 'read') {
      if (effect.isReading) this.#reading.release('script');
      else this.#reading.hold('script');
    }
    if (effect.kind === 'close' || effect.kind === 'close-with' || effect.kind === 'abort')
      this.#gone?.abort();
    if (effect.kind !== 'say') return;
    const { say } = effect;
    if (say.kind === 'error') this.#complain(say.message);
    else if (say.kind === 'state' && say.state === 'loading') this.#loadingMs ??= this.#options.clock.now();
  }

  readonly #fault = (error: unknown): void => {
    this.#complain(`Internal error: ${messageOf(error)}`);
    this.#driver?.stop();
    this.#connection.ws.close(1011);
  };

  /** The client has a limited time to answer a Close frame. */
  closing(): void {
    const { wall, closeTimeoutMs } = this.#options;
    const { duplex } = this.#connection;
    this.#cancelCut ??= wall.at(wall.now() + closeTimeoutMs, () => void duplex.destroy());
  }

  ended(code: number, reason: string): void {
    const { ws, duplex } = this.#connection;
    const { session } = this;
    this.#cancelCut?.();
    this.#gone?.abort();
    this.#driver?.stop();
    session.holding?.end();
    const by = ws.ended(code, reason, duplex);
    this.#log.audible = undefined;
    session.ended(code);
    if (by === 'client') this.#noteEarlyEnd();
    const { id, audioMs, results } = session;
    this.#tell({ event: 'session-close', id, code, audioMs, results });
    this.#onEnd();
  }

  /** A client that gives up at the first message does not give a reason. */
  #noteEarlyEnd(): void {
    const { session } = this;
    if (this.#loadingMs === undefined || session.count('audio') + session.count('stop') > 0) return;
    const { opening, editions } = this.#connection;
    const message = leftEarly(opening.dialect, editions, this.#options.clock.now() - this.#loadingMs);
    if (message !== undefined) this.#tell({ event: 'session-note', id: session.id, message });
  }

  get isWritable(): boolean {
    const { ws } = this.#connection;
    return ws.readyState === ws.OPEN && !this.socket.isSilent;
  }

  get audioMs(): number {
    const playedMs = Math.floor(this.#sourceMs / WINDOW_MS) * WINDOW_MS;
    return Math.max(this.#driver?.audioMs ?? 0, playedMs);
  }

  /** A message may repeat what the client has sent. */
  #complain(message: string): void {
    this.#tell({ event: 'session-error', id: this.session.id, message: this.#log.redact(message) });
  }

  #tell(event: ServerEvent): void {
    this.#options.onEvent(event);
  }
}
