import type { TraceEvent, TraceFact } from './trace.ts';

/** How many characters of a message are shown. */
const SHOWN = 160;
const TIME_WIDTH = 9;

/** The events for a reader, one line each: when, who, what. Nothing in a message can begin a line of its own. */
export function traceLines(events: readonly TraceEvent[]): string {
  return events.map(line).join('\n');
}

function line(event: TraceEvent): string {
  const who = ('from' in event ? event.from : whoOf(event)).padEnd(6);
  return `${event.atMs.toFixed(1).padStart(TIME_WIDTH)} ms  ${who}  ${shown(whatOf(event))}`;
}

function whoOf(fact: TraceFact): string {
  if (fact.kind === 'request' || fact.kind === 'report') return 'client';
  if (fact.kind === 'response') return 'server';
  return (fact.kind === 'end' ? fact.by : undefined) ?? '';
}

function whatOf(fact: TraceFact): string {
  switch (fact.kind) {
    case 'request':
      return `${fact.method} ${fact.target}`;
    case 'response':
      return [`HTTP ${fact.status}`, fact.body ?? ''].join(' ').trimEnd();
    case 'text':
      return fact.text;
    case 'binary': {
      const { byteCount, frameCount = 1 } = fact;
      return frameCount === 1 ? `${byteCount} bytes` : `${byteCount} bytes in ${frameCount} messages`;
    }
    case 'ping':
    case 'pong':
      return fact.kind;
    case 'bytes':
      return `raw bytes ${fact.base64}`;
    case 'close':
      return `Close ${fact.code} ${fact.reason}`.trimEnd();
    case 'fault':
      return `broke the protocol: ${fact.message}`;
    case 'context':
      return `(${JSON.stringify(fact.about)})`;
    case 'report':
      return `reports ${JSON.stringify(fact.report)}`;
    case 'note':
      return `(${fact.message})`;
    case 'end':
      return `end of the connection (${fact.how}, ${fact.code})`;
  }
}

function shown(text: string): string {
  const cut = text.length > SHOWN ? `${text.slice(0, SHOWN)}… (${text.length} characters)` : text;
  // Removes everything that moves a cursor or ends a line.
  return cut.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ');
}
