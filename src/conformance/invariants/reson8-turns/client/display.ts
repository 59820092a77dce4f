import type { Conversation } from '../../../conversation/conversation.ts';
import type { Invariant, Occasion, Play } from '../../../judge/invariant.ts';
import { normalise } from '../../../text/normalise.ts';
import { hasArrived } from '../../shared/arrival.ts';
import { reportsIn } from '../../shared/client-reports.ts';
import { keptOnce, replaced, type Line } from '../../shared/lines.ts';
import { tight, type Update } from '../../shared/screen.ts';
import { isWhole } from '../../shared/whole.ts';
import { spokenTurnsOf, type Candidate, type SpokenTurn } from '../spoken-turns.ts';
import { turnConversationsOf } from '../turns.ts';

/**
 * What a client shows: the latest candidate instead of the previous one, and the text of every ended turn once. All
 * connections of a play are taken together, because a client shows them in one place.
 */
export const display: readonly Invariant[] = [{ id: 'R8-TURN-020', judge: judged }];

function* judged(play: Play): Iterable<Occasion> {
  const reports = reportsIn(play.conversations);
  if (reports.every(({ says }) => says === undefined) || !play.conversations.every(isWhole)) return;
  const conversations = turnConversationsOf(play);
  // The client shows nothing from this service.
  if (conversations.length === 0) return;
  const updates = conversations.flatMap(updatesIn).sort((a, b) => a.result.index - b.result.index);
  yield* replaced(updates, reports, 'candidate');
  const lines = conversations.flatMap((each) => linesIn(each, play)).sort((a, b) => a.index - b.index);
  yield* keptOnce(lines, reports, 'turn');
}

/** A message that changes the line, with the text of the whole turn. */
interface Shown {
  readonly index: number;
  readonly text: string | undefined;
}

/** After the end of a turn, or of its connection, nothing replaces its last candidate. */
function updatesIn(conversation: Conversation): readonly Update<Shown>[] {
  return spokenTurnsOf(conversation).flatMap(({ candidates, end }) => {
    const updates: Update<Shown>[] = [];
    const add = (result: Shown, isFinal: boolean) => {
      updates.push({ result, isFinal, text: tight(result.text), before: updates.at(-1) });
    };
    for (const candidate of candidates) if (saysSomething(candidate)) add(candidate, false);
    const last = updates.at(-1);
    if (end !== undefined && last !== undefined) add({ index: end.index, text: last.result.text }, true);
    return updates;
  });
}

function linesIn(conversation: Conversation, play: Play): readonly Line[] {
  return spokenTurnsOf(conversation).flatMap((turn) => lineOf(turn, conversation, play) ?? []);
}

/**
 * A client may keep the text of a turn from the first candidate on; it need not keep the text of a turn that never
 * ends.
 */
function lineOf({ candidates, end }: SpokenTurn, conversation: Conversation, play: Play): Line | undefined {
  const last = candidates.findLast(saysSomething);
  const { text } = last ?? {};
  if (last === undefined || text === undefined) return undefined;
  const first = candidates.find((each) => normalise(each.text ?? '') === normalise(text)) ?? last;
  // Whether the words before a candidate without words still count is not documented.
  const isDue =
    end !== undefined && last === candidates.at(-1) && hasArrived(end.event.atMs, conversation, play);
  return { index: (end ?? last).index, from: first.index, text, isDue };
}

function saysSomething({ text }: Candidate): boolean {
  return text !== undefined && text.trim() !== '';
}
