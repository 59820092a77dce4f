import type { ResetPart } from '../control/reset.ts';
import type { ServerEvent } from '../events.ts';
import type { ServiceStatus } from '../../protocol/scriptix/service.ts';

/**
 * What happens in a running fake, as reported by `GET events` of the control API. No field holds a key, a token or a
 * query.
 */
export type Happened =
  /** An event that is also logged. */
  | Extract<ServerEvent, { event: 'session-open' | 'session-close' | 'session-note' | 'session-error' }>
  /** An upgrade was answered with plain HTTP, or a call of a REST API was answered. */
  | {
      readonly event: 'refused' | 'request';
      /** The id of its trace. */
      readonly id: string;
      /** The HTTP method. */
      readonly method: string;
      /** The path, without the query. */
      readonly path: string;
      /** The HTTP status; absent if the client left before it. */
      readonly status?: number;
    }
  /**
   * A scenario was added, removed or read again from its file, or the scenarios for connections that select none
   * changed.
   */
  | {
      readonly event: 'scenario';
      /** What happened to it. */
      readonly change: 'added' | 'removed' | 'loaded' | 'broken' | 'default';
      /** Its name; absent for a broken file and for a change of the defaults. */
      readonly name?: string;
      /** The mistakes in a broken file. */
      readonly message?: string;
    }
  /** The service behind the REST API of Scriptix changed its state. */
  | {
      readonly event: 'service';
      /** The state that it is in now. */
      readonly state: ServiceStatus;
    }
  /** A clock that is moved by hand was moved. */
  | {
      readonly event: 'clock';
      /** The time that it has reached, in milliseconds. */
      readonly nowMs: number;
    }
  /** Parts of the server were reset. */
  | {
      readonly event: 'reset';
      /** Which ones. */
      readonly parts: readonly ResetPart[];
    };

/**
 * What a replica reports of its own connections and calls. The rest follows from what tests set, which all replicas
 * learn.
 */
const OWN: ReadonlySet<LiveEvent['event']> = new Set([
  ...(['session-open', 'session-close', 'session-note', 'session-error', 'refused', 'request'] as const),
]);

/** Whether only the server where it happened can report it. */
export function isOwn({ event }: Pick<LiveEvent, 'event'>): boolean {
  return OWN.has(event);
}

/** Something that happened, with its number and its time. */
export type Numbered = Happened & {
  /** Counts what has happened since the server started, from 1. */
  readonly n: number;
  /** Milliseconds of scenario time, to a tenth. */
  readonly atMs: number;
};

/** The progress of an open session. It has no number, since the next one contains everything that this one says. */
export interface Progressed {
  /** Distinguishes it from what happened once. */
  readonly event: 'session';
  /** The id of the session. */
  readonly id: string;
  /** Milliseconds of audio heard. */
  readonly audioMs: number;
  /** Result messages that were sent. */
  readonly results: number;
  /** Messages of the client. */
  readonly frames: number;
}

/** A line of `GET events` of the control API. */
export type LiveEvent =
  | Numbered
  | (Progressed & {
      /** Milliseconds of scenario time. */
      readonly atMs: number;
    })
  /** The first line. */
  | {
      readonly event: 'start';
      /** The number of the event that comes next. */
      readonly next: number;
      /** Milliseconds of scenario time. */
      readonly nowMs: number;
    }
  /** Events are missing here: they are no longer kept, or the reader was too slow. */
  | {
      readonly event: 'gap';
      /** How many. */
      readonly missed: number;
    };
