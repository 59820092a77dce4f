import type { Dialect } from '../../../src/protocol/dialects.ts';
import type { Outcome } from '../../../src/conformance/report/report.ts';

/** A client that makes one mistake in all scenarios, so that one sentence says more than all the consequences. */
export interface Everywhere {
  readonly dialect: Dialect;
  readonly does: string;
  readonly mistake: string;
  readonly scenarios: readonly string[];
  /** What the report begins with. */
  readonly told: string;
  readonly outcome: Outcome;
  /** What it breaks anyway. Nothing else fails. */
  readonly breaks?: readonly string[];
}

const SCRIPTIX = ['happy-path', 'yes-twice', 'partials-rewrite', 'refused-503'];
const RESON8 = ['happy-path', 'yes-twice', 'confirmation-late', 'refused-500'];
const STREAM = ['happy-path', 'yes-twice', 'unknown-state'];
const REST = ['happy-path', 'ready-later', 'already-ready'];
const CALLS = ['happy-path', 'no-credits', 'transcript-cut-short'];

export const EVERYWHERE: readonly Everywhere[] = [
  {
    dialect: 'scriptix',
    does: 'crashes before it connects',
    mistake: 'exits-at-once',
    scenarios: SCRIPTIX,
    told: 'The client neither connected nor called anything in any of 4 scenarios and exited with code 1, with the words "Error: the settings cannot be read with redacted-1".',
    outcome: 'incomplete',
  },
  {
    dialect: 'scriptix',
    does: 'is killed',
    mistake: 'is-killed',
    scenarios: SCRIPTIX,
    told: 'The client neither connected nor called anything in any of 4 scenarios and was killed by SIGKILL.',
    outcome: 'incomplete',
  },
  {
    dialect: 'scriptix',
    does: 'exits successfully without doing anything',
    mistake: 'does-nothing',
    scenarios: SCRIPTIX,
    told: 'The client neither connected nor called anything in any of 4 scenarios and exited with code 0: does it connect to UNDERSTUDY_URL?',
    outcome: 'incomplete',
  },
  {
    dialect: 'reson8',
    does: 'connects to another host',
    mistake: 'other-host',
    scenarios: RESON8,
    told: 'The client neither connected nor called anything in any of 4 scenarios and exited with code 0: does it connect to UNDERSTUDY_URL?',
    outcome: 'incomplete',
  },
  {
    dialect: 'scriptix',
    does: 'connects to another path',
    mistake: 'other-path',
    scenarios: SCRIPTIX,
    told: 'The client connected to /v2/live in all 4 scenarios, where no service has anything: a client of scriptix connects to the microphone socket of Scriptix (/v2/realtime).',
    outcome: 'violations',
    breaks: ['SX-CONN-002'],
  },
  {
    dialect: 'scriptix',
    does: 'is a client of Reson8',
    mistake: 'is-of-reson8',
    scenarios: SCRIPTIX,
    told: 'The client connected to /v1/speech-to-text/realtime in all 4 scenarios, which is the socket of Reson8: is --dialect scriptix right?',
    outcome: 'incomplete',
  },
  {
    dialect: 'reson8',
    does: 'is a client of Scriptix',
    mistake: 'is-of-scriptix',
    scenarios: RESON8,
    told: 'The client connected to /v2/realtime in all 4 scenarios, which is the microphone socket of Scriptix: is --dialect reson8 right?',
    outcome: 'incomplete',
  },
  {
    dialect: 'scriptix-rest',
    does: 'does not know the REST API',
    mistake: 'is-of-reson8',
    scenarios: REST,
    told: 'The client connected without any call in all 3 scenarios, and what is judged is the REST API of Scriptix.',
    outcome: 'incomplete',
  },
  {
    dialect: 'scriptix',
    does: 'has a key of another service',
    mistake: 'other-token',
    scenarios: SCRIPTIX,
    told: 'The client sent another credential than UNDERSTUDY_TOKEN: 3 of 3 connections were refused (HTTP 401).',
    outcome: 'incomplete',
  },
  {
    dialect: 'reson8',
    does: 'has a key of another service',
    mistake: 'other-token',
    scenarios: RESON8,
    told: 'The client sent another credential than UNDERSTUDY_TOKEN: 3 of 3 connections were refused (HTTP 401).',
    outcome: 'incomplete',
  },
  {
    dialect: 'scriptix-stream',
    does: 'has a key of another service',
    mistake: 'other-token',
    scenarios: STREAM,
    told: 'The client sent another credential than UNDERSTUDY_TOKEN: 3 of 3 connections were refused (the error',
    outcome: 'incomplete',
  },
  {
    dialect: 'scriptix-rest',
    does: 'has a key of another service',
    mistake: 'other-token',
    scenarios: REST,
    told: 'The client sent another credential than UNDERSTUDY_TOKEN:',
    outcome: 'incomplete',
  },
  {
    dialect: 'reson8-rest',
    does: 'has a key of another service',
    mistake: 'other-token',
    scenarios: CALLS,
    told: 'The client sent another credential than UNDERSTUDY_TOKEN: 9 of 9 calls were refused (HTTP 401).',
    outcome: 'incomplete',
  },
  {
    dialect: 'reson8-rest',
    does: 'makes no calls',
    mistake: 'is-of-reson8',
    scenarios: CALLS,
    told: 'The client connected without any call in all 3 scenarios, and what is judged is the REST API of Reson8.',
    outcome: 'incomplete',
  },
  {
    dialect: 'scriptix',
    does: 'does not encode its token',
    mistake: 'token-not-encoded',
    scenarios: SCRIPTIX,
    told: 'The client sent UNDERSTUDY_TOKEN in another spelling than percent-encoded once: 3 of 3 connections were refused (HTTP 401).',
    outcome: 'incomplete',
    breaks: ['SX-CONN-020'],
  },
  {
    dialect: 'scriptix',
    does: 'presents no token',
    mistake: 'no-token',
    scenarios: SCRIPTIX,
    told: 'The client sent no credential where the service looks for one: 3 of 3 connections were refused (HTTP 401).',
    outcome: 'violations',
    breaks: ['SX-CONN-004'],
  },
  {
    dialect: 'reson8',
    does: 'sends its token in an undocumented header',
    mistake: 'no-credential',
    scenarios: RESON8,
    told: 'The client sent UNDERSTUDY_TOKEN where the service does not look for it: 3 of 3 connections were refused (HTTP 401).',
    outcome: 'violations',
    breaks: ['R8-AUTH-001'],
  },
  {
    dialect: 'scriptix',
    does: 'leaves at the first state',
    mistake: 'leaves-at-first-state',
    scenarios: SCRIPTIX,
    told: 'sent no audio',
    outcome: 'incomplete',
  },
  {
    dialect: 'reson8',
    does: 'sends no audio',
    mistake: 'sends-no-audio',
    scenarios: RESON8,
    told: 'The client closed after a confirmation in 3 of 4 scenarios and sent no audio.',
    outcome: 'incomplete',
  },
  {
    dialect: 'scriptix-stream',
    does: 'leaves at the first state',
    mistake: 'leaves-at-first-state',
    scenarios: STREAM,
    told: 'waited for no result',
    outcome: 'incomplete',
  },
  ...(['scriptix', 'reson8'] as const).map((dialect): Everywhere => ({
    dialect,
    does: 'sends half of its recording',
    mistake: 'sends-half',
    scenarios: dialect === 'scriptix' ? SCRIPTIX : RESON8,
    told: 'The client sent at most 50 % of its recording (UNDERSTUDY_AUDIO) in each of the 3 scenarios that let it send all of it.',
    outcome: 'incomplete',
  })),
];
