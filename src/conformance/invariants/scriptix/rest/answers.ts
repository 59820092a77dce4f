import { listed } from '../../../../runtime/text/listed.ts';
import type { RequirementId } from '../../../../protocol/requirements.ts';
import { AMBIGUITIES } from '../../../../protocol/ambiguities.ts';
import type { Endpoint } from '../../../../protocol/scriptix/rest.ts';
import { SERVICE_STATUSES } from '../../../../protocol/scriptix/service.ts';
import {
  broken,
  doubtful,
  held,
  heldIf,
  madeBy,
  unclear,
  type Invariant,
  type Occasion,
} from '../../../judge/invariant.ts';
import { shown } from '../../../text/shown.ts';
import { answersAsItIs, answersOf, damageOf, fieldOf, isToBeRefused, type Answer } from './calls.ts';

/** The form of an answer with status 200. */
export const restAnswers: readonly Invariant[] = [
  ok('SX-REST-004', undefined, function* (answer) {
    const { body, events } = answer;
    const damage = damageOf(answer, Object.keys(TYPES));
    const expected = 'a JSON object with the strings status, message and endpoint and the boolean ready';
    if (body.kind === 'unknown') {
      yield unclear(events, expected, body.why);
    } else if (body.kind === 'wrong') yield madeBy(damage, broken(events, expected, body.why));
    else {
      const wrong = Object.entries(TYPES).filter(([name, type]) => typeof body.fields[name] !== type);
      const actual = () => wrong.map(([name]) => `${name}: ${shown(body.fields[name])}`).join(', ');
      yield madeBy(damage, heldIf(wrong.length === 0, events, expected, actual));
    }
  }),
  ok('SX-REST-005', 'initialize', function* (answer) {
    const status = fieldOf(answer, 'status');
    if (typeof status !== 'string') return;
    if (answersAsItIs(answer)) yield { ...held(...answer.events), reading: AMBIGUITIES.A12.readings.atOnce };
    else yield heldIf(status === 'ready', answer.events, 'status: "ready"', () => `status: ${shown(status)}`);
  }),
  ok('SX-REST-006', 'initialize', function* (answer) {
    const ready = fieldOf(answer, 'ready');
    if (typeof ready !== 'boolean') return;
    if (answersAsItIs(answer)) yield { ...held(...answer.events), reading: AMBIGUITIES.A12.readings.atOnce };
    else yield ready ? held(...answer.events) : answeredAtOnce(answer);
  }),
  ok('SX-REST-007', 'status', function* (answer) {
    const status = fieldOf(answer, 'status');
    if (typeof status !== 'string') return;
    const isKnown = SERVICE_STATUSES.some((known) => known === status);
    const expected = `status: ${listed(SERVICE_STATUSES)}`;
    yield heldIf(isKnown, answer.events, expected, () => `status: ${shown(status)}`);
  }),
  ok('SX-REST-008', 'status', function* (answer) {
    const status = fieldOf(answer, 'status');
    const ready = fieldOf(answer, 'ready');
    if (typeof status !== 'string' || typeof ready !== 'boolean') return;
    const expected = 'ready that says the same as status';
    const actual = () => `status: ${shown(status)}, ready: ${String(ready)}`;
    yield heldIf(ready === (status === 'ready'), answer.events, expected, actual);
  }),
  ok('SX-REST-009', undefined, function* (answer) {
    const endpoint = fieldOf(answer, 'endpoint');
    if (typeof endpoint !== 'string') return;
    const isUrl = /^wss?:\/\//i.test(endpoint) && URL.canParse(endpoint);
    yield heldIf(
      isUrl,
      answer.events,
      'endpoint: a URL with ws: or wss:',
      () => `endpoint: ${shown(endpoint)}`,
    );
  }),
  ok('SX-REST-022', undefined, function* ({ contentType, events }) {
    const isJson = /^application\/json\s*(;|$)/i.test(contentType);
    yield heldIf(
      isJson,
      events,
      'content-type: application/json',
      () => `content-type: ${contentType || 'none'}`,
    );
  }),
];

const TYPES = { status: 'string', message: 'string', ready: 'boolean', endpoint: 'string' } as const;

/**
 * Looks at every 200 for one of the calls or for both, except where a 200 was wrong in itself (SX-REST-010 and -012).
 */
function ok(
  id: RequirementId,
  endpoint: Endpoint | undefined,
  judge: (answer: Answer) => Iterable<Occasion>,
): Invariant {
  return {
    id,
    *judge(play) {
      for (const answer of answersOf(play, endpoint)) {
        if (answer.status === 200 && !isToBeRefused(answer)) yield* judge(answer);
      }
    },
  };
}

/** With auto-scaling off, a service "returns endpoint immediately" (S3:21), whether it is ready or not. */
function answeredAtOnce({ events }: Answer): Occasion {
  const reading = AMBIGUITIES.A12.readings.atOnce;
  return { ...doubtful(events, 'ready: true', 'ready: false'), reading };
}
