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
}

/**
 * Something that crossed the wire, undecoded, in the order in which the observer saw it. Secrets have been replaced
 * (see redact.ts) before an event is made. One connection, or one HTTP request, is one session.
 */
export type TraceEvent = TraceMoment & TraceFact;

export interface TraceMoment {
  /** `s1`, `s2`, … */
  readonly session: string;
  /** Milliseconds of scenario time since the trace began, to a tenth. */
  readonly atMs: number;
}

export type TraceFact =
  /** The head of an HTTP request, be it an upgrade or a call of a REST API. `target` is path and query as sent. */
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
  /** A binary message. Audio is kept as its length and a hash unless somebody asked for the bytes. */
  | {
      readonly kind: 'binary';
      readonly from: Peer;
      readonly byteCount: number;
      /** The first 16 hexadecimal digits of the SHA-256 of the bytes. */
      readonly sha256: string;
      readonly base64?: string;
    }
  | { readonly kind: 'ping' | 'pong'; readonly from: Peer; readonly base64: string }
  /** A Close frame; `code` is 1005 when it carries none. */
  | { readonly kind: 'close'; readonly from: Peer; readonly code: number; readonly reason: string }
  /** Bytes below the level of WebSocket messages, as a fault writes them. */
  | { readonly kind: 'bytes'; readonly from: Peer; readonly base64: string }
  /** What a peer did that the protocol forbids, in the words of the library that noticed. */
  | { readonly kind: 'fault'; readonly from: Peer; readonly message: string }
  /** The end of the connection: who ended it, if that is known, how, and the close code that the observer ends up with. */
  | {
      readonly kind: 'end';
      readonly by?: Peer;
      readonly how: 'close' | 'fin' | 'reset' | 'silence' | 'refused';
      readonly code: number;
    };
