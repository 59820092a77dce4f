import type { Conversation, Heard } from '../../conversation/conversation.ts';
import { derived } from '../../conversation/derived.ts';
import { lastBefore } from '../../conversation/ordered.ts';
import type { Play } from '../../judge/invariant.ts';
import { ARRIVAL_MS } from './arrival.ts';
import { endingOf, lastMsOf } from './ending.ts';
import { othersOf } from './other-plays.ts';

/**
 * A trace shows what one end has seen. Messages of the two ends cross on the way, so the end that sent the later
 * message need not have read the earlier one.
 *
 * @param beforeMs when one side sent something
 * @param afterMs when the other side's message came that looks like a reaction to it
 */
export function mayHaveCrossed(beforeMs: number, afterMs: number): boolean {
  return afterMs - beforeMs < ARRIVAL_MS;
}

/** Whether the server, when it sent a message, had read all audio that was sent before that message came. */
export function hadReadAudio(conversation: Conversation, { index, event }: Heard): boolean {
  const last = lastBefore(audioIn(conversation), index);
  return last === undefined || !mayHaveCrossed(last.event.atMs, event.atMs);
}

const audioIn = derived(({ said }: Conversation) => said.filter(({ message }) => message.kind === 'audio'));

/**
 * Whether this server ends connections because of flushes: in this run it has ended several connections right after a
 * flush, and has continued after none. The end of a single connection may have crossed with the flush.
 */
export function endsAtFlushes(play: Play, dialect: Conversation['dialect']): boolean {
  return endedAtFlushes(othersOf(play)).has(dialect);
}

const endedAtFlushes = derived((plays: readonly Play[]): ReadonlySet<Conversation['dialect']> => {
  const ended = new Map<Conversation['dialect'], number>();
  const lived = new Set<Conversation['dialect']>();
  for (const conversation of plays.flatMap(({ conversations }) => conversations)) {
    const { said, heard, dialect } = conversation;
    const flush = said.find(({ message }) => message.kind === 'flush');
    if (flush === undefined) continue;
    const ending = endingOf(conversation);
    const untilMs = ending?.atMs ?? lastMsOf(conversation);
    const isConfirmed = heard.some(({ message }) => message.kind === 'confirmation');
    if (isConfirmed || !mayHaveCrossed(flush.event.atMs, untilMs)) lived.add(dialect);
    else if (ending?.by === 'server') ended.set(dialect, (ended.get(dialect) ?? 0) + 1);
  }
  return new Set(
    [...ended].flatMap(([dialect, count]) => (count > 1 && !lived.has(dialect) ? [dialect] : [])),
  );
});
