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
import { faultOf, FrameReader, isCompressed, isForbiddenCode, type ReceivedFrame } from './frame-reader.ts';

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

/** A longer message is not read: it would take the space of all others. */
export const LONGEST_MESSAGE_BYTES = 2 ** 20;
/** The maximum number of fragments of a message. */
export const MOST_FRAGMENTS = 10_000;
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
  readonly #reader = new FrameReader();
  #parts: Buffer[] = [];
  #partsByteCount = 0;
  #partsOpcode: number | undefined;
  #arePartsCompressed = false;
  #compression = new Compression(undefined);
  #heardClose = false;
  #heardCode = 1005;
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
        this.#open(result.socket, result.head);
      } else this.#gone();
      return result;
    });
  }

  /** Whether the TCP connection has ended. */
  get isOver(): boolean {
    return this.#isGone;
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
    const closed = this.#heardClose && this.#saidClose;
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
    this.#reader.push(chunk);
    try {
      for (let frame = this.#reader.next(); frame !== undefined; frame = this.#reader.next()) {
        if (!this.#frame(frame)) break;
        if (this.#options.isFull?.() === true) {
          this.#end('reset', 'client');
          break;
        }
      }
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.#giveUp(error.message);
    }
    this.#changed();
  }

  /** Handles a frame. Returns whether another one can be read. */
  #frame(frame: ReceivedFrame): boolean {
    const { opcode, payload, fin } = frame;
    const fault = faultOf(frame, this.#compression.isAgreed);
    if (fault !== undefined) return this.#fault(fault);
    if (this.#heardClose) {
      // Control frames after a Close frame are unusual, but only data is forbidden (RFC 6455, 5.5.1).
      if (opcode < OPCODES.close) return this.#fault('data-after-close: a data frame after the Close frame');
      return true;
    }
    switch (opcode) {
      case OPCODES.text:
      case OPCODES.binary:
        if (this.#partsOpcode !== undefined) return this.#fault('fragments: a new message inside another');
        this.#partsOpcode = opcode;
        this.#arePartsCompressed = isCompressed(frame);
        return this.#gather(payload, fin);
      case OPCODES.continuation:
        if (this.#partsOpcode === undefined)
          return this.#fault('fragments: a continuation without a beginning');
        return this.#gather(payload, fin);
      case OPCODES.ping:
        this.#options.record({ kind: 'ping', from: 'server', base64: payload.toString('base64') });
        if (this.unsentByteCount > MOST_UNSENT_BYTES) {
          return this.#giveUp(`the server sends pings and has not read ${MOST_UNSENT_BYTES} bytes`);
        }
        if (this.#write(OPCODES.pong, payload)) {
          this.#options.record({ kind: 'pong', from: 'client', base64: payload.toString('base64') });
        }
        return true;
      case OPCODES.pong:
        this.isAnswered ||= payload.toString() === this.#lastPing;
        this.#options.record({ kind: 'pong', from: 'server', base64: payload.toString('base64') });
        return true;
      default:
        return this.#closed(payload);
    }
  }

  #gather(payload: Buffer, fin: boolean): boolean {
    this.#parts.push(payload);
    this.#partsByteCount += payload.length;
    if (this.#partsByteCount > LONGEST_MESSAGE_BYTES) {
      return this.#giveUp(`a message of more than ${LONGEST_MESSAGE_BYTES} bytes`);
    }
    if (this.#parts.length > MOST_FRAGMENTS)
      return this.#giveUp(`a message in more than ${MOST_FRAGMENTS} parts`);
    if (!fin) return true;
    const bytes = this.#parts.length === 1 ? payload : Buffer.concat(this.#parts);
    const isText = this.#partsOpcode === OPCODES.text;
    this.#parts = [];
    this.#partsByteCount = 0;
    this.#partsOpcode = undefined;
    if (!this.#arePartsCompressed) return this.#message(bytes, isText);
    const inflated = this.#compression.inflate(bytes, LONGEST_MESSAGE_BYTES);
    switch (inflated.kind) {
      case 'inflated':
        return this.#message(inflated.bytes, isText);
      case 'too-long':
        return this.#giveUp(`a compressed message of more than ${LONGEST_MESSAGE_BYTES} bytes`);
      case 'damaged':
        return this.#fault(`deflate: a message that cannot be inflated (${inflated.why})`);
    }
  }

  #message(bytes: Buffer, isText: boolean): boolean {
    const text = isText ? textOf(bytes) : undefined;
    if (isText && text === undefined) return this.#fault('bad-utf8: a text message that is not UTF-8');
    const { isForgetful = false, record } = this.#options;
    if (!isForgetful) this.messages.push(text);
    if (text === undefined) record({ kind: 'binary', from: 'server', byteCount: bytes.length });
    else record({ kind: 'text', from: 'server', text });
    return true;
  }

  #closed(payload: Buffer): boolean {
    const code = payload.length < 2 ? 1005 : payload.readUInt16BE(0);
    const reason = textOf(payload.subarray(2));
    this.#heardClose = true;
    this.#heardCode = code;
    this.hasEnded = true;
    this.#closedFirst ??= 'server';
    this.#options.record({ kind: 'close', from: 'server', code, reason: reason ?? '' });
    if (reason === undefined) this.#note('bad-utf8: the reason of the Close frame is not UTF-8');
    if (payload.length === 1) this.#note('close-code: a Close frame with half a code');
    if (payload.length >= 2 && isForbiddenCode(code)) {
      this.#note(`close-code: ${code} must never be in a Close frame`);
    }
    if (!this.#saidClose) this.close(payload.length >= 2 && !isForbiddenCode(code) ? code : undefined);
    return true;
  }

  #note(message: string): void {
    this.#options.record({ kind: 'fault', from: 'server', message });
  }

  /** After an invalid frame it is unknown where the next one begins. */
  #fault(message: string): false {
    this.#note(message);
    this.hasEnded = true;
    this.#end('reset', 'client');
    return false;
  }

  /** Stops reading: what the server sends is allowed but too much. It is not a fault, and what follows is unknown. */
  #giveUp(why: string): false {
    this.#options.record({ kind: 'note', message: `reading ended: ${why}`, dropped: 1 });
    this.#end('reset', 'client');
    return false;
  }

  #end(how: 'close' | 'fin' | 'reset', by: 'client' | 'server'): void {
    if (this.#isGone) return;
    if (by === 'server' && (this.#reader.pendingByteCount > 0 || this.#parts.length > 0)) {
      this.#note('cut-frame: the connection ended in the middle of a message');
    }
    const closed = this.#heardClose && this.#saidClose;
    this.#options.record({
      kind: 'end',
      by: closed ? (this.#closedFirst ?? by) : by,
      how: closed ? 'close' : how,
      code: this.#heardClose ? this.#heardCode : 1006,
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

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return UTF8.decode(bytes);
  } catch {
    return undefined;
  }
}
