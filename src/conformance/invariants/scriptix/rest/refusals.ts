import { INITIALIZE_FAILED_PREFIX, type Endpoint } from '../../../../protocol/scriptix/rest.ts';
import { broken, heldIf, unclear, type Invariant, type Occasion } from '../../../invariant.ts';
import { shown } from '../../../shown.ts';
import { answersOf, fieldOf, NOT_DECIDED, type Answer } from './calls.ts';

/** What is answered to a key that is not good enough, and when the service cannot. */
export const restRefusals: readonly Invariant[] = [
  answers('SX-REST-010', undefined, function* (answer) {
    const { credential } = answer;
    if (credential === 'missing' || credential === 'invalid') yield refused(answer, 401);
  }),
  detail('SX-REST-011', 401, undefined, '"Not authenticated"', (text) => text === 'Not authenticated'),
  answers('SX-REST-012', 'initialize', function* (answer) {
    if (answer.credential === 'user') yield refused(answer, 403);
  }),
  detail(
    'SX-REST-013',
    403,
    undefined,
    '"Not enough permissions"',
    (text) => text === 'Not enough permissions',
  ),
  answers('SX-REST-014', 'status', function* ({ credential, status, events }) {
    if (credential !== 'user') return;
    const expected = '200 for a key without the admin scope';
    if (status === 401 || status === 403) yield broken(events, expected, String(status));
    else yield status === 200 ? { outcome: 'held', events } : unclear(events, expected, String(status));
  }),
  detail('SX-REST-015', 500, 'initialize', `"${INITIALIZE_FAILED_PREFIX}…"`, (text) =>
    text.startsWith(INITIALIZE_FAILED_PREFIX),
  ),
  answers('SX-REST-016', undefined, function* ({ endpoint, status, events }) {
    if (status !== 503) return;
    yield heldIf(endpoint === 'initialize', events, '503 from initialize only', () => `503 from ${endpoint}`);
  }),
  detail(
    'SX-REST-017',
    503,
    'initialize',
    '"Realtime service failed to start"',
    (text) => text === 'Realtime service failed to start',
  ),
];

function answers(
  id: string,
  endpoint: Endpoint | undefined,
  judge: (answer: Answer) => Iterable<Occasion>,
): Invariant {
  return {
    id,
    *judge(play) {
      for (const answer of answersOf(play, endpoint)) yield* judge(answer);
    },
  };
}

/** The text of every answer with a status. */
function detail(
  id: string,
  status: number,
  endpoint: Endpoint | undefined,
  expected: string,
  accepts: (text: string) => boolean,
): Invariant {
  return answers(id, endpoint, function* (answer) {
    if (answer.status !== status || answer.body.kind === 'unknown') return;
    const text = fieldOf(answer, 'detail');
    const isHeld = typeof text === 'string' && accepts(text);
    yield heldIf(isHeld, answer.events, `detail: ${expected}`, () => `detail: ${shown(text)}`);
  });
}

function refused(answer: Answer, wanted: number): Occasion {
  const { status, events, body } = answer;
  const expected = `${wanted} with a string detail`;
  if (NOT_DECIDED.includes(status)) return unclear(events, expected, String(status));
  if (status !== wanted) return broken(events, expected, String(status));
  if (body.kind === 'unknown') return unclear(events, expected, String(status));
  const text = fieldOf(answer, 'detail');
  return heldIf(typeof text === 'string', events, expected, () => `${status} with detail: ${shown(text)}`);
}
