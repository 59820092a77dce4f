import type { ServerResponse } from 'node:http';
import { z } from 'zod';
import { inTenths } from '../../../runtime/clock.ts';
import type { Feed } from '../../feed/feed.ts';
import type { LiveEvent } from '../../feed/event.ts';
import { progressIn } from '../../feed/progress.ts';
import { fail } from '../answers.ts';
import { call, type Call } from '../call.ts';
import type { ControlOptions } from '../options.ts';
import { wholeIn } from '../values.ts';
import { eventShape } from './event-shape.ts';
import { paced } from './paced.ts';

/** The maximum number of readers at the same time. */
export const MOST_READERS = 100;
/** The number of events written per turn of the event loop. */
const PART = 64;

/** Reports what happens in the server as it happens. */
export function eventCalls(options: ControlOptions): readonly Call[] {
  const { feed } = options;
  return [
    call({
      method: 'get',
      path: '/events',
      does: 'What happens in the fake, as it happens, one JSON object per line: connections and their progress, refusals, calls, scenarios. It does not end by itself',
      query: {
        schema: z.strictObject({
          since: wholeIn(0, 10 ** 10 - 1)
            .optional()
            .describe('Begin after the event with this number; events that are no longer kept become a gap'),
        }),
        expected: 'since= the number of an event, or nothing',
      },
      answers: {
        200: { means: 'Lines, each an Event of the fake', type: 'application/x-ndjson', schema: eventShape },
      },
      errors: { 429: 'Too many readers at the same time' },
      answer({ query: { since } }, response, request) {
        if (request.method === 'HEAD') return void response.type('application/x-ndjson').end();
        if (feed.readers >= MOST_READERS) {
          const expected = `at most ${MOST_READERS}`;
          return fail(response, 429, { error: 'Too many readers at the same time', expected });
        }
        sendEvents(feed, response, since, options);
      },
    }),
  ];
}

/**
 * A number that has not been given out yet comes from another run of the server, so its reader starts from the
 * beginning.
 */
function startOf(feed: Feed, since: number | undefined): number {
  return since === undefined || since < feed.base || since >= feed.next ? feed.next : since + 1;
}

function sendEvents(
  feed: Feed,
  response: ServerResponse,
  since: number | undefined,
  { clock, wall }: Pick<ControlOptions, 'clock' | 'wall'>,
): void {
  let next = startOf(feed, since);
  const pump = () => {
    const { events, missed, next: then } = feed.part(next, PART);
    next = then;
    if (missed > 0) reader.write(line({ event: 'gap', missed }));
    if (events.length === 0) return;
    reader.write(events.map(line).join(''));
    reader.schedule();
  };
  const leave = feed.read({
    progressIn,
    onMore: () => {
      if (!reader.isBlocked) reader.schedule();
    },
    onProgress: (progressed) => {
      // A session is reported only after its opening, and not after its end.
      if (reader.isBlocked || next !== feed.next) return;
      const atMs = inTenths(clock.now());
      reader.write(progressed.map((each) => line({ ...each, atMs })).join(''));
    },
  });
  const reader = paced(response, wall, pump, leave);
  reader.write(line({ event: 'start', next: feed.next, nowMs: inTenths(clock.now()) }));
  reader.schedule();
}

function line(event: LiveEvent): string {
  return `${JSON.stringify(event)}\n`;
}
