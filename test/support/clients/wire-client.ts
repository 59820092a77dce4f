import { connect, type Socket } from 'node:net';
import { frame, OPCODE, readAnswer, readFrame, type RawAnswer, type RawFrame } from './raw.ts';

/** Faults that a strict client finds in the bytes of a server (RFC 6455). */
export type Malformed =
  | 'bad-opcode'
  | 'masked-frame'
  | 'bad-utf8'
  | 'close-code'
  | 'fragments'
  | 'cut-frame'
  | 'close-then-more';

/** A message of the server. */
export interface WireMessage {
  /** When it arrived, by the clock of the client. */
  readonly atMs: number;
  /** The text, unchanged; undefined for a binary message. */
  readonly text: string;
  /** JSON as its value, other text as a string, and bytes as `{ hex }`. */
  readonly value: unknown;
}

export interface WireOptions {
  readonly now: () => number;
  /** The HTTP request, all of it. */
  readonly request: string | Uint8Array;
}

/** Codes that a Close frame must not contain (RFC 6455, 7.4). */
function isForbidden(code: number): boolean {
  return code < 1000 || [1004, 1005, 1006].includes(code) || (code >= 1015 && code < 3000) || code >= 5000;
}

/**
 * A client on bare TCP that sees what no WebSocket library shows: the code that a Close frame carried, FIN or RST,
 * malformed frames, pings, fragments. Otherwise it does what a client must do: it answers pings and the Close frame. It
 * never waits; a test reads its fields. Nothing that happens is lost.
 */
export class WireClient {
  readonly messages: WireMessage[] = [];
  answer: RawAnswer | undefined;
  /** When the answer arrived. */
  answeredMs: number | undefined;
  pings = 0;
  /** Frames that were only a part of a message. */
  fragments = 0;
  /** The Close frame of the server; without a code in it, 1005. */
  close: { readonly code: number; readonly reason: string } | undefined;
  malformed: Malformed | undefined;
  /** How the server ended the TCP connection, or that it could not be established. */
  tcp: 'fin' | 'reset' | 'refused' | undefined;
  /** When the first of the Close frame and the end of TCP arrived. */
  endedMs: number | undefined;
  /** Whether this side ended the TCP connection. */
  hasLeft = false;
  private bytes: Buffer = Buffer.alloc(0);
  private parts: Buffer[] = [];
  private saidGoodbye = false;
  private partsOpcode: number | undefined;
  private readonly socket: Socket;
  private readonly options: WireOptions;

  constructor(url: string, options: WireOptions) {
    this.options = options;
    const { hostname, port } = new URL(url);
    const socket = connect({ host: hostname, port: Number(port), noDelay: true });
    this.socket = socket;
    let isConnected = false;
    socket.on('connect', () => {
      isConnected = true;
      socket.write(options.request);
    });
    socket.on('data', (chunk: Buffer) => {
      this.bytes = Buffer.concat([this.bytes, chunk]);
      this.read();
    });
    socket.on('end', () => this.ended('fin'));
    socket.on('error', () => this.ended(isConnected ? 'reset' : 'refused'));
    socket.on('close', () => this.ended('reset'));
  }

  get isOpen(): boolean {
    return this.answer?.status === 101 && !this.hasEnded && !this.hasLeft;
  }

  /** Whether the server has sent a Close frame or is gone. */
  get hasEnded(): boolean {
    return this.close !== undefined || this.tcp !== undefined;
  }

  send(message: string | Uint8Array): void {
    this.write(frame(typeof message === 'string' ? OPCODE.text : OPCODE.binary, message));
  }

  ping(): void {
    this.write(frame(OPCODE.ping, 'understudy'));
  }

  sendClose(code: number | undefined, reason: string): void {
    this.saidGoodbye = true;
    const head = code === undefined ? [] : [code >> 8, code & 0xff];
    this.write(frame(OPCODE.close, Buffer.concat([Buffer.from(head), Buffer.from(reason)])));
  }

  /** Ends the TCP connection from this side. Anything after it is ignored. */
  abort(how: 'fin' | 'reset'): void {
    this.hasLeft = true;
    if (how === 'fin') this.socket.destroySoon();
    else if (!this.socket.writableEnded && !this.socket.destroyed) this.socket.resetAndDestroy();
    else this.socket.destroy();
  }

  private write(bytes: Uint8Array): void {
    if (this.socket.writable && this.tcp === undefined) this.socket.write(bytes);
  }

  private read(): void {
    if (this.answer === undefined) {
      const read = readAnswer(this.bytes, this.tcp !== undefined);
      if (read === undefined) return;
      this.answer = read.value;
      this.answeredMs = this.options.now();
      this.bytes = this.bytes.subarray(read.taken);
    }
    if (this.answer.status !== 101) return;
    // After a malformed frame it is unknown where the next one begins.
    while (this.malformed === undefined) {
      const read = readFrame(this.bytes);
      if (read === undefined) return;
      this.bytes = this.bytes.subarray(read.taken);
      this.take(read.value);
    }
  }

  private take(received: RawFrame): void {
    const { opcode, payload, fin, masked } = received;
    if (this.close !== undefined) return this.wrong('close-then-more');
    if (masked) return this.wrong('masked-frame');
    switch (opcode) {
      case OPCODE.text:
      case OPCODE.binary:
        if (this.partsOpcode !== undefined) return this.wrong('fragments');
        this.partsOpcode = opcode;
        return this.gather(payload, fin);
      case OPCODE.continuation:
        if (this.partsOpcode === undefined) return this.wrong('fragments');
        return this.gather(payload, fin);
      case OPCODE.ping:
        this.pings += 1;
        return this.write(frame(OPCODE.pong, payload));
      case OPCODE.pong:
        return;
      case OPCODE.close:
        return this.closed(payload);
      default:
        return this.wrong('bad-opcode');
    }
  }

  private gather(payload: Buffer, fin: boolean): void {
    if (!fin || this.parts.length > 0) this.fragments += 1;
    this.parts.push(payload);
    if (!fin) return;
    const bytes = Buffer.concat(this.parts);
    const isText = this.partsOpcode === OPCODE.text;
    this.parts = [];
    this.partsOpcode = undefined;
    const text = isText ? textOf(bytes) : undefined;
    if (isText && text === undefined) return this.wrong('bad-utf8');
    const value = text === undefined ? { hex: bytes.toString('hex') } : meaningOf(text);
    this.messages.push({ atMs: this.options.now(), text: text ?? '', value });
  }

  private closed(payload: Buffer): void {
    const code = payload.length < 2 ? 1005 : payload.readUInt16BE(0);
    const reason = textOf(payload.subarray(2));
    this.close = { code, reason: reason ?? '' };
    this.endedMs ??= this.options.now();
    if (reason === undefined) return this.wrong('bad-utf8');
    if (payload.length >= 2 && isForbidden(code)) return this.wrong('close-code');
    if (!this.saidGoodbye) this.write(frame(OPCODE.close, payload));
  }

  private wrong(malformed: Malformed): void {
    this.malformed ??= malformed;
  }

  private ended(how: NonNullable<WireClient['tcp']>): void {
    if (this.tcp !== undefined || this.hasLeft) return;
    this.tcp = how;
    this.endedMs ??= this.options.now();
    this.read();
    const isCut = this.bytes.length > 0 || this.parts.length > 0;
    if (this.answer?.status === 101 && isCut && this.malformed === undefined) this.wrong('cut-frame');
  }
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function meaningOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
