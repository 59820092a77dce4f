import type { ClientDialect } from './fake.ts';
import { MICROPHONE_SUITE } from './suites/microphone.ts';
import { RESON8_SUITE } from './suites/reson8.ts';
import { REST_SUITE } from './suites/rest.ts';
import { STREAM_SUITE } from './suites/stream.ts';

/** A bundled scenario that every client of a dialect meets, and why. */
export interface Trial {
  /** Of the scenario. */
  readonly name: string;
  /** The requirements that it is there for: a right client comes to all of them here. */
  readonly ids: readonly string[];
  /** What a client is tempted to get wrong here (protocol-notes 4, or of that sort). */
  readonly temptation?: string;
}

/** A requirement that no scenario can bring every right client to, and why. */
export interface Beyond {
  readonly id: string;
  readonly reason: string;
}

export interface Suite {
  readonly trials: readonly Trial[];
  readonly beyond: readonly Beyond[];
}

/** What is played to a client when nobody says what. The longest come first, so that nothing waits for them. */
export const SUITES: Readonly<Record<ClientDialect, Suite>> = {
  scriptix: MICROPHONE_SUITE,
  'scriptix-stream': STREAM_SUITE,
  'scriptix-rest': REST_SUITE,
  reson8: RESON8_SUITE,
};
