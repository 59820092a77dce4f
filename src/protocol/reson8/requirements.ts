import { FLUSHES } from './requirements/flushes.ts';
import { ERRORS, MESSAGES } from './requirements/messages.ts';
import { OPENING } from './requirements/opening.ts';
import { RECORDINGS, REFUSALS, TOKENS } from './requirements/rest.ts';
import { TRANSCRIPTS, WORDS } from './requirements/transcripts.ts';

export { RESON8_OBSERVATIONS } from './requirements/observations.ts';

/** What the document requires of Reson8 servers and clients. */
export const RESON8_REQUIREMENTS = [...OPENING, ...MESSAGES, ...TRANSCRIPTS, ...WORDS, ...FLUSHES, ...ERRORS];

/** What newer pages of the vendor require of its calls. */
export const RESON8_REST_REQUIREMENTS = [...TOKENS, ...RECORDINGS, ...REFUSALS];
