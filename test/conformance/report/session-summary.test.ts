import { expect, it } from 'vitest';
import { mergeEvents } from '../../../src/conformance/client/reports/merge.ts';
import { sessionsOf } from '../../../src/conformance/report/session-summary.ts';
import type { TraceEvent } from '../../../src/wire/trace.ts';

const REQUEST: TraceEvent = {
  ...{ session: 's1', atMs: 10, kind: 'request', method: 'GET' },
  ...{ target: '/v2/realtime?token=redacted-1', headers: {} },
};
/** What is known of a client when it has exited, before or after it has connected. */
const EXITED = { atMs: 5, fact: { kind: 'context', about: { client: 'exited 0' } } } as const;

const summed = (recorded: readonly TraceEvent[]) =>
  sessionsOf({ name: 'happy-path', events: mergeEvents(recorded, [EXITED], { scenario: 'happy-path' }) });

it('a client that did nothing has no connections and calls', () => {
  expect(summed([])).toEqual([]);
});

it('what was told before the first connection is not another one', () => {
  expect(summed([REQUEST]).map(({ session }) => session)).toEqual(['s1']);
});
