import type { RequirementId } from '../../../../protocol/requirements.ts';
import { AMBIGUITIES } from '../../../../protocol/ambiguities.ts';
import {
  doubtful,
  heldIf,
  unclear,
  withReading,
  type Invariant,
  type Occasion,
  type Play,
} from '../../../judge/invariant.ts';
import { SERVICE_STATUSES, type ServiceStatus } from '../../../../protocol/scriptix/service.ts';
import { derived } from '../../../conversation/derived.ts';
import { firstAfter, inOrder, lastBefore, type Placed } from '../../../conversation/ordered.ts';
import { shown } from '../../../text/shown.ts';
import { NOT_DECIDED } from '../../shared/answers.ts';
import { answersAsItIs, answersOf, callsOf, fieldOf, type Answer } from './calls.ts';
import { connectionsOf } from './workflow.ts';

/** The state of the service at one of the times when it was asked for. */
interface Look extends Placed {
  readonly answer: Answer;
  readonly status: ServiceStatus;
}

/**
 * Two answers of status, the second requested after the first had come, with nothing known to have happened in between.
 */
type Pair = readonly [before: Look, after: Look];

/** What all calls to a service show together, in order of time. */
export const restSequence: readonly Invariant[] = [
  pairs('SX-REST-018', function* ([before, after], play) {
    if (before.status !== 'scaled_down' || mayHaveStarted(play, [before, after])) return;
    const events = evidence(before, after);
    const expected = 'still scaled_down, since no one has initialised the service';
    // If a service is never seen to start, nothing follows from the fact that it is down.
    if (after.status === 'scaled_down' && !isSeenUp(play)) {
      yield unclear(events, 'a service that is seen to start at other times', 'scaled_down in every answer');
    } else yield heldIf(after.status === 'scaled_down', events, expected, () => after.status);
  }),
  {
    id: 'SX-REST-019',
    isOfRun: true,
    *judge(play) {
      const looks = inOrder(looksOf(play));
      for (const answer of answersOf(play, 'initialize')) {
        const { response, status } = answer;
        // Without auto-scaling nothing follows from it (A12).
        if (status !== 200 || answersAsItIs(answer)) continue;
        const next = firstAfter(looks, response.index);
        if (next === undefined) continue;
        const events = [response.index, ...next.answer.events];
        const expected = 'status: "ready"';
        const actual = `status: ${shown(next.status)}`;
        if (next.status === 'scaled_down') yield readyAtOnce(doubtful(events, expected, actual));
        else yield heldIf(next.status === 'ready', events, expected, () => actual);
      }
    },
  },
  {
    id: 'SX-REST-020',
    isOfRun: true,
    *judge(play) {
      const answers = answersOf(play, 'initialize').filter(mayInitialise);
      for (const [i, before] of answers.entries()) {
        const again = answers[i + 1];
        if (again === undefined || before.status !== 200 || isOtherKey(before, again)) continue;
        yield repeated(before, again);
      }
    },
  },
  pairs('SX-REST-021', function* ([before, after], play) {
    if (before.status !== 'scaled_down' || after.status === 'scaled_down') return;
    const isCaused = isStarted(play, [before, after]);
    const actual = () => `scaled_down, then ${after.status} without a call of initialize`;
    yield heldIf(isCaused, evidence(before, after), 'a call of initialize in between', actual);
  }),
];

/**
 * Without auto-scaling, initialize leaves the service as it is (S3:21), and the documents have no 200 of it that says
 * anything but `ready` (S3:65).
 */
function readyAtOnce(occasion: Occasion): Occasion {
  return withReading(occasion, AMBIGUITIES.A12.readings.saysReady);
}

function pairs(id: RequirementId, judge: (pair: Pair, play: Play) => Iterable<Occasion>): Invariant {
  return {
    id,
    isOfRun: true,
    *judge(play) {
      let before: Look | undefined;
      for (const look of looksOf(play)) {
        if (before !== undefined && look.answer.request.index > before.answer.response.index) {
          yield* judge([before, look], play);
        }
        before = look;
      }
    },
  };
}

const isSeenUp = derived((play: Play): boolean =>
  looksOf(play).some(({ status }) => status !== 'scaled_down'),
);

function looksOf(play: Play): readonly Look[] {
  return answersOf(play, 'status').flatMap((answer) => {
    const status = SERVICE_STATUSES.find((known) => known === fieldOf(answer, 'status'));
    return answer.status === 200 && status !== undefined
      ? [{ index: answer.request.index, answer, status }]
      : [];
  });
}

/** A call of initialize that may start the service. */
interface Start extends Placed {
  /**
   * The time after which this call and those before it can no longer start the service: a 200 means that starting is
   * finished.
   */
  readonly until: number;
}

const startsOf = derived((play: Play): readonly Start[] => {
  let until = -Infinity;
  const starts = callsOf(play).filter(({ endpoint, isAsDocumented, answer }) => {
    const isRefused = answer?.status === 401 || answer?.status === 403;
    return endpoint === 'initialize' && isAsDocumented && !isRefused;
  });
  return inOrder(starts.map(({ request, answer }) => ({ index: request.index, answer }))).map(
    ({ index, answer }) => {
      until = Math.max(until, answer?.status === 200 ? answer.response.index : Infinity);
      return { index, until };
    },
  );
});

/** Whether a call of initialize may be why the service starts between two answers of status. */
function isStarted(play: Play, [before, after]: Pair): boolean {
  const start = lastBefore(startsOf(play), after.answer.response.index);
  return start !== undefined && start.until >= before.index;
}

/** Whether anything but the status calls themselves may have started the service. */
function mayHaveStarted(play: Play, pair: Pair): boolean {
  const [before, after] = pair;
  // No document says that connecting does not start the service.
  const tried = firstAfter(connectionsOf(play), before.index)?.index ?? Infinity;
  return tried < after.answer.response.index || isStarted(play, pair);
}

function mayInitialise({ credential }: Answer): boolean {
  return credential === undefined || credential === 'valid' || credential === 'admin';
}

/** Different keys may have equal stand-ins, so a refusal counts only if the key is known to be valid. */
function isOtherKey(before: Answer, again: Answer): boolean {
  if (before.credential !== again.credential) return true;
  return again.credential === undefined && (again.status === 401 || again.status === 403);
}

function repeated(before: Answer, again: Answer): Occasion {
  const events = [before.response.index, ...again.events];
  const expected = '200 again';
  if (NOT_DECIDED.includes(again.status)) {
    return unclear(events, expected, String(again.status));
  }
  return heldIf(again.status === 200, events, expected, () => String(again.status));
}

function evidence(before: Look, after: Look): readonly number[] {
  return [before.answer.response.index, ...after.answer.events];
}
