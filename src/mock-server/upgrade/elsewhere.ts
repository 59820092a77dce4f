import type { Duplex } from 'node:stream';
import type { SocketDialect } from '../../protocol/dialects.ts';
import type { EditionNames } from '../../protocol/editions.ts';
import type { Told } from '../../scenario/told.ts';
import type { Arrival } from '../journal/http.ts';
import type { Plan } from '../selection/plan.ts';
import type { Caller, Grounds } from './admission.ts';
import type { OnMalformed, Welcome } from './answer.ts';

/** Other processes that have the connections. */
export interface Elsewhere {
  /** Whether one of them can take a connection at the moment. */
  readonly isThere: boolean;
  /** Takes a connection, unless its request is malformed. */
  take(admitted: Admitted, duplex: Duplex, onMalformed: OnMalformed): void;
  /** Says whether there is a reader who wants to know the progress of sessions. */
  watched(isWatched: boolean): void;
}

/** What another process has to know of a request that was admitted. */
export interface Admitted {
  readonly arrival: Arrival;
  /** What the client sent after its request. */
  readonly head: Buffer;
  readonly dialect: SocketDialect;
  readonly editions: EditionNames;
  readonly caller: Caller;
  /** What its admission depended on. */
  readonly grounds: Grounds;
  readonly planned: { readonly plan: Plan; readonly asked: Told } | undefined;
  /** What a scenario says about the 101; the rest comes from the dialect. */
  readonly welcome: Partial<Welcome>;
}
