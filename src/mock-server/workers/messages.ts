import type { IncomingHttpHeaders } from 'node:http';
import type { SocketDialect } from '../../protocol/dialects.ts';
import type { EditionNames } from '../../protocol/editions.ts';
import type { Told } from '../../scenario/told.ts';
import type { Origin } from '../start/assemble.ts';
import type { Listed, ListQuery } from '../control/describe.ts';
import type { MaybeKept } from '../control/options.ts';
import type { ResetParts } from '../control/reset.ts';
import type { ServerEvent } from '../events.ts';
import type { Progressed } from '../feed/event.ts';
import type { MessageCounts } from '../journal/journal.ts';
import type { Measured } from '../journal/metrics.ts';
import type { Use } from '../journal/usage.ts';
import type { MockServerOptions } from '../options.ts';
import type { Plan } from '../selection/plan.ts';
import type { PlayedScenario } from '../session/sessions.ts';
import type { Caller, Grounds } from '../upgrade/admission.ts';
import type { Welcome } from '../upgrade/answer.ts';
import type { Expectation, Looked } from '../verify/verify.ts';

/** What a worker needs to know before it takes connections. */
export interface Start {
  readonly kind: 'start';
  /** `w1`, `w2`, … */
  readonly name: string;
  readonly options: MockServerOptions;
  readonly origin: Origin;
  /** Scenario time now, for a clock that is moved by hand. */
  readonly nowMs: number;
  /** Where the worker answers calls about its sessions: a Unix socket or a named pipe. */
  readonly socketPath: string;
  /** The key of the stand-ins of secrets, so that all processes give a secret the same one. */
  readonly standInsKey: Uint8Array;
}

/** A connection that was admitted; its TCP connection comes with this message. */
export interface Open {
  readonly kind: 'open';
  readonly id: string;
  readonly request: {
    readonly method: string;
    readonly url: string;
    readonly headers: IncomingHttpHeaders;
    readonly rawHeaders: readonly string[];
  };
  /** What the client has sent after its request. */
  readonly head: Uint8Array;
  /** Scenario time at which the request came. */
  readonly atMs: number;
  readonly dialect: SocketDialect;
  readonly editions: EditionNames;
  readonly caller: Caller;
  readonly grounds: Grounds;
  readonly planned: { readonly plan: Plan; readonly asked: Told } | undefined;
  /** What a scenario says about the 101; the dialect decides the rest. */
  readonly welcome: Partial<Welcome>;
}

/** What a worker is asked, and what it answers. */
export interface Questions {
  /** Whether it is there. */
  readonly ping: [undefined, undefined];
  readonly facts: [undefined, Facts];
  readonly list: [ListQuery, Listed];
  readonly describe: [string, Readonly<Record<string, unknown>> | undefined];
  /** Some events of a session. */
  readonly part: [PartAsked, MaybeKept | undefined];
  readonly verify: [readonly Expectation[], readonly Looked[]];
  /** Moves its clock to a time; answered when its sessions have done all that is due by then. */
  readonly advance: [number, undefined];
  readonly reset: [ResetParts, undefined];
  /** Closes its sessions with 1001 and takes no more; the number is the patience in real milliseconds. */
  readonly stop: [number, undefined];
}

/** The name of a question to all workers. */
export type WorkerQuestion = keyof Questions;

/** Which part of which trace. */
export interface PartAsked {
  readonly id: string;
  readonly from: number;
  readonly most: number;
}

/** What the metrics and the usage need from a worker. */
export interface Facts {
  readonly messages: MessageCounts;
  readonly journal: { readonly byteCount: number; readonly size: number };
  /** The connections that are open. */
  readonly open: Measured['open'];
  readonly uses: readonly Use[];
}

/** A message to a worker. */
export type ToWorker =
  | Start
  | Open
  | {
      readonly kind: 'ask';
      readonly call: number;
      readonly question: WorkerQuestion;
      readonly given: unknown;
    }
  /** The journal has no more room for this session. */
  | { readonly kind: 'drop'; readonly id: string }
  /** Whether anyone is watching how far sessions have come. */
  | { readonly kind: 'watch'; readonly isOn: boolean }
  | { readonly kind: 'close-playing'; readonly changed: readonly PlayedScenario[] };

/** A message from a worker. */
export type FromWorker =
  | { readonly kind: 'ready' }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'event'; readonly event: ServerEvent }
  /** What was heard on a connection that has ended. */
  | { readonly kind: 'used'; readonly use: Use }
  /** Its client was gone before the connection arrived. */
  | { readonly kind: 'vanished'; readonly id: string }
  | { readonly kind: 'progress'; readonly progressed: readonly Progressed[] }
  | { readonly kind: 'answer'; readonly call: number; readonly value: unknown }
  | { readonly kind: 'answer'; readonly call: number; readonly error: string };
