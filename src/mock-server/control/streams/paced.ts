import type { ServerResponse } from 'node:http';
import type { Clock } from '../../../runtime/clock.ts';
import { atEndOfTurn } from '../../../runtime/turn.ts';

/** A reader that takes nothing for this long, in real time, is cut off. */
const PATIENCE_MS = 30_000;

/** Writes to one reader, as fast as it reads. */
export interface Paced {
  /** Whether the reader must take what was written before more is written. */
  readonly isBlocked: boolean;
  write(text: string): void;
  /** Has `pump` called once, at the end of this turn. */
  schedule(): void;
  cutOff(): void;
}

/** @param pump writes what is available; called when the reader is ready, and at the end of a turn if scheduled */
export function paced(response: ServerResponse, wall: Clock, pump: () => void, onClose: () => void): Paced {
  let isBlocked = false;
  let isScheduled = false;
  let cancelPatience: (() => void) | undefined;
  const go = () => {
    isScheduled = false;
    if (!isBlocked && !response.destroyed) pump();
  };
  response.on('drain', () => {
    cancelPatience?.();
    isBlocked = false;
    go();
  });
  response.on('close', () => {
    cancelPatience?.();
    onClose();
  });
  response.writeHead(200, { 'content-type': 'application/x-ndjson', 'cache-control': 'no-store' });
  return {
    get isBlocked() {
      return isBlocked;
    },
    write(text) {
      if (response.write(text) || isBlocked) return;
      isBlocked = true;
      cancelPatience = wall.at(wall.now() + PATIENCE_MS, () => response.destroy());
    },
    schedule() {
      if (isScheduled) return;
      isScheduled = true;
      atEndOfTurn(go);
    },
    cutOff: () => void response.destroy(),
  };
}
