import type { Conversation } from '../../../conversation/conversation.ts';
import { broken, held, unclear, type Occasion, type Play } from '../../../judge/invariant.ts';
import { exceeds } from '../../../judge/tolerances.ts';
import { endOf, leavingOf } from '../../shared/ending.ts';
import { isWhole } from '../../shared/whole.ts';
import { openTurnAt } from '../spoken-turns.ts';

/** A flush while no turn was open, after which nothing came: at some point the client has to end or continue. */
export function* givesUp(conversation: Conversation, play: Play): Iterable<Occasion> {
  const { said, heard } = conversation;
  const flush = said.findLast(({ message }) => message.kind === 'flush');
  if (flush === undefined || !isWhole(conversation)) return;
  if (openTurnAt(flush.index, conversation) !== undefined) return;
  if (heard.some(({ index }) => index > flush.index)) return;
  const ends = new Set(play.conversations.map(({ context }) => context.client));
  const isKilled = ends.has('timeout');
  const next = said.find(({ index }) => index > flush.index) ?? leavingOf(conversation);
  // When a program is killed, its connection ends as if the program had closed it.
  if (next !== undefined && !((isKilled || ends.has('stopped')) && next.event.kind === 'end')) {
    yield held(flush.index, next.index);
    return;
  }
  const last = endOf(conversation, play);
  if (last === undefined) return;
  const waitedMs = last.event.atMs - flush.event.atMs;
  const [, latestMs] = play.tolerances.giveUpMs;
  if (!exceeds(waitedMs, latestMs, play.tolerances)) return;
  const expected = 'a client that gives up on an answer that does not come';
  const actual = `still waiting after ${Math.round(waitedMs)} ms`;
  const events = [flush.index, last.index];
  // A client that was not killed may simply be waiting until its user speaks again.
  yield isKilled ? broken(events, expected, actual) : unclear(events, expected, actual);
}
