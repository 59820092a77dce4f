import type { ServerResponse } from 'node:http';
import type { Clock } from '../../runtime/clock.ts';
import { atEndOfTurn } from '../../runtime/turn.ts';
import type { TraceHeader } from '../../wire/trace.ts';
import type { SessionLog } from '../journal/session-log.ts';

export interface FollowOptions {
  readonly header: TraceHeader;
  /** Go on until the session ends, instead of until what is there now. */
  readonly follows: boolean;
  /** Real time. */
  readonly wall: Clock;
}

/** Events that are turned into text at a time. */
const PART = 16;
/** A reader that is so many events behind, or takes nothing for so long, is cut off. */
const MOST_BEHIND = 10_000;
const PATIENCE_MS = 30_000;

/** Writes a trace as NDJSON, as fast as its reader takes it. What the reader has not taken stays in the journal. */
export function sendTrace(log: SessionLog, response: ServerResponse, options: FollowOptions): void {
  const end = options.follows ? Infinity : log.total;
  let next = 0;
  let isBlocked = false;
  let isScheduled = false;
  let cancelPatience: (() => void) | undefined;

  const write = (text: string) => {
    if (response.write(text)) return;
    isBlocked = true;
    const { wall } = options;
    cancelPatience = wall.at(wall.now() + PATIENCE_MS, () => response.destroy());
  };
  const pump = () => {
    isScheduled = false;
    while (!isBlocked && !response.destroyed) {
      const part = log.part(next, Math.min(PART, end - next));
      next = part.next;
      if (part.events.length > 0) {
        write(part.events.map((event) => `${JSON.stringify(event)}\n`).join(''));
        continue;
      }
      if (next >= end || log.isOver) response.end();
      return;
    }
  };
  const unwatch = log.watch(() => {
    if (isBlocked) {
      if (log.total - next > MOST_BEHIND) response.destroy();
      return;
    }
    if (isScheduled) return;
    isScheduled = true;
    atEndOfTurn(pump);
  });
  response.on('drain', () => {
    cancelPatience?.();
    isBlocked = false;
    pump();
  });
  response.on('close', () => {
    cancelPatience?.();
    unwatch();
  });
  response.writeHead(200, { 'content-type': 'application/x-ndjson', 'cache-control': 'no-store' });
  write(`${JSON.stringify(options.header)}\n`);
  pump();
}
