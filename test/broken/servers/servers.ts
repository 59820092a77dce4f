import type { Broken } from '../harness/broken.ts';
import { reson8Connecting } from './reson8-connecting.ts';
import { reson8Flushes } from './reson8-flushes.ts';
import { reson8Recordings, reson8Rest } from './reson8-rest.ts';
import { reson8Together } from './reson8-together.ts';
import { reson8Transcripts } from './reson8-transcripts.ts';
import { reson8Turns } from './reson8-turns.ts';
import { reson8Words } from './reson8-words.ts';
import { scriptixConnecting, scriptixStreams } from './scriptix-connecting.ts';
import { scriptixFinals } from './scriptix-finals.ts';
import { scriptixLong } from './scriptix-long.ts';
import { scriptixPartials } from './scriptix-partials.ts';
import { scriptixRest } from './scriptix-rest.ts';
import { scriptixStates } from './scriptix-states.ts';
import { scriptixTogether } from './scriptix-together.ts';
import { stale } from './stale.ts';
import { transport } from './transport.ts';

/** At least one for each requirement that a server can break. */
export const BROKEN_SERVERS: readonly Broken[] = [
  ...scriptixConnecting,
  ...scriptixStreams,
  ...scriptixStates,
  ...scriptixTogether,
  ...scriptixPartials,
  ...scriptixFinals,
  ...scriptixLong,
  ...scriptixRest,
  ...reson8Connecting,
  ...reson8Transcripts,
  ...reson8Words,
  ...reson8Flushes,
  ...reson8Together,
  ...reson8Turns,
  ...reson8Rest,
  ...reson8Recordings,
  ...stale,
  ...transport,
];

/** Requirements that no server can break, and why. */
export const UNBREAKABLE: readonly { readonly id: string; readonly why: string }[] = [
  {
    id: 'SX-PART-011',
    why: 'the documents say that partials grow and that they may change; it is only reported (A5)',
  },
  {
    id: 'SX-STR-013',
    why: 'no probe says anything in a stream, so a server that waits for it is one that plays nothing (SX-STR-007)',
  },
];
