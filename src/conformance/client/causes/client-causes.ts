import { editionCause } from './asked-edition.ts';
import type { AboutRun, ClientCause } from './cause.ts';
import { credentialCause } from './credential.ts';
import { endCauses } from './ends.ts';
import { leavingCause } from './leaving.ts';
import { openPlays } from './open-plays.ts';
import { placeCause } from './places.ts';
import type { PlayFacts } from './play-facts.ts';
import { unsentCause } from './unsent.ts';

/** The causes that the plays of a client show together, the most important first. Pure. */
export function clientCauses(plays: readonly PlayFacts[], about: AboutRun): readonly ClientCause[] {
  if (plays.length === 0) return [];
  const ends = endCauses(plays, about);
  if (ends.isSilent) return ends.causes;
  const open = openPlays(plays, about.dialect);
  return [
    ...placeCause(plays, about),
    ...credentialCause(plays, about),
    ...editionCause(plays, about),
    ...ends.causes,
    ...leavingCause(open, about, plays.length),
    ...unsentCause(open, about),
  ];
}
