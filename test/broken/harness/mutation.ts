import type { IncomingHttpHeaders } from 'node:http';
import type { PerMessageDeflateOptions } from 'ws';
import type { MockServer } from '../../../src/mock-server/mock-server.ts';
import type { MockServerOptions } from '../../../src/mock-server/options.ts';

/** A JSON object as it stands in a message. */
export type Fields = Record<string, unknown>;

/** What a client asks for when it connects. */
export interface Asked {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
}

/** How a server answers in HTTP. A body that is neither a text nor bytes is sent as JSON. */
export interface HttpReply {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a server may do with its end of a connection. */
export interface Line {
  readonly asked: Asked;
  /** Whether the connection still lives. */
  readonly isOpen: boolean;
  /** A message to the client; what is no text is sent as JSON. */
  say(message: string | Fields): void;
  sayBinary(bytes: Uint8Array): void;
  /** Bytes as they are, below the level of messages. */
  raw(bytes: Uint8Array): void;
  /** Ends TCP when all that was said is on its way. */
  hangUp(): void;
  close(code?: number, reason?: string): void;
  /** Ends TCP without a Close frame. */
  drop(): void;
  /** Gives the fake behind something as if the client had said it. */
  hear(message: string | Uint8Array): void;
  /** Does something after so much real time, if the connection still lives. */
  later(afterMs: number, act: () => void): void;
}

/**
 * What a server does otherwise on one connection. Each gets one of its own, so it may remember. What is not here is as
 * with the fake behind.
 */
export interface Behaviour {
  readonly onOpen?: (line: Line) => void;
  /** Instead of passing on a message of the fake. */
  readonly onSaid?: (message: Fields, line: Line) => void;
  /** Instead of passing on what the client says: text, or audio. */
  readonly onHeard?: (message: string | Buffer, line: Line) => void;
  /** Instead of ending as the fake does. 1006: without a Close frame. */
  readonly onEnd?: (code: number, reason: string, line: Line) => void;
  /** What a Ping is answered with; undefined for nothing. */
  readonly pong?: (payload: Buffer) => Buffer | undefined;
  /** The client has gone without a Close frame. */
  readonly onLost?: () => void;
  /** Instead of answering the client's Close frame. */
  readonly onGoodbye?: (line: Line) => void;
}

/** What is decided before the fake is asked. `patient`: the upgrade is answered later. */
export type Decision =
  | { readonly kind: 'refuse'; readonly reply: HttpReply }
  | { readonly kind: 'as'; readonly asked: Partial<Asked> }
  | { readonly kind: 'patient'; readonly afterMs: number };

/** A call of the REST API. */
export interface Call {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

/** What a server does otherwise. */
export interface Mutation {
  /** The fake behind it. */
  readonly fake?: MockServerOptions;
  readonly admit?: (asked: Asked, fake: MockServer) => Decision | undefined;
  /** The subprotocol that is selected instead of the fake's. */
  readonly subprotocol?: (selected: string, asked: Asked) => string | false;
  /** What the answer to an upgrade has, instead of what the fake's refusal has. */
  readonly refusal?: (reply: HttpReply, asked: Asked) => HttpReply | Behaviour;
  /** How messages are compressed where the client offers it; otherwise they are not. */
  readonly deflate?: PerMessageDeflateOptions;
  /** Lines of the head of the 101, besides or instead. */
  readonly head?: (lines: string[]) => void;
  /** Undefined: this connection is as the fake's. */
  readonly connection?: (asked: Asked, fake: MockServer) => Behaviour | undefined;
  /** What comes instead of the fake's answer to a call. Made once for each server, so it may remember. */
  readonly rest?: (fake: MockServer) => Rest;
}

/** The answer to a call; `undefined` lets the fake's pass. What is not passed on to the fake has no reply. */
export interface Rest {
  /** Instead of passing the call on. */
  readonly instead?: (call: Call) => HttpReply | undefined;
  readonly answer?: (call: Call, reply: HttpReply) => HttpReply | undefined;
}

/** A mutation that remembers something of all its connections is made anew for each server. */
export type Mutating = Mutation | (() => Mutation);
