import type { RequirementId } from '../../../../protocol/requirements.ts';
import { INITIALIZE_FAILED_PREFIX, type Endpoint } from '../../../../protocol/scriptix/rest.ts';
import {
  broken,
  heldIf,
  ifInOrder,
  madeBy,
  unclear,
  type Invariant,
  type Occasion,
} from '../../../judge/invariant.ts';
import { shown } from '../../../text/shown.ts';
import { NOT_DECIDED } from '../../shared/answers.ts';
import { answersOf, damageOf, fieldOf, isOfStranger, type Answer } from './calls.ts';

/** The answers to keys that are missing, invalid or lack a right, and to calls that the service cannot perform. */
export const restRefusals: readonly Invariant[] = [
  answers('SX-REST-010', undefined, function* (answer) {
    if (isOfStranger(answer)) yield refused(answer, 401);
  }),
  detail('SX-REST-011', 401, undefined, '"Not authenticated"', (text) => text === 'Not authenticated'),
  answers('SX-REST-012', 'initialize', function* (answer) {
    if (answer.credential !== 'user') return;
    const occasion = refused(answer, 403);
    // Only the person who provided the key knows its scopes.
    const isLetIn = answer.status >= 200 && answer.status < 300;
    const actual = `${answer.status}, which is right if the key has the admin scope after all`;
    yield isLetIn ? { ...occasion, actual } : occasion;
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
    else if (status === 200) yield { outcome: 'held', events };
    else {
      const occasion = unclear(events, expected, String(status));
      yield status >= 500 ? ifInOrder('broken', 'scriptix-rest', occasion) : occasion;
    }
  }),
  detail('SX-REST-015', 500, 'initialize', `"${INITIALIZE_FAILED_PREFIX}…"`, (text) =>
    text.startsWith(INITIALIZE_FAILED_PREFIX),
  ),
  answers('SX-REST-016', undefined, function* ({ endpoint, status, events, body }) {
    if (status !== 503) return;
    if (endpoint !== 'initialize' && isOfGateway(body)) {
      const actual = `503 from ${endpoint}, and not in the form of the service`;
      yield unclear(events, '503 from initialize only', actual);
      return;
    }
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
  id: RequirementId,
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

/** The text of every answer with a certain status. */
function detail(
  id: RequirementId,
  status: number,
  endpoint: Endpoint | undefined,
  expected: string,
  accepts: (text: string) => boolean,
): Invariant {
  return answers(id, endpoint, function* (answer) {
    if (answer.status !== status || answer.body.kind === 'unknown') return;
    const text = fieldOf(answer, 'detail');
    if (text === undefined && /^text\/html\b/i.test(answer.contentType)) {
      yield unclear(answer.events, `detail: ${expected}`, 'a page in HTML, which a gateway may have given');
      return;
    }
    const isHeld = typeof text === 'string' && accepts(text);
    const occasion = heldIf(isHeld, answer.events, `detail: ${expected}`, () => `detail: ${shown(text)}`);
    yield madeBy(damageOf(answer, ['detail']), occasion);
  });
}

/** Whether a gateway may have answered: the service's own errors have a detail (S3:136-162). */
function isOfGateway(body: Answer['body']): boolean {
  return body.kind === 'wrong' || (body.kind === 'object' && !Object.hasOwn(body.fields, 'detail'));
}

function refused(answer: Answer, wanted: number): Occasion {
  const { status, events, body } = answer;
  const expected = `${wanted} with a string detail`;
  if (NOT_DECIDED.includes(status)) return unclear(events, expected, String(status));
  if (status !== wanted) {
    // A service may check keys, but not their scopes.
    const isLetIn = status >= 200 && status < 300;
    const instead = isLetIn ? damageOf(answer, ['status', 'message']) : `every refusal: ${status}`;
    return madeBy(instead, broken(events, expected, String(status)));
  }
  if (body.kind === 'unknown') return unclear(events, expected, String(status));
  const text = fieldOf(answer, 'detail');
  const actual = () => `${status} with detail: ${shown(text)}`;
  return madeBy(damageOf(answer, ['detail']), heldIf(typeof text === 'string', events, expected, actual));
}
