import type { Dialect } from '../protocol/dialects.ts';

/** Which side of a connection. */
export type Peer = 'client' | 'server';

/** The first line of a trace file. */
export interface TraceHeader {
  readonly kind: 'trace';
  readonly version: 1;
  /** What wrote it: name and version. */
  readonly tool: string;
  /** The wall-clock time of `atMs` 0, ISO 8601. */
  readonly startedAt: string;
  /** Whose side a run judged when it recorded this; absent where nothing was judged, or both sides. */
  readonly judged?: 'server' | 'client';
}

/**
 * Something that crossed the wire, undecoded, in the order in which the observer saw it. Secrets have been replaced
 * (see redact.ts) before an event is made. One connection, or one HTTP request, is one session.
 */
export type TraceEvent = TraceMoment & TraceFact;

export interface TraceMoment {
  /** `s1`, `s2`, … for connections; `h1`, `h2`, … for HTTP requests that did not become one. */
  readonly session: string;
  /** Milliseconds of scenario time since the trace began, to a tenth. */
  readonly atMs: number;
}

export type TraceFact =
  /** An HTTP request, be it an upgrade or a call of a REST API. `target` is path and query as sent; the body, here and
   * in answers, is without the content codings that the headers name. */
  | {
      readonly kind: 'request';
      readonly method: string;
      readonly target: string;
      readonly headers: Readonly<Record<string, string>>;
      readonly body?: string;
    }
  /** The HTTP answer: 101, a refusal, or that of a REST API. */
  | {
      readonly kind: 'response';
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body?: string;
    }
  | { readonly kind: 'text'; readonly from: Peer; readonly text: string }
  /** A binary message. Audio is kept as its length, with a hash or the bytes themselves where somebody asked for them; the
   * bytes of a short text always. */
  | {
      readonly kind: 'binary';
      readonly from: Peer;
      readonly byteCount: number;
      /** So many messages that came one after the other, as one event; absent for one message. */
      readonly frameCount?: number;
      /** The first 16 hexadecimal digits of the SHA-256 of the bytes. */
      readonly sha256?: string;
      readonly base64?: string;
    }
  | { readonly kind: 'ping' | 'pong'; readonly from: Peer; readonly base64: string }
  /** A Close frame; `code` is 1005 when it carries none. */
  | { readonly kind: 'close'; readonly from: Peer; readonly code: number; readonly reason: string }
  /** Bytes below the level of WebSocket messages, as a fault writes them. */
  | { readonly kind: 'bytes'; readonly from: Peer; readonly base64: string }
  /** What a peer did that the protocol forbids, in the words of the library that noticed. */
  | { readonly kind: 'fault'; readonly from: Peer; readonly message: string }
  /** What the observer knows and the wire does not show, from here on; a later one adds to an earlier one. */
  | { readonly kind: 'context'; readonly about: TraceContext }
  /** What a client says that its user sees, as it said it: a JSON object. */
  | { readonly kind: 'report'; readonly report: Readonly<Record<string, unknown>> }
  /** What the observer has to say itself. `dropped`: so many events were here and have been given up. */
  | { readonly kind: 'note'; readonly message: string; readonly dropped?: number }
  /** The end of the connection: who ended it, if that is known, how, and the close code that the observer ends up with. */
  | {
      readonly kind: 'end';
      readonly by?: Peer;
      readonly how: 'close' | 'fin' | 'reset' | 'silence' | 'refused';
      readonly code: number;
    };

/** What the one who opened a connection, or answered it, knows about it. */
export interface TraceContext {
  /** Whose protocol, and which part of it. */
  readonly dialect?: Dialect;
  /** The scenario that is played. */
  readonly scenario?: string;
  /** Whether the credential is one that a server should take; `user` is one without the admin scope. */
  readonly credential?: 'valid' | 'admin' | 'user' | 'invalid' | 'missing';
  /** The runner made the invalid credential up, so no service can know it. */
  readonly madeUp?: true;
  /** What the binary messages of the client hold from here on. */
  readonly audio?: {
    /** 0 when the length of the audio cannot be told from its bytes. */
    readonly bytesPerMs: number;
    readonly content: 'speech' | 'silence' | 'noise' | 'unknown';
    /** Bytes of a header before the samples that follow. */
    readonly headerBytes?: number;
    /** The name of what they are, from its beginning: two with the same name are the same. */
    readonly recording?: string;
  };
  /** What is behind the URL of a stream. */
  readonly source?: 'mp3' | 'hls' | 'blob' | 'missing' | 'forbidden' | 'text';
  /** How the client's program ended, when it has: known to whoever started it. */
  readonly client?: `exited ${number}` | `killed by ${string}` | 'timeout' | 'stopped' | 'not-started';
  /** The client is known to tell what its user sees, so that its silence says something, too. */
  readonly reports?: true;
  /** What stands for the token that the client was given, if that has characters that a URL must encode. */
  readonly token?: string;
  /** What stands for wrong spellings of it that have arrived: any other token was not made of the one that was given. */
  readonly misspelt?: readonly string[];
  /** Sessions with the same group are compared with each other, and what each of them is in it. */
  readonly group?: string;
  readonly role?: string;
}
