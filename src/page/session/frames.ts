/** What crossed the wire on one connection, as rows of a list. Pure. */

import type { TraceEvent } from '../../wire/trace.ts';

/** A line of the list of frames. */
export interface FrameRow {
  /** Its place in the trace, from 0. */
  readonly index: number;
  readonly atMs: number;
  readonly from: 'client' | 'server' | undefined;
  readonly kind: TraceEvent['kind'];
  readonly byteCount: number | undefined;
  /** On one line, and no longer than can be seen. */
  readonly summary: string;
  readonly event: TraceEvent;
}

/** The code of a Close frame that has none. */
const NO_CODE = 1005;
/** The most characters of a summary. */
const LONGEST_SUMMARY = 300;
/** The most characters of a message that are laid out. */
const LONGEST_SHOWN = 100_000;

/** The row for an event. */
export function rowOf(event: TraceEvent, index: number): FrameRow {
  const { atMs, kind } = event;
  return {
    ...{ index, atMs, kind, event },
    from: senderOf(event),
    byteCount: bytesOf(event),
    summary: plain(summaryOf(event).slice(0, LONGEST_SUMMARY)),
  };
}

function senderOf(event: TraceEvent): 'client' | 'server' | undefined {
  if (event.kind === 'request') return 'client';
  if (event.kind === 'response') return 'server';
  return 'from' in event ? event.from : undefined;
}

function bytesOf(event: TraceEvent): number | undefined {
  if (event.kind === 'text') return new TextEncoder().encode(event.text).length;
  return event.kind === 'binary' ? event.byteCount : undefined;
}

function summaryOf(event: TraceEvent): string {
  switch (event.kind) {
    case 'request':
      return `${event.method} ${event.target}`;
    case 'response':
      return `Status ${event.status}`;
    case 'text':
      return event.text;
    case 'binary':
      return (event.frameCount ?? 1) > 1 ? `${event.frameCount ?? 1} messages` : 'Binary message';
    case 'close':
      return `${event.code}${event.reason === '' ? '' : ` ${event.reason}`}`;
    case 'fault':
    case 'note':
      return event.message;
    case 'end':
      return `${event.how}, code ${event.code}`;
    case 'context':
      return JSON.stringify(event.about);
    case 'report':
      return JSON.stringify(event.report);
    case 'ping':
    case 'pong':
    case 'bytes':
      return event.base64;
  }
}

/** A text whose characters that would break a line or turn its direction are replaced by their numbers. */
export function plain(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
    character === '\n' ? '⏎' : `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

/** A frame in full: JSON laid out, or the event itself. */
export function pretty({ event }: FrameRow): string {
  const text = event.kind === 'text' ? laidOut(event.text) : JSON.stringify(factOf(event), null, 2);
  return text.length <= LONGEST_SHOWN
    ? text
    : `${text.slice(0, LONGEST_SHOWN)}\n… ${text.length - LONGEST_SHOWN} more characters`;
}

function factOf(event: TraceEvent): object {
  return Object.fromEntries(Object.entries(event).filter(([name]) => name !== 'session' && name !== 'atMs'));
}

function laidOut(text: string): string {
  const value = parsed(text);
  return value === undefined ? text : JSON.stringify(value, null, 2);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** The step of a scenario that sends the same; undefined if no step does. */
export function stepOf({ event }: FrameRow): string | undefined {
  if (!('from' in event) || event.from !== 'server') return undefined;
  if (event.kind === 'close') return event.code === NO_CODE ? undefined : `- close: ${event.code}`;
  if (event.kind !== 'text') return undefined;
  const value = parsed(event.text);
  return value === undefined ? `- raw: ${JSON.stringify(event.text)}` : `- send: ${JSON.stringify(value)}`;
}

/** Which rows are shown. */
export interface FrameFilter {
  readonly from: 'client' | 'server' | undefined;
  readonly text: string;
}

/** Whether a row passes a filter. */
export function isShown(row: FrameRow, { from, text }: FrameFilter): boolean {
  if (from !== undefined && row.from !== from) return false;
  if (text === '') return true;
  const sought = text.toLowerCase();
  const all = row.event.kind === 'text' ? row.event.text : row.summary;
  return row.kind.includes(sought) || all.toLowerCase().includes(sought);
}
