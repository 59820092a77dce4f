import { call, linesOf, Refused } from './api.ts';
import { pause } from './clock.ts';
import { EMPTY, withEvents, withList, type Listed, type World, type WorldEvent } from './world.ts';

/** The state of the page's connection to its server. */
export type Link = 'connecting' | 'live' | 'lost' | 'locked';

/**
 * Listeners, which are called at most ten times a second. `round` grows each time the connection comes back, since it may
 * be another fake then.
 */
export type Told = (world: World, link: Link, round: number) => void;

const AGAIN_MS = 1000;
/** A page in the background also has timers, but draws nothing. */
const TOLD_MS = 100;

/** Follows the fake until `signal` is aborted, and reconnects when the connection is lost. */
export async function follow(told: Told, signal: AbortSignal): Promise<void> {
  let world = EMPTY;
  let link: Link = 'connecting';
  let round = 0;
  let wasLost = false;
  let waiting: WorldEvent[] = [];
  let isDue = false;
  const tell = () => {
    if (isDue) return;
    isDue = true;
    void pause(TOLD_MS).then(() => {
      isDue = false;
      world = withEvents(world, waiting);
      waiting = [];
      if (!signal.aborted) told(world, link, round);
    });
  };
  const list = async () => {
    const listed = (await call('sessions')) as Listed;
    // What came in the meantime is newer than the list, or already in it.
    world = withList(world, listed);
  };
  const enter = (next: Link) => {
    link = next;
    tell();
  };
  const isOver = () => signal.aborted;
  while (!isOver()) {
    try {
      for await (const line of linesOf('events', signal)) {
        const event = line as WorldEvent;
        if (event.event === 'start' || event.event === 'gap') {
          world = withEvents(world, waiting);
          waiting = [];
          await list();
          if (wasLost) round += 1;
          wasLost = false;
          enter('live');
        }
        waiting.push(event);
        tell();
      }
      wasLost = true;
      enter('lost');
    } catch (error) {
      if (isOver()) return;
      const isLocked = error instanceof Refused && (error.status === 401 || error.status === 403);
      if (isLocked) return enter('locked');
      wasLost = true;
      enter('lost');
    }
    await pause(AGAIN_MS, signal);
  }
}
