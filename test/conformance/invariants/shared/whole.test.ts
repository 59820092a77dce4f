import { expect, it } from 'vitest';
import { conversationsOf } from '../../../../src/conformance/conversation/conversation.ts';
import { isWhole } from '../../../../src/conformance/invariants/shared/whole.ts';
import type { TraceEvent, TraceFact } from '../../../../src/wire/trace.ts';

function conversationWith(...facts: readonly TraceFact[]) {
  const events = facts.map((fact, index): TraceEvent => ({ session: 's1', atMs: index, ...fact }));
  const [conversation] = conversationsOf(events);
  if (conversation === undefined) throw new Error('the trace has no conversation');
  return conversation;
}

const REQUEST: TraceFact = { kind: 'request', method: 'GET', target: '/v2/realtime', headers: {} };

it.each([
  ['that does not mention events', { kind: 'note', message: 'open' }, true],
  ['of 0 dropped events', { kind: 'note', message: 'all is here', dropped: 0 }, true],
  ['of 1 dropped event', { kind: 'note', message: '1 event is not here', dropped: 1 }, false],
] as const)('whether a trace is whole is known by a note %s', (_name, note, expected) => {
  const conversation = conversationWith(REQUEST, note);

  expect(isWhole(conversation)).toBe(expected);
});
