import type { Clock } from '../runtime/clock.ts';
import type { Redactor } from '../wire/redact/redact.ts';
import { encodeEvent, encodeHeader, LONGEST_LINE, MOST_EVENTS } from '../wire/trace-file.ts';
import type { TraceEvent, TraceFact, TraceHeader } from '../wire/trace.ts';

export interface TraceWriter {
  /** Adds what happened in a session just now. Gives back what was written: redacted. */
  add(session: string, fact: TraceFact): TraceFact;
  readonly eventCount: number;
}

/**
 * Writes a trace while it happens. Nothing is written that has not been redacted, and a line in which a known secret
 * is left all the same is refused: a note takes its place.
 *
 * @param writeLine takes lines one by one, each with its end; what it has taken outlives a crash of ours
 */
export function newTraceWriter(
  header: TraceHeader,
  clock: Clock,
  redactor: Redactor,
  writeLine: (line: string) => void,
): TraceWriter {
  let eventCount = 0;
  writeLine(encodeHeader(header));
  return {
    get eventCount() {
      return eventCount;
    },
    add(session, fact) {
      const redacted = redactor.fact(fact);
      if (eventCount >= MOST_EVENTS) return redacted;
      eventCount += 1;
      const written =
        eventCount === MOST_EVENTS ? note(fact, 'the trace is full, what follows is not recorded') : redacted;
      const { line, event } = lineOf(
        { session, atMs: Math.round(clock.now() * 10) / 10, ...written },
        redactor,
      );
      writeLine(line);
      return event;
    },
  };
}

function lineOf(
  given: TraceEvent,
  redactor: Redactor,
): { readonly line: string; readonly event: TraceEvent } {
  const instead = (why: string) => {
    const event: TraceEvent = { session: given.session, atMs: given.atMs, ...note(given, why) };
    return { line: encodeEvent(event), event };
  };
  if (stringsOf(given).some((text) => redactor.leaks(text))) {
    return instead('left out, because a secret could not be removed from it');
  }
  const line = encodeEvent(given);
  return line.length > LONGEST_LINE
    ? instead('left out, because it is too long for a trace')
    : { line, event: given };
}

/** Stands where something is missing, so that the gap is not taken for silence. */
function note(fact: TraceFact, why: string): TraceFact {
  const from = 'from' in fact ? fact.from : fact.kind === 'request' ? 'client' : 'server';
  return { kind: 'fault', from, message: `(recorder) ${fact.kind}: ${why}` };
}

/** All that peers have a hand in. The words of our own may be like a secret: a key may be "text". */
function stringsOf(fact: TraceFact): readonly string[] {
  switch (fact.kind) {
    case 'request':
      return [fact.target, ...Object.entries(fact.headers).flat(), fact.body ?? ''];
    case 'response':
      return [...Object.entries(fact.headers).flat(), fact.body ?? ''];
    case 'text':
      return [fact.text];
    case 'binary':
      return [decoded(fact.base64 ?? '')];
    case 'ping':
    case 'pong':
    case 'bytes':
      return [decoded(fact.base64)];
    case 'close':
      return [fact.reason];
    case 'note':
      return [fact.message];
    case 'fault':
      return [fact.message];
    case 'report':
      return [JSON.stringify(fact.report)];
    case 'context':
    case 'end':
      return [];
  }
}

function decoded(base64: string): string {
  return Buffer.from(base64, 'base64').toString();
}
