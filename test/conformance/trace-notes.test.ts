import { expect, it } from 'vitest';
import { judgeTrace } from '../../src/conformance/judge-trace.ts';
import type { TraceEvent } from '../../src/wire/trace.ts';

function notesOn(count: number): readonly string[] {
  const events = Array.from({ length: count }, (_, at): TraceEvent => {
    return { session: `s${at + 1}`, atMs: at, kind: 'text', from: 'client', text: '{}' };
  });
  return judgeTrace(events).report.notes;
}

// A trace of 200,000 sessions without a request had a note for each.
it('a trace has twenty of its sessions that are not judged named, and the others counted', () => {
  expect(notesOn(20)).toEqual(
    Array.from({ length: 20 }, (_, at) => `s${at + 1} was not judged: it has no request.`),
  );

  const notes = notesOn(500);
  expect(notes).toHaveLength(21);
  expect(notes.at(-1)).toBe('480 more sessions were not judged for such reasons.');
});
