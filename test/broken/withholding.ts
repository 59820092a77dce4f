import { is, isConfirmation, isMicrophone, isStream, onEach, refusing, saying } from './harness/changes.ts';
import { PATIENCE } from './harness/patience.ts';
import type { HttpReply, Mutation } from './harness/mutation.ts';
import { withheldTurns } from './withheld/turns.ts';
import {
  always,
  detail,
  KNOWN,
  KNOWS_ALL,
  KNOWS_NO_ONE,
  MUTE,
  REFUSED,
  type Withholding,
} from './withheld/withholding.ts';

const INITIALIZE = '/api/v4/realtime/initialize';
const STATUS = '/api/v4/realtime/status';

/** Requirements about admission. */
const ADMISSION = ['SX-CONN-00', 'SX-CONN-010', 'SX-CONN-011', 'SX-CONN-013', 'SX-CONN-016', 'SX-CONN-017'];
const OF_KEYS = ['SX-CONN-005', 'SX-CONN-006', 'SX-CONN-007', 'SX-CONN-008'];
const RESULTS = ['SX-MIC-', 'SX-ISO-', 'SX-PART-', 'SX-FIN-'];
/** Requirements that only microphone mode shows. */
const OF_MICROPHONES = [...OF_KEYS, 'SX-CONN-017', 'SX-MIC-', 'SX-PART-007', 'SX-PART-014'];
const STARTED = ['SX-REST-005', 'SX-REST-006', 'SX-REST-018', 'SX-REST-019', 'SX-REST-020', 'SX-REST-021'];
const OF_TRANSCRIPTS = ['R8-ISO-', 'R8-TR-', 'R8-W-'];
const OF_RESON8 = ['R8-CONN-', 'R8-AUTH-', 'R8-QRY-', 'R8-MSG-', 'R8-FL-', ...OF_TRANSCRIPTS];
const REFUSED_USER = 'The credential of --user-token (credentials.user in the library) was refused by ';

/** Answers calls of a path, or all calls, with this. */
function calling(reply: HttpReply, path?: string): Mutation {
  return {
    rest: () => ({ instead: (call) => (path === undefined || call.path === path ? reply : undefined) }),
  };
}

const UNAUTHORIZED = detail(401, 'Not authenticated');

const withheldCredentials: readonly Withholding[] = [
  {
    dialect: 'scriptix',
    does: 'knows none of the credentials',
    mutation: KNOWS_NO_ONE,
    outcome: 'incomplete',
    told: [REFUSED, REFUSED_USER],
    breaks: [],
    unseen: [...ADMISSION, ...RESULTS, 'SX-STR-', 'SX-STATE-', ...STARTED, 'SX-REST-010', 'SX-REST-012'],
  },
  {
    dialect: 'scriptix',
    does: 'refuses every credential at its sockets, and takes it for the REST API',
    mutation: refusing(always, UNAUTHORIZED),
    outcome: 'incomplete',
    told: [REFUSED],
    breaks: [],
    unseen: [...ADMISSION, ...RESULTS, 'SX-STR-', 'SX-STATE-', 'SX-MSG-'],
  },
  {
    dialect: 'scriptix',
    does: 'refuses every credential at its REST API, and takes it for the sockets',
    mutation: { fake: { service: { status: 'ready' } }, ...calling(UNAUTHORIZED) },
    outcome: 'incomplete',
    told: [REFUSED, REFUSED_USER],
    breaks: [],
    unseen: ['SX-REST-00', 'SX-REST-010', 'SX-REST-012', 'SX-REST-014', ...STARTED],
  },
  {
    dialect: 'reson8',
    does: 'knows none of the credentials',
    mutation: KNOWS_NO_ONE,
    outcome: 'incomplete',
    told: [REFUSED],
    breaks: [],
    unseen: OF_RESON8,
  },
  ...(['scriptix', 'reson8'] as const).map((dialect): Withholding => ({
    dialect,
    does: 'knows the credential that was given as a bad one',
    mutation: KNOWS_ALL,
    outcome: 'incomplete',
    told: [KNOWN],
    breaks: [],
    unseen: dialect === 'scriptix' ? ['SX-CONN-011'] : ['R8-AUTH-007'],
  })),
];

const PAGE = { body: '<!doctype html><title>Gateway</title>', headers: { 'content-type': 'text/html' } };

/** If nothing is at a path, only the requirement about the path fails. */
const withheldPaths: readonly Withholding[] = [
  {
    dialect: 'scriptix',
    does: 'stands behind a gateway that answers all calls with a page (200)',
    mutation: { fake: { service: { status: 'ready' } }, ...calling({ ...PAGE, status: 200 }) },
    outcome: 'incomplete',
    told: ['GET /api/v4/realtime/status and POST'],
    breaks: [],
    unseen: ['SX-REST-'],
  },
  {
    dialect: 'scriptix',
    does: 'stands behind a gateway that has a page in all answers to calls, with their status',
    mutation: { rest: () => ({ answer: (_call, { status }) => ({ ...PAGE, status }) }) },
    outcome: 'incomplete',
    told: ['GET /api/v4/realtime/status and POST'],
    breaks: [],
    unseen: ['SX-REST-004', 'SX-REST-010', 'SX-REST-012', 'SX-REST-022', ...STARTED],
  },
  {
    dialect: 'scriptix',
    does: 'has nothing at the path of its microphone socket (404)',
    mutation: refusing(isMicrophone, detail(404, 'Not Found')),
    outcome: 'violations',
    told: ['There is nothing at the microphone socket'],
    breaks: ['SX-CONN-002'],
    unseen: [...OF_MICROPHONES, 'SX-CONN-010'],
  },
  {
    dialect: 'scriptix',
    does: 'has nothing at the path of its stream socket (405)',
    mutation: refusing(isStream, detail(405, 'Method Not Allowed')),
    outcome: 'violations',
    told: ['There is nothing at the stream socket'],
    breaks: ['SX-CONN-003'],
    unseen: ['SX-STR-'],
  },
  {
    dialect: 'scriptix',
    does: 'has no initialize (410)',
    mutation: { fake: { service: { status: 'ready' } }, ...calling(detail(410, 'Gone'), INITIALIZE) },
    outcome: 'violations',
    told: ['There is nothing at POST /api/v4/realtime/initialize'],
    breaks: ['SX-REST-001'],
    unseen: [...STARTED, 'SX-REST-012'],
  },
  {
    dialect: 'scriptix',
    does: 'has no status (404)',
    mutation: calling(detail(404, 'Not Found'), STATUS),
    outcome: 'violations',
    told: ['There is nothing at GET /api/v4/realtime/status'],
    breaks: ['SX-REST-002'],
    unseen: ['SX-REST-007', 'SX-REST-008', 'SX-REST-014', 'SX-REST-018', 'SX-REST-019', 'SX-REST-021'],
  },
  ...[404, 405, 410].map((status): Withholding => ({
    dialect: 'reson8',
    does: `has nothing at the path of its socket (${status})`,
    mutation: refusing(always, detail(status, 'Not Found')),
    outcome: 'violations',
    told: ['There is nothing at the realtime socket'],
    breaks: ['R8-CONN-001'],
    unseen: [...OF_RESON8, 'R8-ERR-'],
  })),
];

/** Streams are refused in their own way. */
const notReady = onEach(isStream, () => ({
  onOpen(line) {
    line.say({ error: 'Realtime service is not ready' });
    line.close(1000);
  },
  onSaid: () => undefined,
}));

const DOWN_MICROPHONE = 'The service is not running: the microphone socket';
const DOWN_INITIALIZE = 'The service is not running: POST /api/v4/realtime/initialize';

const withheldService: readonly Withholding[] = [
  {
    dialect: 'scriptix',
    does: 'cannot start: 503 at the sockets and for initialize',
    mutation: {
      ...refusing(always, detail(503, 'Realtime service is not running')),
      ...calling(detail(503, 'Realtime service failed to start'), INITIALIZE),
    },
    outcome: 'incomplete',
    told: [DOWN_MICROPHONE, 'The service is not running: the stream socket', DOWN_INITIALIZE],
    breaks: [],
    unseen: [...ADMISSION, ...RESULTS, 'SX-STR-', 'SX-STATE-', ...STARTED],
  },
  {
    dialect: 'scriptix',
    does: 'cannot start: 503 at the microphone socket and for initialize, and an error for streams',
    mutation: {
      ...notReady,
      ...refusing(isMicrophone, detail(503, 'Realtime service is not running')),
      ...calling(detail(503, 'Realtime service failed to start'), INITIALIZE),
    },
    outcome: 'incomplete',
    told: [DOWN_MICROPHONE, 'The service is out of order: the stream socket', DOWN_INITIALIZE],
    breaks: [],
    unseen: [...ADMISSION, ...RESULTS, 'SX-STR-', 'SX-STATE-', ...STARTED],
  },
];

const withheldWords: readonly Withholding[] = [
  {
    dialect: 'scriptix',
    does: 'says nothing at all to microphones, and speaks to streams',
    mutation: onEach(isMicrophone, () => ({ onSaid: () => undefined })),
    outcome: 'incomplete',
    told: [],
    breaks: ['SX-STATE-006'],
    unseen: OF_MICROPHONES,
  },
  {
    dialect: 'scriptix',
    does: 'says nothing at all',
    mutation: MUTE,
    outcome: 'violations',
    told: [],
    breaks: ['SX-STR-007'],
    unseen: [
      ...OF_KEYS,
      ...['SX-CONN-010', 'SX-CONN-011', 'SX-CONN-013', 'SX-CONN-016', 'SX-CONN-017'],
      ...RESULTS,
      ...['SX-STR-', 'SX-STATE-', 'SX-MSG-', 'SX-ERR-'],
    ],
  },
  {
    dialect: 'scriptix',
    does: 'says loading and nothing else',
    mutation: saying(
      (message) => !is('loading')(message),
      () => [],
    ),
    outcome: 'violations',
    told: [],
    breaks: ['SX-STR-002', 'SX-STR-010', 'SX-STR-011', 'SX-STR-012'],
    unseen: [
      ...RESULTS,
      ...['SX-STR-007', 'SX-STR-008', 'SX-STR-009', 'SX-STR-014'],
      ...['SX-STATE-003', 'SX-STATE-005', 'SX-ERR-001', 'SX-ERR-002'],
    ],
  },
  {
    dialect: 'reson8',
    does: 'says nothing at all',
    mutation: MUTE,
    outcome: 'violations',
    told: [],
    breaks: ['R8-FL-002'],
    unseen: ['R8-MSG-', 'R8-FL-', ...OF_TRANSCRIPTS],
  },
  {
    dialect: 'reson8',
    does: 'confirms flushes and says nothing else',
    mutation: saying(
      (message) => !isConfirmation(message),
      () => [],
    ),
    outcome: 'violations',
    told: [],
    breaks: ['R8-FL-006'],
    unseen: [...OF_TRANSCRIPTS, 'R8-FL-007', 'R8-FL-009', 'R8-FL-010'],
  },
  {
    dialect: 'scriptix',
    does: 'answers every upgrade two seconds later than it may',
    mutation: { admit: () => ({ kind: 'patient', afterMs: 5000 }) },
    options: {
      tolerances: { ...PATIENCE, establishMs: 3000 },
      only: ['SX-CONN-002', 'SX-CONN-019', 'SX-STATE-006'],
    },
    outcome: 'conforming',
    told: [],
    breaks: ['SX-CONN-019'],
    unseen: ['SX-CONN-019'],
  },
];

export const WITHHOLDING: readonly Withholding[] = [
  ...withheldCredentials,
  ...withheldPaths,
  ...withheldService,
  ...withheldWords,
  ...withheldTurns,
];
