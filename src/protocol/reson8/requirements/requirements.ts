import { FLUSHES } from './flushes.ts';
import { ERRORS, MESSAGES } from './messages.ts';
import { OPENING } from './opening.ts';
import { RECORDINGS, REFUSALS, TOKENS } from './rest.ts';
import { TRANSCRIPTS, WORDS } from './transcripts.ts';

export { RESON8_OBSERVATIONS } from './observations.ts';

/** What the document requires of Reson8 servers and clients. */
export const RESON8_REQUIREMENTS = [...OPENING, ...MESSAGES, ...TRANSCRIPTS, ...WORDS, ...FLUSHES, ...ERRORS];

/** What newer pages of the vendor require of its calls. */
export const RESON8_REST_REQUIREMENTS = [...TOKENS, ...RECORDINGS, ...REFUSALS];
