/** What the load generator is asked to do. It is passed to the other process as JSON. */
export type LoadPlan =
  | {
      readonly kind: 'realtime';
      readonly url: string;
      readonly serverPid: number;
      readonly sessions: number;
      readonly warmUpMs: number;
      readonly measureMs: number;
    }
  | {
      readonly kind: 'unpaced';
      readonly url: string;
      readonly serverPid: number;
      readonly sessions: number;
      readonly warmUpMs: number;
      readonly measureMs: number;
    }
  /** Opens sessions at a pace and closes each. */
  | { readonly kind: 'opens'; readonly url: string; readonly perSecond: number; readonly measureMs: number }
  /** Whole sessions one after the other, so many at once. */
  | {
      readonly kind: 'sessions';
      readonly url: string;
      readonly serverPid: number;
      readonly atOnce: number;
      readonly frames: number;
      readonly warmUpMs: number;
      readonly measureMs: number;
    }
  /** Opens the sessions, waits for `go`, streams, waits for `go`, closes. */
  | { readonly kind: 'memory'; readonly url: string; readonly sessions: number; readonly streamMs: number }
  /** Opens connections that say nothing, waits for `go`, closes. */
  | (Connections & { readonly kind: 'connections' })
  /** Asks on each connection, and again as soon as there is a reply. */
  | (Talking & { readonly kind: 'replies' })
  /** Asks once on each connection, and listens. */
  | (Talking & { readonly kind: 'pushes'; readonly everyMs: number });

/** Connections to any server, all alike. */
interface Connections {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly connections: number;
}

interface Talking extends Connections {
  readonly serverPid: number;
  /** Messages that are sent together. */
  readonly send: readonly string[];
  /** Messages that contain this text are counted. */
  readonly counts: string;
  readonly warmUpMs: number;
  readonly measureMs: number;
}

export interface Percentiles {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

export interface RealtimeResult {
  readonly kind: 'realtime';
  /** Processor time of the server and of the load generator, in microseconds per session and second. */
  readonly serverCpuUs: number;
  readonly loadCpuUs: number;
  /** How busy each of the two was: 1 is one core. */
  readonly serverCores: number;
  readonly loadCores: number;
  /** What everything else on the machine used in the meantime. */
  readonly otherCores: number;
  /** From the due time of a partial to its arrival. */
  readonly latenessMs: Percentiles;
  /** From really sending the frame that completes a partial's audio to the partial's arrival. */
  readonly answerMs: Percentiles;
  /** From the due time of a frame to the moment when the load generator sent it. */
  readonly loadLatenessMs: Percentiles;
  /**
   * Partials that came before their frame was due: the server does not follow the pace of this benchmark, so nothing
   * can be concluded.
   */
  readonly early: number;
  readonly partialsPerSecond: number;
  readonly finalsPerSecond: number;
  readonly bytesPerSecond: number;
}

export interface UnpacedResult {
  readonly kind: 'unpaced';
  readonly resultsPerSecond: number;
  /** How many times faster than real time the audio of all sessions together was accepted. */
  readonly audioSpeed: number;
  readonly resultsPerCpuSecond: number;
  readonly serverCores: number;
  readonly loadCores: number;
}

export interface OpensResult {
  readonly kind: 'opens';
  readonly opened: number;
  /** Sessions that were not established, or did not end with 1000. */
  readonly lost: number;
  readonly perSecond: number;
}

export interface SessionsResult {
  readonly kind: 'sessions';
  readonly sessionsPerSecond: number;
  /** All processes of the server. */
  readonly serverCores: number;
  readonly loadCores: number;
}

export interface RepliesResult {
  readonly kind: 'replies';
  readonly repliesPerSecond: number;
  readonly serverCores: number;
  readonly loadCores: number;
}

export interface PushesResult {
  readonly kind: 'pushes';
  /** The lateness of each push, relative to the earliest push of its connection. */
  readonly latenessMs: Percentiles;
  /** The pushes that came, out of those that were due in the meantime. */
  readonly cameShare: number;
  readonly serverCores: number;
  readonly loadCores: number;
}

export type LoadAnswer =
  | OpensResult
  | RepliesResult
  | PushesResult
  | RealtimeResult
  | UnpacedResult
  | SessionsResult
  | { readonly kind: 'waiting'; readonly phase: 'opened' | 'streamed' }
  | { readonly kind: 'closed' }
  | { readonly kind: 'failed'; readonly message: string };

/** The parent's message to a load generator that waits. */
export const GO = 'go';
