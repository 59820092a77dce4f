import type { Dialect } from '../protocol/dialects.ts';
import type { Shard } from '../runtime/shard.ts';

/** A side of a connection. */
export type Peer = 'client' | 'server';

/** The first line of a trace file. */
export interface TraceHeader {
  /** Distinguishes the header from the events that follow. */
  readonly kind: 'trace';
  /** The version of the format. */
  readonly version: 1;
  /** The program that wrote it: name and version. */
  readonly tool: string;
  /** The wall-clock time of `atMs` 0, ISO 8601. */
  readonly startedAt: string;
  /** The side that a run judged when it recorded this; absent if nothing was judged, or both sides. */
  readonly judged?: 'server' | 'client';
  /** Which part of a run it is from, if the run was shared out. */
  readonly shard?: Shard;
}

/**
 * Something that was sent over the wire, undecoded, in the order in which the observer saw it. Secrets have been
 * replaced (see redact.ts) before an event is created. One connection, or one HTTP request, is one session.
 */
export type TraceEvent = TraceMoment & TraceFact;

/** Where and when an event was seen. */
export interface TraceMoment {
  /** `s1`, `s2`, … for connections; `h1`, `h2`, … for HTTP requests that did not become one. */
  readonly session: string;
  /** Milliseconds of scenario time since the trace began, to a tenth. */
  readonly atMs: number;
}

/** What was seen, by `kind`. */
export type TraceFact =
  /** An HTTP request: an upgrade, or a call of a REST API. */
  | {
      readonly kind: 'request';
      /** The HTTP method. */
      readonly method: string;
      /** Path and query as sent. */
      readonly target: string;
      /** Names as sent; several values of one name are joined by a comma. */
      readonly headers: Readonly<Record<string, string>>;
      /** Without the content encodings that the headers name; absent if there is none. */
      readonly body?: string;
    }
  /** The HTTP answer: 101, a refusal, or that of a REST API. */
  | {
      readonly kind: 'response';
      /** The HTTP status. */
      readonly status: number;
      /** As in a request. */
      readonly headers: Readonly<Record<string, string>>;
      /** As in a request. */
      readonly body?: string;
    }
  /** A text message. */
  | {
      readonly kind: 'text';
      /** Who sent it. */
      readonly from: Peer;
      /** The message, undecoded. */
      readonly text: string;
    }
  /**
   * A binary message. Audio is kept as its length, with a hash or the bytes themselves on request; the bytes of a short
   * text always.
   */
  | {
      readonly kind: 'binary';
      /** Who sent it. */
      readonly from: Peer;
      /** The length of the message, or the total length of all the messages that the event stands for. */
      readonly byteCount: number;
      /** The number of consecutive messages that this one event stands for; absent for one. */
      readonly frameCount?: number;
      /** The first 16 hexadecimal digits of the SHA-256 of the bytes. */
      readonly sha256?: string;
      /** The bytes, if they are kept. */
      readonly base64?: string;
    }
  /** A Ping or Pong frame. */
  | {
      readonly kind: 'ping' | 'pong';
      /** Who sent it. */
      readonly from: Peer;
      /** Its payload. */
      readonly base64: string;
    }
  /** A Close frame. */
  | {
      readonly kind: 'close';
      /** Who sent it. */
      readonly from: Peer;
      /** Its code; 1005 if it carries none. */
      readonly code: number;
      /** Its reason, possibly empty. */
      readonly reason: string;
    }
  /** Bytes below the level of WebSocket messages, as a fault writes them. */
  | {
      readonly kind: 'bytes';
      /** Who sent them. */
      readonly from: Peer;
      /** The bytes. */
      readonly base64: string;
    }
  /** A violation of the protocol by a peer. */
  | {
      readonly kind: 'fault';
      /** Who did it. */
      readonly from: Peer;
      /** The description by the library that detected it. */
      readonly message: string;
    }
  /** What the observer knows and the wire does not show, from here on. */
  | {
      readonly kind: 'context';
      /** Adds to what earlier events said. */
      readonly about: TraceContext;
    }
  /** A report by a client of what its user sees. */
  | {
      readonly kind: 'report';
      /** As the client wrote it. */
      readonly report: Readonly<Record<string, unknown>>;
    }
  /** A remark of the observer. */
  | {
      readonly kind: 'note';
      /** The remark, in words. */
      readonly message: string;
      /** The minimum number of events at this point that are not in the trace: dropped or left out. */
      readonly dropped?: number;
      /**
       * The span, on the axis of `atMs`, in which the observer did nothing, so that it read this session's last event
       * late: an event with a time within the span, or shortly after it, may have arrived as early as its beginning.
       */
      readonly stall?: {
        /** When it last did something before. */
        readonly fromMs: number;
        /** When it continued. */
        readonly untilMs: number;
        /** The side whose messages it read late. What the other side did was done by the observer itself. */
        readonly readFrom: Peer;
      };
    }
  /** The end of the connection. */
  | {
      readonly kind: 'end';
      /** Who ended it, if that is known. */
      readonly by?: Peer;
      /** By a Close frame, by the end or a reset of TCP, by silence, or before it began. */
      readonly how: 'close' | 'fin' | 'reset' | 'silence' | 'refused';
      /** The close code that the observer sees. */
      readonly code: number;
    };

/** What the side that opened or answered a connection knows about it. */
export interface TraceContext {
  /** The protocol, and which part of it. */
  readonly dialect?: Dialect;
  /** The edition that its service follows; absent: as documented. */
  readonly edition?: string;
  /** The scenario that is played. */
  readonly scenario?: string;
  /** The kind of the credential: a server should accept all but the last two; `user` lacks the admin scope. */
  readonly credential?: 'valid' | 'admin' | 'user' | 'invalid' | 'missing';
  /** The runner made up the invalid credential, so no service can know it. */
  readonly madeUp?: true;
  /** The contents of the client's binary messages from here on. */
  readonly audio?: {
    /** 0 if the length of the audio cannot be derived from its bytes. */
    readonly bytesPerMs: number;
    /** What can be heard in it. */
    readonly content: 'speech' | 'silence' | 'noise' | 'unknown';
    /** Bytes of a header before the samples that follow. */
    readonly headerBytes?: number;
    /** The name of the recording, which is sent from its beginning: equal names mean equal recordings. */
    readonly recording?: string;
  };
  /** What is behind the URL of a stream. */
  readonly source?: 'mp3' | 'hls' | 'blob' | 'missing' | 'forbidden' | 'text';
  /** The recording behind the URL. */
  readonly fetched?: {
    /** Its name: two with the same name are identical. */
    readonly recording: string;
    /** How much of it there is, from its beginning, in milliseconds. */
    readonly ms: number;
  };
  /** How the client's program ended, if it has: known only to its starter. */
  readonly client?: `exited ${number}` | `killed by ${string}` | 'timeout' | 'stopped' | 'not-started';
  /** The client is known to report what its user sees, so that its silence counts as evidence. */
  readonly reports?: true;
  /** The stand-in of the token that the client was given, if that has characters that a URL must encode. */
  readonly token?: string;
  /** The stand-ins of its wrong spellings that have arrived: any other token was not derived from the given one. */
  readonly misspelt?: readonly string[];
  /** Sessions with the same group are compared with each other. */
  readonly group?: string;
  /** The part of the session in its group. */
  readonly role?: string;
}
