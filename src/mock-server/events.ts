import type { Life } from '../protocol/dialects.ts';
import type { HttpAnswer } from './dialects/dialect.ts';

/** What happens in a server, for a log. No field holds a key, a token or a query. */
export type ServerEvent =
  /** A connection was opened. */
  | {
      readonly event: 'session-open';
      /** The id of the session, as `Session.id` has it. */
      readonly id: string;
      /** The endpoint, as `Session.life` has it. */
      readonly life: Life;
      /** The edition of its service, as `Session.edition` has it. */
      readonly edition: string;
      /** What the client asked for in the `language` parameter. */
      readonly language?: string;
      /** The scenario that was selected, as `Session.scenario` has it. */
      readonly scenario?: string;
    }
  /** A connection has ended. */
  | {
      readonly event: 'session-close';
      /** The id of the session. */
      readonly id: string;
      /** The close code that the server saw: 1005 without a code, 1006 without a Close frame. */
      readonly code: number;
      /** Milliseconds of audio heard. */
      readonly audioMs: number;
      /** Result messages that were sent, partial and final. */
      readonly results: number;
    }
  /** A recording was recognised in one call. */
  | {
      readonly event: 'recording-heard';
      /** Milliseconds of audio heard. */
      readonly audioMs: number;
    }
  /** The recordings in the folders of the option `recordings` were read, at the start or again. */
  | {
      readonly event: 'recordings-loaded';
      /** How many recordings with a transcript there are. */
      readonly count: number;
    }
  /** A folder of recordings has changed and has mistakes; what was read before is kept. */
  | {
      readonly event: 'recordings-broken';
      /** Every mistake, with its file. */
      readonly message: string;
    }
  /**
   * Something about a recording that stops nothing but is probably a mistake; or what a recorded conversation holds and
   * its replay does not.
   */
  | {
      readonly event: 'recording-note';
      /** The path of the recording, the transcript or the trace. */
      readonly path: string;
      /** What is unusual, and what to do; or what is left out or replaced. */
      readonly message: string;
    }
  /** What the client did suggests a problem that the wire does not show. */
  | {
      readonly event: 'session-note';
      /** The id of the session. */
      readonly id: string;
      /** What it means, and what to do. */
      readonly message: string;
    }
  /** A fault of the fake itself. It has closed this one session with 1011. */
  | {
      readonly event: 'session-error';
      /** The id of the session. */
      readonly id: string;
      /** What went wrong. */
      readonly message: string;
    }
  /** A worker has ended unexpectedly. Its connections are gone, and another worker takes its place. */
  | {
      readonly event: 'worker-lost';
      /** The name of the worker. */
      readonly worker: string;
      /** The signal or the exit code. */
      readonly reason: string;
      /** How many connections were open on it. */
      readonly sessions: number;
    }
  /** A scenario file has changed and was read again. */
  | {
      readonly event: 'scenario-loaded';
      /** The name of the scenario. */
      readonly name: string;
      /** The file that was read. */
      readonly path: string;
    }
  /** A scenario file has changed and has mistakes; its last good version is kept. */
  | {
      readonly event: 'scenario-broken';
      /** The file that was read. */
      readonly path: string;
      /** Every mistake, with its line. */
      readonly message: string;
    }
  /** A client began with TLS where the server speaks none, or the reverse, and was not understood. */
  | {
      readonly event: 'wrong-scheme';
      /** What the client began with. */
      readonly began: 'tls' | 'http';
      /** What that means, and what to do. */
      readonly message: string;
    }
  /** A plain request to an unknown path was answered with 404. */
  | {
      readonly event: 'not-found';
      /** The HTTP method. */
      readonly method: string;
      /** The path, without the query. */
      readonly path: string;
    }
  /** An upgrade was answered with plain HTTP. */
  | ({
      readonly event: 'refused';
      /** The HTTP method. */
      readonly method: string;
      /** The path, without the query. */
      readonly path: string;
      /** The reason in the header `X-Error-Message`, if the refusal has one. */
      readonly reason?: string;
    } & HttpAnswer);
