import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import type { Clock } from '../../runtime/clock.ts';
import { encodeFrame, OPCODES } from '../../wire/encode.ts';
import { deflateOf } from '../../wire/extensions.ts';
import { readInTurns } from '../../wire/read-in-turns.ts';
import { endTcp } from '../../wire/tcp.ts';
import type { TraceFact } from '../../wire/trace.ts';
import { Compression } from './deflate.ts';
import { exchange, type Exchange } from './exchange.ts';
import { Inbox, type Received } from './inbox.ts';

/** How to connect, and what to record. */
export interface WireClientOptions {
  /** ws or wss, with path and query. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly clock: Clock;
  /** Real time allowed for the answer to the upgrade. */
  readonly establishMs: number;
  readonly record: (fact: TraceFact) => void;
  /** Whether nothing more can be recorded, so that the connection is useless. */
  readonly isFull?: () => boolean;
  /** Whether `messages` stays empty, for callers who read what is recorded instead. */
  readonly isForgetful?: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** A server that sends pings and reads nothing gets no more answers once this many bytes are unsent. */
const MOST_UNSENT_BYTES = 2 ** 20;

/**
 * The runner's end of a connection. It records everything, does what a client has to do (answers pings and Close), and
 * shows what libraries hide: codes that must not be sent, masked frames, frames after the end, invalid text.
 */
export class WireClient {
  /** The texts of the server's messages; undefined for a binary one. */
  readonly messages: (string | undefined)[] = [];
  isOpen = false;
  /** Whether the last ping came back unchanged. */
  isAnswered = false;
  /** The server has closed, disappeared, or broken the protocol so that nothing can follow. */
  hasEnded = false;
  /** How the request for the upgrade ended. */
  readonly dialled: Promise<Exchange>;
  #socket: Socket | undefined;
  #compression = new Compression(undefined);
  #inbox = new Inbox(this.#compression);
  /** Of the server's Close frame. */
  #heardCode: number | undefined;
  #saidClose = false;
  #lastPing = '';
  #closedFirst: 'client' | 'server' | undefined;
  #isGone = false;
  readonly #listeners = new Set<() => void>();
  readonly #options: WireClientOptions;

  constructor(options: WireClientOptions) {
    this.#options = options;
    const { url, headers, clock, establishMs, record, signal } = options;
    const upgrade: Readonly<Record<string, string>> = {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': randomBytes(16).toString('base64'),
      ...headers,
    };
    const given = { url, method: 'GET', headers: upgrade, clock, limitMs: establishMs, record, signal };
    this.dialled = exchange(given).then((result) => {
      if (result.kind === 'upgraded') {
        const offer = upgrade['sec-websocket-extensions'] ?? '';
        const agreed = deflateOf(offer, result.headers['sec-websocket-extensions'] ?? '');
        this.#compression = new Compression(agreed);
        this.#inbox = new Inbox(this.#compression);
        this.#open(result.socket, result.head);
      } else this.#gone();
      return result;
    });
  }

  /** Whether the TCP connection has ended. */
  get isOver(): boolean {
    return this.#isGone;
  }

  get #haveBothClosed(): boolean {
    return this.#heardCode !== undefined && this.#saidClose;
  }

  /** Bytes that have not been written yet because the server does not read. */
  get unsentByteCount(): number {
    return this.#socket?.writableLength ?? 0;
  }

  text(text: string): void {
    if (!this.#write(OPCODES.text, Buffer.from(text))) return;
    this.#options.record({ kind: 'text', from: 'client', text });
  }

  binary(bytes: Uint8Array): void {
    if (!this.#write(OPCODES.binary, bytes)) return;
    this.#options.record({ kind: 'binary', from: 'client', byteCount: bytes.length });
  }

  ping(payload: string): void {
    if (!this.#write(OPCODES.ping, Buffer.from(payload))) return;
    this.isAnswered = false;
    this.#lastPing = payload;
    this.#options.record({ kind: 'ping', from: 'client', base64: Buffer.from(payload).toString('base64') });
  }

  /** Sends a Close frame, which is empty if there is no code. */
  close(code: number | undefined, reason = ''): void {
    if (this.#saidClose) return;
    const payload = Buffer.alloc(code === undefined ? 0 : 2 + Buffer.byteLength(reason));
    if (code !== undefined) {
      payload.writeUInt16BE(code, 0);
      payload.write(reason, 2);
    }
    if (!this.#write(OPCODES.close, payload)) return;
    this.#saidClose = true;
    this.#closedFirst ??= 'client';
    this.#options.record({ kind: 'close', from: 'client', code: code ?? 1005, reason });
  }

  /** Ends TCP from this side and ignores whatever arrives afterwards. */
  abort(how: 'fin' | 'reset'): void {
    if (this.#isGone) return;
    const closed = this.#haveBothClosed;
    this.#end(closed ? 'close' : how, closed ? (this.#closedFirst ?? 'client') : 'client');
  }

  /** Waits until `isMet` is true (checked after every event) or until the limit. Returns whether it was met. */
  until(isMet: () => boolean, limitMs: number): Promise<boolean> {
    if (isMet()) return Promise.resolve(true);
    const { clock, signal } = this.#options;
    return new Promise((resolve) => {
      const done = (met: boolean) => {
        this.#listeners.delete(look);
        signal?.removeEventListener('abort', stop);
        cancel();
        resolve(met);
      };
      const look = () => {
        if (isMet()) done(true);
      };
      const stop = () => done(isMet());
      const cancel = clock.at(clock.now() + limitMs, stop);
      if (signal?.aborted === true) return stop();
      signal?.addEventListener('abort', stop);
      this.#listeners.add(look);
    });
  }

  #open(socket: Socket, head: Buffer): void {
    this.#socket = socket.setNoDelay(true);
    this.isOpen = true;
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    readInTurns(socket);
    socket.on('drain', () => this.#changed());
    socket.on('end', () => this.#end('fin', 'server'));
    socket.on('error', () => this.#end('reset', 'server'));
    socket.on('close', () => this.#end('fin', 'server'));
    if (head.length > 0) this.#take(head);
    socket.resume();
  }

  #take(chunk: Buffer): void {
    if (this.#isGone) return;
    this.#inbox.push(chunk);
    for (let next = this.#inbox.next(); next !== undefined; next = this.#inbox.next()) {
      this.#receive(next);
      if (this.isOver) break;
      if (this.#options.isFull?.() === true) {
        this.#end('reset', 'client');
        break;
      }
    }
    this.#changed();
  }

  #receive(received: Received): void {
    const { isForgetful = false, record } = this.#options;
    switch (received.kind) {
      case 'nothing':
        return;
      case 'message': {
        const { text, byteCount } = received;
        if (!isForgetful) this.messages.push(text);
        if (text === undefined) record({ kind: 'binary', from: 'server', byteCount });
        else record({ kind: 'text', from: 'server', text });
        return;
      }
      case 'ping':
        return this.#pinged(received.payload);
      case 'pong':
        this.isAnswered ||= received.payload.toString() === this.#lastPing;
        record({ kind: 'pong', from: 'server', base64: received.payload.toString('base64') });
        return;
      case 'close': {
        const { code, reason, echo, faults } = received;
        this.#heardCode = code;
        this.hasEnded = true;
        this.#closedFirst ??= 'server';
        record({ kind: 'close', from: 'server', code, reason });
        for (const fault of faults) this.#note(fault);
        this.close(echo);
        return;
      }
      case 'fault':
        this.#note(received.what);
        return this.#end('reset', 'client');
      case 'too-much':
        return this.#giveUp(received.what);
    }
  }

  #pinged(payload: Buffer): void {
    const { record } = this.#options;
    record({ kind: 'ping', from: 'server', base64: payload.toString('base64') });
    if (this.unsentByteCount > MOST_UNSENT_BYTES) {
      this.#giveUp(`the server sends pings and has not read ${MOST_UNSENT_BYTES} bytes`);
    } else if (this.#write(OPCODES.pong, payload)) {
      record({ kind: 'pong', from: 'client', base64: payload.toString('base64') });
    }
  }

  #note(message: string): void {
    this.#options.record({ kind: 'fault', from: 'server', message });
  }

  /** Stops reading: what the server sends is allowed but too much. It is not a fault, and what follows is unknown. */
  #giveUp(why: string): void {
    this.#options.record({ kind: 'note', message: `reading ended: ${why}`, dropped: 1 });
    this.#end('reset', 'client');
  }

  #end(how: 'close' | 'fin' | 'reset', by: 'client' | 'server'): void {
    if (this.#isGone) return;
    if (by === 'server' && this.#inbox.isInMessage) {
      this.#note('cut-frame: the connection ended in the middle of a message');
    }
    const closed = this.#haveBothClosed;
    this.#options.record({
      kind: 'end',
      by: closed ? (this.#closedFirst ?? by) : by,
      how: closed ? 'close' : how,
      code: this.#heardCode ?? 1006,
    });
    this.#gone();
    // The system refuses a reset after a FIN, so only one of them is sent.
    if (this.#socket) endTcp(this.#socket, how === 'reset' && by === 'client' ? 'reset' : 'fin');
  }

  #gone(): void {
    this.#isGone = true;
    this.hasEnded = true;
    this.isOpen = false;
    this.#changed();
  }

  #write(opcode: number, payload: Uint8Array): boolean {
    if (this.#socket === undefined || this.#isGone || this.#saidClose || !this.#socket.writable) return false;
    const small = opcode < OPCODES.close ? this.#compression.deflate(payload) : undefined;
    const frame = { opcode, payload: small ?? payload, compressed: small !== undefined, mask: MASK };
    return this.#socket.write(encodeFrame(frame)) || true;
  }

  #changed(): void {
    for (const look of [...this.#listeners]) look();
  }
}

/** Masks protect proxies from scripts in browsers; the runner has no reason to vary its mask. */
const MASK = Uint8Array.of(0x5a, 0x17, 0xc3, 0x88);
