import { inTenths, type Clock } from '../runtime/clock.ts';
import type { Redactor } from '../wire/redact/redact.ts';
import { encodeEvent, encodeHeader, LONGEST_LINE, MOST_EVENTS } from '../wire/trace-file.ts';
import type { TraceEvent, TraceFact, TraceHeader } from '../wire/trace.ts';
import { gap } from './gap.ts';

/** Writes the events of all sessions. */
export interface TraceWriter {
  /**
   * Adds an event that has just happened in a session. Returns what was written, after redaction: the event, or the
   * note that the trace is full. After that note nothing more is written, and the event is returned.
   */
  add(session: string, fact: TraceFact): TraceFact;
  readonly eventCount: number;
}

/**
 * Writes a trace while it happens. Everything is redacted before it is written, and a line that still contains a known
 * secret is replaced by a note.
 *
 * @param writeLine takes lines one by one, each with its line break; lines that it has taken survive a crash
 */
export function newTraceWriter(
  header: TraceHeader,
  clock: Clock,
  redactor: Redactor,
  writeLine: (line: string) => void,
): TraceWriter {
  let eventCount = 0;
  let isFull = false;
  /** Sessions that have not ended, and so continue unrecorded when the trace is full. */
  const open = new Set<string>();
  writeLine(encodeHeader(header));
  const write = (session: string, fact: TraceFact): TraceFact => {
    eventCount += 1;
    const atMs = inTenths(clock.now());
    const { line, event } = lineOf({ session, atMs, ...fact }, redactor);
    writeLine(line);
    return event;
  };
  return {
    get eventCount() {
      return eventCount;
    },
    add(session, fact) {
      const redacted = redactor.fact(fact);
      if (isFull) return redacted;
      open.add(session);
      // The trace ends with a note for each of them.
      isFull = eventCount + open.size >= MOST_EVENTS;
      if (isFull) {
        const full = gap('the trace is full; what follows is not recorded');
        for (const each of open) write(each, full);
        return full;
      }
      if (isLast(fact)) open.delete(session);
      return write(session, redacted);
    },
  };
}

/** For a connection, or a call over HTTP. */
function isLast(fact: TraceFact): boolean {
  return fact.kind === 'end' || (fact.kind === 'response' && fact.status !== 101);
}

function lineOf(
  given: TraceEvent,
  redactor: Redactor,
): { readonly line: string; readonly event: TraceEvent } {
  const instead = (why: string) => {
    const event: TraceEvent = {
      session: given.session,
      atMs: given.atMs,
      ...gap(`${given.kind}: left out, because ${why}`),
    };
    return { line: encodeEvent(event), event };
  };
  if (stringsOf(given).some((text) => redactor.leaks(text))) {
    return instead('a secret could not be removed from it');
  }
  const line = encodeEvent(given);
  return line.length > LONGEST_LINE ? instead('it is too long for a trace') : { line, event: given };
}

/**
 * Everything that peers can influence. Our own words are excluded because one may equal a secret: a key may be "text".
 */
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
