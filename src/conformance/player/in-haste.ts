import { bytesOf, type RoomLimits } from '../wire-client/room.ts';
import type { TraceEvent } from '../../wire/trace.ts';
import type { Played } from './play-scenario.ts';

/** How much of a run is judged after its time: a usual run has less, and even a busy machine judges that in a second. */
const ROOM_IN_HASTE: RoomLimits = { events: 15_000, bytes: 16 * 2 ** 20 };

/** No play gets more than this part of the room: twice of what the longest probe leaves. */
const LARGEST_PART = 1 / 8;

const MESSAGE = 'the time was up before the rest could be judged';

/**
 * The plays of a run whose time is over, with only the beginning of what a flood has left, as judging all of it may take
 * longer than the run. Short plays stay whole.
 */
export function inHaste(plays: readonly Played[], room: RoomLimits = ROOM_IN_HASTE): readonly Played[] {
  const shareOf = (event: TraceEvent) => Math.max(1 / room.events, bytesOf(event) / room.bytes);
  const parts = plays.map(({ events }) => events.map(shareOf));
  const shares = parts.map(sumOf);
  const whole = sumOf(shares);
  if (whole <= 1 && shares.every((share) => share <= LARGEST_PART)) return plays;
  const all = [...plays];
  let left = 1;
  const shortestFirst = [...shares.entries()].sort(([, a], [, b]) => a - b);
  for (const [done, [place, share]] of shortestFirst.entries()) {
    const most = Math.min(LARGEST_PART, left / (shortestFirst.length - done));
    const play = all[place];
    if (share > most && play !== undefined) all[place] = beginningOf(play, most, parts[place] ?? []);
    left -= Math.min(share, most);
  }
  return all;
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, each) => sum + each, 0);
}

/**
 * As much of a play as fits. Each session that has lost something says so, and has its end.
 *
 * @param shares of its events
 */
function beginningOf(play: Played, most: number, shares: readonly number[]): Played {
  const events: TraceEvent[] = [];
  const begun = new Set<string>();
  const dropped = new Map<string, number>();
  const ends: TraceEvent[] = [];
  let used = 0;
  let atMs = 0;
  for (const [i, event] of play.events.entries()) {
    // The last one may be too long: a server may send nothing but such messages, which says something about it.
    if (used < most) {
      used += shares[i] ?? 0;
      events.push(event);
      begun.add(event.session);
      atMs = event.atMs;
    } else if (begun.has(event.session)) {
      if (event.kind === 'end') ends.push(event);
      else dropped.set(event.session, (dropped.get(event.session) ?? 0) + 1);
    }
  }
  const notes = [...dropped].map(([session, count]): TraceEvent => ({
    ...{ session, atMs, kind: 'note' },
    ...{ message: MESSAGE, dropped: count },
  }));
  return { ...play, events: [...events, ...notes, ...ends], cut: play.cut ?? MESSAGE };
}
