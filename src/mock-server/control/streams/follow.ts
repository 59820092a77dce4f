import type { ServerResponse } from 'node:http';
import type { Clock } from '../../../runtime/clock.ts';
import { atEndOfTurn, isTimeInTurn } from '../../../runtime/turn.ts';
import type { TraceHeader } from '../../../wire/trace.ts';
import type { SessionLog } from '../../journal/session-log.ts';
import type { Level } from '../../session/levels.ts';
import { paced } from './paced.ts';

/** Which part of a trace is sent, and how. */
export interface FollowOptions {
  readonly header: TraceHeader;
  /** Continue until the session ends, instead of ending with the events so far. */
  readonly follows: boolean;
  /** The first event to report, counted from 0. */
  readonly from: number;
  /** How many events to report; undefined for all. */
  readonly count: number | undefined;
  /** Report the power of the audio as well, as it arrives. */
  readonly withLevels: boolean;
  /** Real time. */
  readonly wall: Clock;
}

/** The number of events turned into text at a time; a reader gets at least one such part per turn of the event loop. */
const PART = 16;
/** A reader that falls this many events behind is cut off. */
const MOST_BEHIND = 10_000;
/** The maximum number of readers who follow sessions of one fake at the same time. */
export const MOST_FOLLOWERS = 500;

/** The maximum number of pieces of audio whose levels wait for a reader; beyond it the oldest are left out. */
const MOST_LEVELS = 1000;

/** Writes a trace as NDJSON, as fast as its reader takes it. What the reader has not taken yet stays in the journal. */
export function sendTrace(log: SessionLog, response: ServerResponse, options: FollowOptions): void {
  const { follows, from, count = Infinity } = options;
  const end = follows ? Infinity : Math.min(log.total, from + count);
  let next = from;
  const levels: string[] = [];
  let stopListening: (() => void) | undefined;
  const hear = (level: Level) => {
    levels.push(`${JSON.stringify({ session: log.id, kind: 'levels', ...level })}\n`);
    if (levels.length > MOST_LEVELS) levels.shift();
    if (!reader.isBlocked) reader.schedule();
  };
  const pump = () => {
    // A session can be listened to once its words are loaded.
    if (options.withLevels) stopListening ??= log.audible?.listen(hear);
    do {
      const part = readPart(log, next, Math.min(PART, end - next));
      next = part.next;
      if (part.text === '' && levels.length > 0) {
        // The events that they belong to have been reported by now.
        reader.write(levels.splice(0, PART).join(''));
        return reader.schedule();
      }
      if (part.text === '') {
        if (next >= end || log.isOver) response.end();
        return;
      }
      reader.write(part.text);
      // A turn takes several milliseconds where there are many connections: waiting for one after each part takes long.
    } while (!reader.isBlocked && isTimeInTurn());
    // Let other work have its turn.
    reader.schedule();
  };
  const unwatch = log.watch(() => {
    if (!reader.isBlocked) reader.schedule();
    else if (log.total - next > MOST_BEHIND) reader.cutOff();
  });
  const reader = paced(response, options.wall, pump, () => {
    unwatch();
    stopListening?.();
  });
  reader.write(`${JSON.stringify(options.header)}\n`);
  reader.schedule();
}

interface Part {
  readonly next: number;
  /** As lines; empty when there are no more events. */
  readonly text: string;
}

/** Text produced in this turn: readers who follow the same session are mostly at the same position. */
const read = new Map<SessionLog, Map<string, Part>>();

/** Kept only for this turn, since a secret that becomes known is hidden from then on. */
function readPart(log: SessionLog, from: number, most: number): Part {
  if (read.size === 0) atEndOfTurn(() => read.clear());
  const ofLog = read.get(log) ?? new Map<string, Part>();
  read.set(log, ofLog);
  const key = `${from} ${most}`;
  const known = ofLog.get(key);
  if (known !== undefined) return known;
  const { next, events } = log.part(from, most);
  const part = { next, text: events.map((event) => `${JSON.stringify(event)}\n`).join('') };
  // There may be more before the turn is over.
  if (part.text !== '') ofLog.set(key, part);
  return part;
}
