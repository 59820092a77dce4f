import type { Pace, ServerSay, TurnPauses, Word } from '../../scenario/script.ts';
import {
  finish,
  PACE,
  recognise,
  type Hearing,
  type Recognised,
  type Recognition,
  type Spoken,
  type Turn,
} from './recognise.ts';

/** How a connection recognises. */
export interface Recogniser {
  /** When results come, unless a step says. */
  readonly pace: Pace;
  readonly recognise: (before: Recognition, hearing: Hearing, nowMs: number, spoken: Spoken) => Recognised;
  /** Ends what is open, as a pause would. */
  readonly finish: (recognition: Recognition, speakers: number) => Recognised;
}

/** In segments, each with its partials and its final. */
const SEGMENTS: Recogniser = { pace: PACE, recognise, finish };

/** A candidate comes after this many words, or this much audio, even without a pause. */
const PIECE = { finalWords: 200, finalMs: 60_000 };

/** Beyond this a turn ends with its next candidate. */
const LONGEST_TURN_WORDS = 1000;

const NO_WORDS: readonly Word[] = [];

export function recogniserOf(turns: TurnPauses | undefined): Recogniser {
  if (turns === undefined) return SEGMENTS;
  return {
    pace: { ...PACE, ...PIECE, pauseMs: turns.candidateMs },
    recognise: (before, hearing, nowMs, spoken) =>
      inTurns(before, recognise(before, hearing, nowMs, spoken), (turn) => {
        const toMs = turn.words.at(-1)?.endMs ?? nowMs;
        return nowMs - spoken.undecidedMs - toMs >= turns.endMs || turn.words.length >= LONGEST_TURN_WORDS;
      }),
    finish: (recognition, speakers) => inTurns(recognition, finish(recognition, speakers), () => true),
  };
}

/**
 * The turns that segments make: a segment begins a turn or continues it, its final is a candidate with all words of the
 * turn, and silence that goes on for so long ends it.
 */
function inTurns(
  before: Recognition,
  { recognition, says }: Recognised,
  isOver: (turn: Turn) => boolean,
): Recognised {
  const final = says.find((say) => say.kind === 'final');
  const isSpeaking = recognition.segment !== undefined;
  let { turn } = before;
  if (turn === undefined && !isSpeaking && final === undefined) return { recognition, says: [] };
  const told: ServerSay[] = [];
  if (isSpeaking || final !== undefined) {
    if (turn === undefined) told.push({ kind: 'turn-start' });
    else if (turn.isCandidate) told.push({ kind: 'turn-continuation' });
    turn = { words: turn?.words ?? NO_WORDS, isCandidate: false };
  }
  if (turn !== undefined && final !== undefined) {
    const words = [...turn.words, ...final.words];
    told.push({ kind: 'turn-end-candidate', words, startMs: words[0]?.startMs ?? final.startMs });
    turn = { words, isCandidate: true };
  }
  if (turn?.isCandidate === true && isOver(turn)) {
    told.push({ kind: 'turn-end' });
    turn = undefined;
  }
  return { recognition: { ...recognition, turn }, says: told };
}
