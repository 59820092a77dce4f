import type { Invariant } from '../../invariant.ts';
import { clientFinals } from './client-finals.ts';
import { clientDisplay } from './client-reports.ts';
import { closing } from './closing.ts';
import { credentials } from './credentials.ts';
import { endpoint } from './endpoint.ts';
import { establishing } from './establishing.ts';
import { finalForm } from './final-form.ts';
import { finals } from './finals.ts';
import { groups } from './groups.ts';
import { messages } from './messages.ts';
import { microphone } from './microphone.ts';
import { parameters } from './parameters.ts';
import { partialForm } from './partial-form.ts';
import { partials } from './partials.ts';
import { refusals } from './refusals.ts';
import { segmentLength } from './segment-length.ts';
import { segmentOffsets } from './segment-offsets.ts';
import { states } from './states.ts';
import { streamClient } from './stream-client.ts';
import { streamServer } from './stream-server.ts';
import { survival } from './survival.ts';
import { wordForm } from './word-form.ts';
import { wordTimes } from './word-times.ts';

export { SCRIPTIX_OBSERVATIONS } from './observations.ts';

/** Everything that is looked at in a Scriptix conversation, of both sides. */
export const SCRIPTIX_INVARIANTS: readonly Invariant[] = [
  ...endpoint,
  ...credentials,
  ...refusals,
  ...parameters,
  ...establishing,
  ...microphone,
  ...streamClient,
  ...streamServer,
  ...states,
  ...messages,
  ...groups,
  ...partialForm,
  ...partials,
  ...segmentOffsets,
  ...finalForm,
  ...wordForm,
  ...wordTimes,
  ...finals,
  ...segmentLength,
  ...closing,
  ...survival,
  ...clientDisplay,
  ...clientFinals,
];
