import { request, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect } from 'vitest';
import { eventShape } from '../../../src/mock-server/control/streams/event-shape.ts';
import type { LiveEvent } from '../../../src/mock-server/feed/event.ts';
import type { MockServer } from '../../../src/mock-server/mock-server.ts';

/** A reader of the events of a fake. */
export interface LookingOn extends AsyncDisposable {
  readonly answer: IncomingMessage;
  /** All events so far. */
  readonly events: readonly LiveEvent[];
  /** The first event that fits, of those before and those to come. */
  next(fits: (event: LiveEvent) => boolean): Promise<LiveEvent>;
}

/** Reads nothing until it is asked to. */
export function askForEvents(fake: MockServer, query = ''): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const asking = request(`${fake.urls.control}/events${query}`, { agent: false }, resolve);
    asking.on('error', reject);
    asking.end();
  });
}

/** Reads events; each line must have the documented form. */
export async function lookOn(fake: MockServer, query = ''): Promise<LookingOn> {
  const answer = await askForEvents(fake, query);
  if (answer.statusCode !== 200) throw new Error(`${answer.statusCode}: ${await text(answer)}`);
  const events: LiveEvent[] = [];
  let rest = '';
  let looks: (() => void)[] = [];
  answer.setEncoding('utf8').on('data', (piece: string) => {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    // The schema has checked that the line has this type.
    for (const line of lines) events.push(eventShape.parse(JSON.parse(line)) as LiveEvent);
    for (const look of looks) look();
  });
  answer.on('error', () => undefined);
  return {
    answer,
    events,
    next(fits) {
      return new Promise((resolve, reject) => {
        const look = () => {
          const found = events.find(fits);
          if (found === undefined) return;
          looks = looks.filter((other) => other !== look);
          resolve(found);
        };
        looks.push(look);
        answer.on('close', () => reject(new Error(`It was not told; there was: ${JSON.stringify(events)}`)));
        look();
      });
    },
    async [Symbol.asyncDispose]() {
      answer.destroy();
      await expect.poll(() => answer.destroyed).toBe(true);
    },
  };
}
