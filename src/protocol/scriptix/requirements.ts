import { CONNECTING } from './requirements/connecting.ts';
import { FINALS } from './requirements/finals.ts';
import { ENDING, MESSAGES } from './requirements/messages.ts';
import { MICROPHONE, STREAM } from './requirements/modes.ts';
import { PARTIALS } from './requirements/partials.ts';
import { REST } from './requirements/rest.ts';

export { SCRIPTIX_OBSERVATIONS } from './requirements/observations.ts';

/** What the documents require of Scriptix servers and clients. */
export const SCRIPTIX_REQUIREMENTS = [
  ...CONNECTING,
  ...MICROPHONE,
  ...STREAM,
  ...MESSAGES,
  ...PARTIALS,
  ...FINALS,
  ...ENDING,
  ...REST,
];
