import { ESTABLISH_MS } from '../limits.ts';
import type { Step } from '../script.ts';
import { CALLS } from './calls.ts';
import type { Saying, ScenarioDialect } from './dialect.ts';

type Fields = Readonly<Record<string, unknown>>;

const LOADING: Step = { kind: 'say', say: { kind: 'state', state: 'loading' } };
const LISTENING: Step = { kind: 'say', say: { kind: 'state', state: 'listening' } };

const commandOf: ScenarioDialect['commandOf'] = ({ action }) =>
  action === 'start' || action === 'stop' ? action : undefined;

/** What the server of either socket says. */
const RESULTS = ['state', 'partial', 'final', 'stability', 'offset', 'spaces', 'confidence'] as const;

/** The socket for microphones. */
export const scriptix: ScenarioDialect = {
  has: ['socket', 'frames', 'start', 'stop', ...RESULTS],
  opening: [
    {
      kind: 'await',
      what: 'start',
      count: 1,
      limitMs: ESTABLISH_MS,
      late: 'Connection timeout: no start command within 15 seconds',
    },
    LOADING,
    LISTENING,
  ],
  clientSteps: ['start', { audio: '3s' }, 'stop', { await: 'close' }],
  placeholders: ['start.FIELD', 'message.FIELD'],
  unsaid: {},
  commandOf,
  sayingOf,
};

const SILENT = 'a client of a stream sends nothing: expected query, credential or time';

/** The socket for streams that the server fetches. */
export const scriptixStream: ScenarioDialect = {
  has: ['socket', 'source', 'stop', ...RESULTS],
  opening: [
    LOADING,
    {
      kind: 'await',
      what: 'source',
      count: 1,
      limitMs: ESTABLISH_MS,
      late: 'Connection timeout: the stream gave no audio within 15 seconds',
    },
    LISTENING,
  ],
  clientSteps: [{ await: 'close' }],
  placeholders: [],
  unsaid: { start: SILENT, message: SILENT },
  commandOf,
  sayingOf,
};

/** The REST API. */
export const scriptixRest: ScenarioDialect = {
  has: ['call'],
  opening: [],
  clientSteps: [{ call: 'status' }, { call: 'initialize' }, { call: 'status' }],
  calls: CALLS['scriptix-rest'],
  serverKeys: ['service', 'start-time', 'on-initialize'],
  isInOneEdition: true,
  placeholders: [],
  // It has no conditions.
  unsaid: {},
  commandOf,
  sayingOf,
};

/** The keys that only results have. */
const RESULT_KEYS = ['text', 'is_final', 'offset_ms', 'words', 'stability'];

function sayingOf(fields: Fields): Saying {
  if (RESULT_KEYS.some((key) => Object.hasOwn(fields, key))) return resultIn(fields);
  if (Object.hasOwn(fields, 'error')) return 'error';
  return Object.hasOwn(fields, 'state') ? 'state' : 'other';
}

/** Decided by `is_final`, or else by its fields: only partials are documented to have a stability. */
function resultIn(fields: Fields): 'partial' | 'final' {
  const { is_final: isFinal } = fields;
  if (typeof isFinal === 'boolean') return isFinal ? 'final' : 'partial';
  if (Object.hasOwn(fields, 'words')) return 'final';
  return Object.hasOwn(fields, 'stability') ? 'partial' : 'final';
}
