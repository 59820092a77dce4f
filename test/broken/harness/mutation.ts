import type { IncomingHttpHeaders } from 'node:http';
import type { PerMessageDeflateOptions } from 'ws';
import type { MockServer } from '../../../src/mock-server/mock-server.ts';
import type { MockServerOptions } from '../../../src/mock-server/options.ts';

/** A JSON object as it is in a message. */
export type Fields = Record<string, unknown>;

/** What a client asks for when it connects. */
export interface Asked {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
}

/** An HTTP answer of a server. A body other than text or bytes is sent as JSON. */
export interface HttpReply {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a server may do with its end of a connection. */
export interface Line {
  readonly asked: Asked;
  /** Whether the connection is still open. */
  readonly isOpen: boolean;
  /** Sends a message to the client; anything but text is sent as JSON. */
  say(message: string | Fields): void;
  sayBinary(bytes: Uint8Array): void;
  /** Sends bytes below the level of messages. */
  raw(bytes: Uint8Array): void;
  /** Ends TCP after everything that was sent. */
  hangUp(): void;
  close(code?: number, reason?: string): void;
  /** Ends TCP without a Close frame. */
  drop(): void;
  /** Passes something to the fake behind as if the client had sent it. */
  hear(message: string | Uint8Array): void;
  /**
   * Does something when the fake's answers to what it has heard so far have been passed on. What a client sends and what it
   * is answered cross: without this, a fault would come sooner or later, or not at all, on a slower machine.
   */
  answered(act: () => void): void;
  /** Does something after this much real time, if the connection is still open. */
  later(afterMs: number, act: () => void): void;
}

/**
 * How a server behaves differently on one connection. Each connection has its own, which may keep state. Everything
 * else is left to the fake behind.
 */
export interface Behaviour {
  readonly onOpen?: (line: Line) => void;
  /** Instead of passing on a message of the fake. */
  readonly onSaid?: (message: Fields, line: Line) => void;
  /** Instead of passing on what the client sends: text, or audio. */
  readonly onHeard?: (message: string | Buffer, line: Line) => void;
  /** Instead of ending as the fake does. 1006: without a Close frame. */
  readonly onEnd?: (code: number, reason: string, line: Line) => void;
  /** The answer to a Ping; undefined for none. */
  readonly pong?: (payload: Buffer) => Buffer | undefined;
  /** The client has left without a Close frame. */
  readonly onLost?: () => void;
  /** Instead of answering the client's Close frame. */
  readonly onGoodbye?: (line: Line) => void;
}

/** Decided before the fake is asked. `patient`: the upgrade is answered later. */
export type Decision =
  | { readonly kind: 'refuse'; readonly reply: HttpReply }
  | { readonly kind: 'as'; readonly asked: Partial<Asked> }
  | { readonly kind: 'patient'; readonly afterMs: number };

/** A call of the REST API. */
export interface Call {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
}

/** How a server differs from the fake. */
export interface Mutation {
  /** The fake behind it. */
  readonly fake?: MockServerOptions;
  readonly admit?: (asked: Asked, fake: MockServer) => Decision | undefined;
  /** The subprotocol that is selected instead of the fake's. */
  readonly subprotocol?: (selected: string, asked: Asked) => string | false;
  /** What the answer to an upgrade has, instead of what the fake's refusal has. */
  readonly refusal?: (reply: HttpReply, asked: Asked) => HttpReply | Behaviour;
  /** How messages are compressed if the client offers it; otherwise they are not. */
  readonly deflate?: PerMessageDeflateOptions;
  /** Changes the lines of the head of the 101. */
  readonly head?: (lines: string[]) => void;
  /** Undefined: this connection is left to the fake. */
  readonly connection?: (asked: Asked, fake: MockServer) => Behaviour | undefined;
  /** Replaces the fake's answers to calls. Created once per server, so it may keep state. */
  readonly rest?: (fake: MockServer) => Rest;
}

/** The answer to a call; `undefined` lets the fake's pass. A call that is not passed on has no reply. */
export interface Rest {
  /** Instead of passing the call on. */
  readonly instead?: (call: Call) => HttpReply | undefined;
  readonly answer?: (call: Call, reply: HttpReply) => HttpReply | undefined;
}

/** A mutation that keeps state across connections is created again for each server. */
export type Mutating = Mutation | (() => Mutation);
