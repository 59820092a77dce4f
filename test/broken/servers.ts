import type { Broken } from './harness/broken.ts';
import { reson8Connecting } from './servers/reson8-connecting.ts';
import { reson8Flushes } from './servers/reson8-flushes.ts';
import { reson8Recordings, reson8Rest } from './servers/reson8-rest.ts';
import { reson8Together } from './servers/reson8-together.ts';
import { reson8Transcripts } from './servers/reson8-transcripts.ts';
import { reson8Turns } from './servers/reson8-turns.ts';
import { reson8Words } from './servers/reson8-words.ts';
import { scriptixConnecting, scriptixStreams } from './servers/scriptix-connecting.ts';
import { scriptixFinals } from './servers/scriptix-finals.ts';
import { scriptixLong } from './servers/scriptix-long.ts';
import { scriptixPartials } from './servers/scriptix-partials.ts';
import { scriptixRest } from './servers/scriptix-rest.ts';
import { scriptixStates } from './servers/scriptix-states.ts';
import { scriptixTogether } from './servers/scriptix-together.ts';
import { stale } from './servers/stale.ts';
import { transport } from './servers/transport.ts';

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
