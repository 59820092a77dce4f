import { UserError } from '../runtime/errors.ts';
import { isIn, type Shard } from '../runtime/shard.ts';

/** When sessions begin, regardless of the others. */
export interface Schedule {
  readonly perSecond: number;
  /** How long a session lasts. */
  readonly holdMs: number;
  /** How long sessions are started. */
  readonly forMs: number;
  readonly shard?: Shard | undefined;
}

/** For one process: more ports than a system has for one destination, and more sessions than a core can serve. */
const MOST_OPEN = 20_000;
const MOST_SESSIONS = 1_000_000;

/** The milliseconds of the run at which its sessions are due. @throws UserError for too many */
export function dueTimes({ perSecond, holdMs, forMs, shard }: Schedule): readonly number[] {
  const all = Math.max(1, Math.floor((forMs * perSecond) / 1000));
  const parts = shard?.count ?? 1;
  if (all > MOST_SESSIONS * parts) {
    throw new UserError(`it would begin ${all} sessions; at most ${MOST_SESSIONS} are begun by one process`, {
      flag: 'rate',
    });
  }
  const open = Math.min(all, Math.ceil((perSecond * holdMs) / 1000) + 1) / parts;
  if (open > MOST_OPEN) {
    throw new UserError(
      `${Math.ceil(open)} sessions would be open at the same time; at most ${MOST_OPEN} from one process; share it out with --shard`,
      { flag: 'rate' },
    );
  }
  const due: number[] = [];
  for (let i = 0; i < all; i++) if (shard === undefined || isIn(i, shard)) due.push((i * 1000) / perSecond);
  return due;
}

/** The most audio that a run can send, in milliseconds. */
export function worstAudioMs(sessions: number, holdMs: number): number {
  return sessions * holdMs;
}

/**
 * Reads `5/s`, `30/m` or `100/h` as sessions per second.
 *
 * @throws UserError
 */
export function parseRate(text: string): number {
  const [, number = '', unit = ''] = /^(\d{1,6}(?:\.\d{1,6})?)\/(s|m|h)$/.exec(text) ?? [];
  const perSecond = Number(number) / { s: 1, m: 60, h: 3600, '': 1 }[unit as 's' | 'm' | 'h' | ''];
  if (number === '' || perSecond <= 0) {
    throw new UserError(`expected sessions in a length of time, such as 5/s, 30/m or 100/h, got "${text}"`);
  }
  return perSecond;
}
