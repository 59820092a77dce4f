import { CONNECTING } from './connecting.ts';
import { FINALS } from './finals.ts';
import { ENDING, MESSAGES } from './messages.ts';
import { MICROPHONE, STREAM } from './modes.ts';
import { PARTIALS } from './partials.ts';
import { REST } from './rest.ts';

export { SCRIPTIX_OBSERVATIONS } from './observations.ts';

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
