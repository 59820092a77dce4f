import { inItsEditions } from '../shared/in-its-editions.ts';
import type { Invariant } from '../../judge/invariant.ts';
import { clientFinals } from './client/client-finals.ts';
import { clientDisplay } from './client/client-reports.ts';
import { closing } from './messages/closing.ts';
import { credentials } from './connecting/credentials.ts';
import { endpoint } from './connecting/endpoint.ts';
import { establishing } from './connecting/establishing.ts';
import { finalForm } from './finals/final-form.ts';
import { finals } from './finals/finals.ts';
import { groups } from './partials/groups.ts';
import { messages } from './messages/messages.ts';
import { microphone } from './modes/microphone.ts';
import { parameters } from './connecting/parameters.ts';
import { partialForm } from './partials/partial-form.ts';
import { partials } from './partials/partials.ts';
import { refusals } from './connecting/refusals.ts';
import { segmentLength } from './partials/segment-length.ts';
import { segmentOffsets } from './partials/segment-offsets.ts';
import { states } from './messages/states.ts';
import { streamClient } from './modes/stream-client.ts';
import { streamServer } from './modes/stream-server.ts';
import { survival } from './messages/survival.ts';
import { wordForm } from './finals/word-form.ts';
import { wordTimes } from './finals/word-times.ts';

export { SCRIPTIX_OBSERVATIONS } from './observations.ts';

/** All invariants of Scriptix conversations, for both sides. */
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
].map(inItsEditions);
