import { DIALECT_NAMES, type Dialect } from '../../../protocol/dialects.ts';
import type { Suite } from './trial.ts';
import { MICROPHONE_SUITE } from './microphone.ts';
import { RESON8_SUITE } from './reson8.ts';
import { RESON8_REST_SUITE } from './reson8-rest.ts';
import { TURNS_SUITE } from './reson8-turns.ts';
import { REST_SUITE } from './rest.ts';
import { STREAM_SUITE } from './stream.ts';

/**
 * The scenarios for a client when none are chosen. The longest come first, so that no one has to wait for them at the
 * end.
 */
export const SUITES: Readonly<Record<Dialect, Suite>> = {
  scriptix: MICROPHONE_SUITE,
  'scriptix-stream': STREAM_SUITE,
  'scriptix-rest': REST_SUITE,
  reson8: RESON8_SUITE,
  'reson8-turns': TURNS_SUITE,
  'reson8-rest': RESON8_REST_SUITE,
};

/** The dialects whose clients can be judged: those that have scenarios to play to a client. */
export const CLIENT_DIALECTS: readonly Dialect[] = DIALECT_NAMES.filter((dialect) => {
  const { trials, beyond } = SUITES[dialect];
  return trials.length + beyond.length > 0;
});
