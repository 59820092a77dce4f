import { refusing, saying } from '../harness/changes.ts';
import { isCandidate, isEnd, isStart } from '../harness/turns.ts';
import {
  always,
  detail,
  KNOWN,
  KNOWS_ALL,
  KNOWS_NO_ONE,
  MUTE,
  REFUSED,
  type Withholding,
} from './withholding.ts';

const OF_ORDER = ['R8-TURN-004', 'R8-TURN-005', 'R8-TURN-006'];
/** What candidates have in them. */
const OF_CANDIDATES = [
  'R8-TURN-007',
  'R8-TURN-008',
  'R8-TURN-009',
  'R8-TURN-010',
  'R8-TURN-011',
  'R8-TURN-013',
];
const OF_WORDS = ['R8-TURN-012', 'R8-TURN-019'];
/** What must not be said, which a server shows that says something elsewhere. */
const OF_SILENCE = ['R8-TURN-014', 'R8-TURN-016'];

const WITHHELD: readonly Omit<Withholding, 'dialect'>[] = [
  {
    does: 'knows none of the credentials',
    mutation: KNOWS_NO_ONE,
    outcome: 'incomplete',
    told: [REFUSED],
    breaks: [],
    unseen: ['R8-TURN-'],
  },
  {
    does: 'knows the credential that was given as a bad one',
    mutation: KNOWS_ALL,
    outcome: 'incomplete',
    told: [KNOWN],
    breaks: [],
    unseen: ['R8-TURN-002'],
  },
  ...[404, 405, 410].map((status): Omit<Withholding, 'dialect'> => ({
    does: `has nothing at the path of its socket (${status})`,
    mutation: refusing(always, detail(status, 'Not Found')),
    outcome: 'violations',
    told: ['There is nothing at the turns socket'],
    breaks: ['R8-TURN-001'],
    unseen: ['R8-TURN-'],
  })),
  {
    does: 'cannot start: 503 at its socket',
    mutation: refusing(always, detail(503, 'No')),
    outcome: 'incomplete',
    told: ['The service is not running: the turns socket'],
    breaks: [],
    unseen: ['R8-TURN-'],
  },
  {
    does: 'says nothing at all',
    mutation: MUTE,
    outcome: 'violations',
    told: [],
    breaks: ['R8-TURN-015'],
    unseen: ['R8-TURN-003', ...OF_ORDER, ...OF_CANDIDATES, ...OF_WORDS, ...OF_SILENCE],
  },
  {
    does: 'begins turns and says nothing else',
    mutation: saying(
      (message) => !isStart(message),
      () => [],
    ),
    outcome: 'violations',
    told: [],
    breaks: ['R8-TURN-006'],
    unseen: [...OF_CANDIDATES, ...OF_WORDS, ...OF_SILENCE, 'R8-TURN-005', 'R8-TURN-015'],
  },
  {
    does: 'never ends a turn',
    mutation: saying(isEnd, () => []),
    outcome: 'violations',
    told: [],
    breaks: ['R8-TURN-006'],
    unseen: ['R8-TURN-006', 'R8-TURN-015'],
  },
  {
    does: 'has no candidates',
    mutation: saying(isCandidate, () => []),
    outcome: 'violations',
    told: [],
    breaks: ['R8-TURN-006'],
    unseen: [...OF_CANDIDATES, ...OF_WORDS, ...OF_SILENCE],
  },
  {
    does: 'has no words in any candidate',
    mutation: saying(isCandidate, (message) => ({
      ...message,
      text: '',
      ...('words' in message ? { words: [] } : {}),
    })),
    outcome: 'incomplete',
    told: [],
    breaks: [],
    unseen: [...OF_WORDS, ...OF_SILENCE, 'R8-TURN-008', 'R8-TURN-015'],
  },
];

/** Servers of turns that withhold something. */
export const withheldTurns: readonly Withholding[] = WITHHELD.map((each) => ({
  dialect: 'reson8-turns',
  ...each,
}));
