import type { Conversation } from '../../../conversation/conversation.ts';
import {
  awaiting,
  broken,
  held,
  madeBy,
  unclear,
  type Occasion,
  type Play,
} from '../../../judge/invariant.ts';
import type { Window } from '../../../judge/invariant.ts';
import { WRONG_SESSION } from '../../../blame/mistakes.ts';
import { wordsOf } from '../../../text/normalise.ts';
import { wordErrorRate } from '../../../text/word-error-rate.ts';
import { ARRIVAL_MS } from '../../shared/arrival.ts';
import { endingOf, lastMsOf } from '../../shared/ending.ts';
import { evidence } from '../../shared/evidence.ts';
import { resultsOf } from '../results.ts';
import { segmentsOf } from './segments.ts';

/** Fewer words than this show little, because the last words of a partial may still change. */
const TELLING_COUNT = 3;

/**
 * Two sessions with the same audio have the same words, within the accuracy of a recogniser. A client may have left one
 * of them before all results came: no document says how fast a server is.
 */
export function* sameWords(
  group: readonly Conversation[],
  play: Play,
  roles: readonly string[],
): Iterable<Occasion> {
  const base = group.find(({ context }) => context.role === 'base');
  if (base === undefined) return;
  const said = heardIn(base);
  for (const other of group.filter(({ context }) => roles.includes(context.role ?? ''))) {
    const again = heardIn(other);
    // Nothing was recognised in either, so there is nothing to compare.
    if (said.index === undefined && again.index === undefined) continue;
    const most = play.tolerances.wordErrorRate;
    const events = evidence(said.index, again.index, base.request?.index, other.request?.index);
    const isOne = said.index === undefined || again.index === undefined;
    const rate = wordErrorRate(said.words, again.words);
    if (!isOne && rate <= most) {
      yield held(...events);
      continue;
    }
    const role = other.context.role ?? '';
    const expected = `${role}: the words of the same audio, of which at most ${Math.round(most * 100)} % differ`;
    const actual = isOne ? 'results in only one of the two' : `${Math.round(rate * 100)} % differ`;
    const [shorter, longer] = said.words.length < again.words.length ? [base, other] : [other, base];
    if (mayBeUnfinished(shorter, longer, most)) {
      yield unclear(events, expected, `${actual}, perhaps because the client left before all was said`);
    } else {
      const finding = awaiting(broken(events, expected, actual), wholeOf(base), wholeOf(other));
      yield madeBy(isOne ? undefined : WRONG_SESSION, finding);
    }
  }
}

/**
 * Whether the shorter session has the words with which the other begins, and its client left before more could come.
 */
function mayBeUnfinished(shorter: Conversation, longer: Conversation, most: number): boolean {
  const [few, many] = [heardIn(shorter).words, heardIn(longer).words];
  if (endingOf(shorter)?.by === 'server') return false;
  const beginning = many.slice(0, few.length);
  const isOther = few.length >= TELLING_COUNT || few.length >= many.length * (1 - most);
  if (isOther && wordErrorRate(few, beginning) > most) return false;
  const givenMs = (endingOf(shorter)?.atMs ?? lastMsOf(shorter)) - firstAudioMsOf(shorter);
  // A server that processes audio at the pace of speech takes longer for longer audio.
  const longerMs = Math.max(0, (audioMsOf(shorter) ?? 0) - (audioMsOf(longer) ?? 0));
  const untilMs = firstAudioMsOf(longer) + givenMs - ARRIVAL_MS - longerMs;
  const early = heardIn(longer, untilMs).words;
  return few.length >= early.length * (1 - most);
}

function firstAudioMsOf({ said }: Conversation): number {
  return said.find(({ message }) => message.kind === 'audio')?.event.atMs ?? 0;
}

function audioMsOf({ moments }: Conversation): number | undefined {
  return moments.at(-1)?.audio.ms;
}

function wholeOf({ moments }: Conversation): Window {
  return [moments[0]?.index ?? 0, moments.at(-1)?.index ?? 0];
}

/**
 * The words of all finals and of the last partial of an unfinished segment, and the last result; only results that came
 * until some time count.
 */
function heardIn(
  conversation: Conversation,
  untilMs = Infinity,
): { words: readonly string[]; index: number | undefined } {
  const texts = segmentsOf(conversation).segments.map(({ partials, final }) => {
    const last = final !== undefined && final.atMs <= untilMs ? final : undefined;
    return (last ?? partials.findLast(({ atMs }) => atMs <= untilMs))?.text ?? '';
  });
  const last = resultsOf(conversation).findLast(({ atMs }) => atMs <= untilMs);
  return { words: wordsOf(texts.join(' ')), index: last?.index };
}
