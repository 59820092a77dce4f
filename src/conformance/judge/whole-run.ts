import type { TraceEvent } from '../../wire/trace.ts';
import { conversationsOf } from '../conversation/conversation.ts';
import type { Occasion, Play } from './invariant.ts';
import type { Seen } from './terms.ts';

/** The HTTP requests and answers of all plays of a run, as one play. */
export interface WholeRun {
  readonly play: Play;
  /** An occasion in it, assigned to the play in which it ended. */
  readonly seenOf: (occasion: Occasion) => Seen;
}

/** An event of the run, and where it is from. */
interface Head {
  readonly event: TraceEvent;
  readonly play: string;
  readonly index: number;
}

/**
 * Puts the requests and answers of all plays in chronological order, since the state of a service lasts from one play to
 * the next. Undefined if the plays are not of one run against one service: then each stands alone.
 */
export function wholeRunOf(plays: readonly Play[]): WholeRun | undefined {
  const [first] = plays;
  if (first === undefined || plays.some(({ beganMs }) => beganMs === undefined)) return undefined;
  const heads = plays.flatMap(headsOf).sort((a, b) => a.event.atMs - b.event.atMs || a.index - b.index);
  const conversations = conversationsOf(heads.map(({ event }) => event));
  return {
    play: { ...first, name: 'the whole run', conversations },
    seenOf: (occasion) => seenOf(occasion, heads),
  };
}

function headsOf({ name, conversations, beganMs = 0 }: Play): readonly Head[] {
  return conversations.flatMap(({ session, moments }) =>
    moments.flatMap(({ event, index }) => {
      const isHead = event.kind === 'context' || event.kind === 'request' || event.kind === 'response';
      if (!isHead) return [];
      const moved = { ...event, session: `${name}/${session}`, atMs: event.atMs + beganMs };
      return [{ event: moved, play: name, index }];
    }),
  );
}

function seenOf(occasion: Occasion, heads: readonly Head[]): Seen {
  const byPlay = new Map<string, number[]>();
  for (const at of occasion.events) {
    const head = heads[at];
    if (head !== undefined) byPlay.set(head.play, [...(byPlay.get(head.play) ?? []), head.index]);
  }
  const told = [...byPlay].map(([play, evidence]) => ({ play, evidence: evidence.sort((a, b) => a - b) }));
  const last = told.pop() ?? { play: '', evidence: [] };
  const events = { ...occasion, events: last.evidence };
  return { play: last.play, occasion: events, ...(told.length === 0 ? {} : { also: told }) };
}
