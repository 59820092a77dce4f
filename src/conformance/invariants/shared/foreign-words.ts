import {
  blaming,
  broken,
  held,
  heldBySilence,
  madeBy,
  unclear,
  type Occasion,
  type Play,
} from '../../judge/invariant.ts';
import { WRONG_SESSION } from '../../blame/mistakes.ts';
import { shown } from '../../text/shown.ts';
import { wordsOf } from '../../text/normalise.ts';
import {
  cameToItsEnd,
  controlTalksOf,
  MOST_RECORDINGS,
  runAt,
  RUN_WORDS,
  sentBy,
  type Controls,
  type Talk,
} from './recordings-heard.ts';

/**
 * A run must have at least this many words that are foreign to the session's own audio, since greetings occur in many
 * recordings.
 */
const FOREIGN_WORDS = 2;

/**
 * Each session gets results for its own audio only. Sessions that overlapped no other show what this server recognises
 * in each recording. If a session has a run of words that belongs to another session's recording and not to its own,
 * the words came from that other session, because a recogniser's errors do not produce whole runs. Other differences
 * are left undecided. The work is linear in the number of words of all results.
 */
export function* foreignWords(play: Play, talks: readonly Talk[]): Iterable<Occasion> {
  const controls = controlTalksOf(talks);
  for (const talk of talks) {
    const occasion = judged(talk, controls, play.tolerances.wordErrorRate);
    if (occasion !== undefined) {
      yield { ...occasion, events: [...new Set(occasion.events)].sort((a, b) => a - b) };
    }
  }
}

function judged(talk: Talk, controls: Controls, mostRate: number): Occasion | undefined {
  const { conversation, results } = talk;
  const { recordings, isKnown, isFetched } = sentBy(conversation);
  const last = conversation.moments.at(-1)?.index ?? 0;
  const other = controls.heard.find((recording) => !recordings.has(recording));
  if (other === undefined || beganOf(other, controls) > last) return undefined;
  const own = ownOf(talk, controls);
  const expected = `results of ${recordings.size === 0 ? 'silence' : [...recordings.keys()].join(' and ')} only`;
  const found = foreignIn(talk, controls, own.has);
  if (found !== undefined) {
    const got = found.isFetched ? 'fetched' : 'sent';
    const actual = `${shown(found.words)}, words of ${found.recording}, which was ${got} in another session`;
    const events = [found.heardAt, found.index];
    // A file may contain the same audio that a microphone sends under another name.
    const isProof = own.isCovered && found.isFetched === isFetched;
    return isProof
      ? madeBy(WRONG_SESSION, blaming(broken(events, expected, actual), found.index))
      : unclear(events, expected, actual);
  }
  if (!own.isCovered) return undefined;
  const words = results.flatMap(({ text }) => wordsOf(text ?? ''));
  const proof = [beganOf(other, controls), results.at(-1)?.index ?? last];
  if (isKnown && recordings.size === 0) {
    if (words.length === 0) return heldBySilence('recognises speech', ...proof);
    return unclear(proof, expected, `${shown(words.join(' '))}, which no one has sent`);
  }
  if (words.length === 0 && !own.hasWords) return undefined;
  const known = words.filter(own.has).length;
  const isLike = words.length > 0 && known >= words.length * (1 - mostRate);
  // A server that recognises the same words in both recordings has not shown that it distinguishes them.
  const isTelling = words.some((word) => own.has(word) && !controls.byRecording.get(other)?.words.has(word));
  if (isLike && isTelling && cameToItsEnd(conversation)) return held(...proof);
  const alone = `${known} of these ${words.length} words came when this recording was sent alone`;
  const same = isLike && !isTelling ? `, and all of these in ${other}, too` : '';
  return unclear(proof, expected, `${shown(words.join(' '))}: ${alone}${same}`);
}

/** What other sessions that sent the same audio alone show about the audio of this one. */
interface Own {
  /** Whether they sent everything that this one sent, and ended normally. */
  readonly isCovered: boolean;
  readonly hasWords: boolean;
  readonly has: (word: string) => boolean;
}

function ownOf({ conversation }: Talk, { byRecording }: Controls): Own {
  const { recordings, isKnown } = sentBy(conversation);
  const { session } = conversation;
  const sent = [...recordings].slice(0, MOST_RECORDINGS);
  const own = sent.flatMap(([recording]) => byRecording.get(recording) ?? []);
  const has = (word: string) => own.some(({ words }) => (words.get(word) ?? session) !== session);
  const isCovered = sent.every(([recording, { ms }]) =>
    byRecording.get(recording)?.longest.some((each) => each.session !== session && each.ms >= ms),
  );
  return {
    isCovered: isKnown && isCovered && recordings.size <= MOST_RECORDINGS,
    hasWords: own.some(({ words }) => words.size > 0),
    has,
  };
}

interface Foreign {
  readonly words: string;
  readonly recording: string;
  readonly isFetched: boolean;
  /** The place of the result, and where the words were heard in their own recording. */
  readonly index: number;
  readonly heardAt: number;
}

/** The first run of words from another session's recording. */
function foreignIn(
  { conversation, results }: Talk,
  controls: Controls,
  isOwn: Own['has'],
): Foreign | undefined {
  const { recordings } = sentBy(conversation);
  for (const { index, text } of results) {
    const words = wordsOf(text ?? '');
    for (const at of words.keys()) {
      const places = controls.runs.get(runAt(words, at) ?? '');
      if (places === undefined) continue;
      const run = new Set(words.slice(at, at + RUN_WORDS));
      if ([...run].filter((word) => !isOwn(word)).length < FOREIGN_WORDS) continue;
      for (const [recording, heardAt] of places) {
        if (recordings.has(recording) || beganOf(recording, controls) > index) continue;
        let end = at + RUN_WORDS;
        while (controls.runs.get(runAt(words, end - RUN_WORDS + 1) ?? '')?.has(recording) === true) end += 1;
        const isFetched = controls.byRecording.get(recording)?.isFetched === true;
        return { words: words.slice(at, end).join(' '), recording, isFetched, index, heardAt };
      }
    }
  }
  return undefined;
}

function beganOf(recording: string, { byRecording }: Controls): number {
  return byRecording.get(recording)?.began ?? Infinity;
}
