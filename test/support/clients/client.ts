import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { WebSocket, type ClientOptions } from 'ws';

/** A message of the server, with what this client had done when it came. */
export interface Received {
  readonly kind: 'text' | 'binary';
  readonly bytes: Uint8Array;
  /** The bytes as UTF-8. */
  readonly text: string;
  /** The text as JSON; undefined if it is not JSON. */
  readonly json: unknown;
  /** Bytes of audio that `sendAudio` had handed to the socket by then. */
  readonly audioBytes: number;
}

export interface Closed {
  /** As `ws` reports it: 1005 for a Close frame without a code, 1006 when there was no Close frame. */
  readonly code: number;
  readonly reason: string;
}

/** A plain HTTP answer to the upgrade. */
export interface Refused {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface ConnectOptions extends ClientOptions {
  readonly headers?: Record<string, string>;
  /** Values for Sec-WebSocket-Protocol. */
  readonly protocols?: readonly string[];
  /** How long each wait of this client may take, in real milliseconds (20,000). */
  readonly timeoutMs?: number;
}

export type Wanted = (message: Received) => boolean;

const TIMEOUT_MS = 20_000;
const FRAME_BYTES = 3200;
/** This many frames are written before waiting for one of them. */
const FRAMES_IN_FLIGHT = 64;
/** How many characters are printed of each message that came instead, and how many of the last messages. */
const SHOWN_CHARACTERS = 200;
const SHOWN_COUNT = 12;

/** Connects at once, and keeps everything that happens from then on until a test asks for it. */
export function connect(url: string, options: ConnectOptions = {}): TestClient {
  return new TestClient(url, options);
}

/**
 * A WebSocket client for tests. Nothing that happens is lost: messages, the close and the errors are kept from the
 * beginning. Every wait ends, at the latest after `timeoutMs`, and a wait that fails reports what came instead.
 */
export class TestClient implements AsyncDisposable {
  /** All messages so far, waited for or not. */
  readonly messages: Received[] = [];
  readonly errors: Error[] = [];
  readonly socket: WebSocket;
  private isOpen = false;
  private closing: Closed | undefined;
  private refusal: Refused | undefined;
  private upgradeHeaders: IncomingHttpHeaders | undefined;
  private sentAudioBytes = 0;
  private cursor = 0;
  private pongs = 0;
  private readonly timeoutMs: number;
  private readonly watchers = new Set<() => void>();

  constructor(
    url: string,
    { headers = {}, protocols = [], timeoutMs = TIMEOUT_MS, ...rest }: ConnectOptions,
  ) {
    this.timeoutMs = timeoutMs;
    const socket = new WebSocket(url, [...protocols], { ...rest, headers });
    this.socket = socket;
    socket.on('upgrade', (response) => (this.upgradeHeaders = response.headers));
    socket.on('open', () => this.changed(() => (this.isOpen = true)));
    socket.on('message', (data, isBinary) =>
      this.changed(() => this.messages.push(this.read(data, isBinary))),
    );
    socket.on('pong', () => this.changed(() => (this.pongs += 1)));
    socket.on('error', (error) => this.changed(() => this.errors.push(error)));
    socket.on('close', (code, reason) =>
      this.changed(() => (this.closing = { code, reason: reason.toString() })),
    );
    // With this listener, `ws` leaves it to us to read the response and to end the connection.
    socket.on('unexpected-response', (_request, response) => {
      void readBody(response).then((body) => {
        const { statusCode: status = 0, headers: answered } = response;
        this.changed(() => (this.refusal = { status, headers: answered, body }));
        socket.terminate();
      });
    });
  }

  /** Resolves with the connection. Rejects if it was refused or could not be established. */
  get open(): Promise<void> {
    return this.wait('the connection to open', () => {
      if (this.isOpen) return { value: undefined };
      if (this.refusal !== undefined) throw this.failure(`refused with ${this.refusal.status}`);
      return undefined;
    });
  }

  /** The HTTP answer to the upgrade. Rejects when the connection opened, or was dropped without an answer. */
  get refused(): Promise<Refused> {
    return this.wait('the upgrade to be refused', () => {
      if (this.refusal !== undefined) return { value: this.refusal };
      if (this.isOpen) throw this.failure('the connection opened');
      return undefined;
    });
  }

  /** How the connection ended. */
  get closed(): Promise<Closed> {
    return this.wait('the connection to close', () =>
      this.closing === undefined ? undefined : { value: this.closing },
    );
  }

  /** Whether the connection has ended, or was never established. */
  get hasEnded(): boolean {
    return this.closing !== undefined;
  }

  /** The headers of the 101. */
  get headers(): IncomingHttpHeaders {
    return this.upgradeHeaders ?? {};
  }

  /** The subprotocol that the server chose, or ''. */
  get protocol(): string {
    return this.socket.protocol;
  }

  /** The messages as JSON; undefined for those that are not JSON. */
  get values(): readonly unknown[] {
    return this.messages.map(({ json }) => json);
  }

  /**
   * The next message that `wanted` accepts. It and those before it are not returned again. Rejects if the connection
   * ends without one.
   */
  next(wanted: Wanted = () => true, what = 'a message'): Promise<Received> {
    return this.wait(what, () => {
      const index = this.messages.findIndex((message, i) => i >= this.cursor && wanted(message));
      const message = this.messages[index];
      if (message === undefined) return undefined;
      this.cursor = index + 1;
      return { value: message };
    });
  }

  /** The messages that `next` has not passed yet; it will not return them afterwards. */
  rest(): readonly Received[] {
    const rest = this.messages.slice(this.cursor);
    this.cursor = this.messages.length;
    return rest;
  }

  /** Sends bytes as binary, a string as text, unchanged, and anything else as JSON. */
  send(message: unknown): void {
    if (message instanceof Uint8Array) this.socket.send(message, { binary: true });
    else this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  /** Sends audio in frames, as fast as the socket accepts it. Resolves when the last one has been written. */
  async sendAudio(
    bytes: Uint8Array,
    { frameBytes = FRAME_BYTES }: { readonly frameBytes?: number } = {},
  ): Promise<void> {
    let frames = 0;
    for (let at = 0; at < bytes.length; at += frameBytes) {
      const frame = bytes.subarray(at, at + frameBytes);
      this.sentAudioBytes += frame.length;
      frames += 1;
      const last = at + frameBytes >= bytes.length;
      if (last || frames % FRAMES_IN_FLIGHT === 0) await this.written(frame);
      else this.socket.send(frame, { binary: true });
    }
  }

  /**
   * Resolves when the server has read everything that was sent before: it answers a ping in order, so its immediate
   * answer to the last message has come by then.
   */
  async settled(): Promise<void> {
    const before = this.pongs;
    this.socket.ping();
    await this.wait('a pong', () => (this.pongs > before ? { value: undefined } : undefined));
  }

  /** Starts the closing handshake. */
  close(code = 1000, reason = ''): void {
    this.socket.close(code, reason);
  }

  /** Ends the TCP connection without a Close frame. */
  terminate(): void {
    this.socket.terminate();
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.socket.terminate();
    return Promise.resolve();
  }

  private written(frame: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      this.socket.send(frame, { binary: true }, (error) => {
        // If the connection ends during the upload, the test judges it by `closed`.
        if (error && this.socket.readyState === WebSocket.OPEN) reject(error);
        else resolve();
      });
    });
  }

  private read(data: WebSocket.RawData, isBinary: boolean): Received {
    const bytes = Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as Buffer);
    const text = bytes.toString('utf8');
    return {
      kind: isBinary ? 'binary' : 'text',
      bytes,
      text,
      json: jsonOf(text),
      audioBytes: this.sentAudioBytes,
    };
  }

  private changed(change: () => unknown): void {
    change();
    for (const watcher of [...this.watchers]) watcher();
  }

  /**
   * Waits until `look` finds something. The wait fails if it throws, if the connection ends, and after the time-out.
   */
  private wait<T>(what: string, look: () => { readonly value: T } | undefined): Promise<T> {
    const waiting = new Promise<T>((resolve, reject) => {
      const done = () => {
        clearTimeout(timer);
        this.watchers.delete(watch);
      };
      const watch = () => {
        try {
          const found = look();
          if (found !== undefined) resolve(found.value);
          else if (this.closing === undefined) return;
          else throw this.failure(`waited for ${what}, and the connection ended`);
          done();
        } catch (error) {
          done();
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      };
      const timer = setTimeout(() => {
        done();
        reject(this.failure(`waited ${this.timeoutMs} ms for ${what}`));
      }, this.timeoutMs);
      this.watchers.add(watch);
      watch();
    });
    // A wait that no one awaits any more must not end the process; a caller that awaits it still gets the error.
    waiting.catch(() => undefined);
    return waiting;
  }

  private failure(why: string): Error {
    const shown = this.messages.slice(-SHOWN_COUNT).map(({ kind, text, bytes }) => {
      return kind === 'text' ? text.slice(0, SHOWN_CHARACTERS) : `<${bytes.length} bytes>`;
    });
    const state = [
      this.refusal && `refused: ${this.refusal.status} ${this.refusal.body.slice(0, SHOWN_CHARACTERS)}`,
      this.closing && `closed: ${this.closing.code} ${this.closing.reason}`,
      ...this.errors.map(({ message }) => `error: ${message}`),
    ].filter((line) => line !== undefined);
    const came = [`${this.messages.length} messages came, the last of them:`, ...shown];
    return new Error([why, ...state, ...(shown.length > 0 ? came : ['no message came'])].join('\n  '));
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function readBody(response: IncomingMessage): Promise<string> {
  const pieces: Uint8Array[] = [];
  try {
    for await (const piece of response) pieces.push(piece as Uint8Array);
  } catch {
    // A body that is cut off has the length that was received.
  }
  return Buffer.concat(pieces).toString('utf8');
}
