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
  /** Whether one of them can take a connection now. */
  readonly isThere: boolean;
  /** Takes a connection, unless its request is malformed in itself. */
  take(admitted: Admitted, duplex: Duplex, onMalformed: OnMalformed): void;
  /** Says whether anyone looks on, and is to be told how far sessions have come. */
  watched(isWatched: boolean): void;
}

/** A request that was admitted, as far as another process has to know it. */
export interface Admitted {
  readonly arrival: Arrival;
  /** What the client has sent after its request. */
  readonly head: Buffer;
  readonly dialect: SocketDialect;
  readonly editions: EditionNames;
  readonly caller: Caller;
  /** What its admission rested on. */
  readonly grounds: Grounds;
  readonly planned: { readonly plan: Plan; readonly asked: Told } | undefined;
  /** What a scenario says of the 101; what it leaves out is as the dialect has it. */
  readonly welcome: Partial<Welcome>;
}
