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

/** How the speech of a connection becomes messages: in segments or in turns. */
export interface Recogniser {
  /** When results come, unless a step of the scenario says otherwise. */
  readonly pace: Pace;
  readonly recognise: (before: Recognition, hearing: Hearing, nowMs: number, spoken: Spoken) => Recognised;
  /** Ends the open segment or turn, as a pause would. */
  readonly finish: (recognition: Recognition, speakers: number) => Recognised;
}

/** Recognises in segments, each with its partials and its final. */
const SEGMENTS: Recogniser = { pace: PACE, recognise, finish };

/** Without a pause, a candidate is sent after this many words or this much audio. */
const PIECE = { finalWords: 200, finalMs: 60_000 };

/** A turn of at least this many words ends with its next candidate. */
const LONGEST_TURN_WORDS = 1000;

const NO_WORDS: readonly Word[] = [];

/** Those in turns, which are asked for with every frame. */
const recognisers = new WeakMap<TurnPauses, Recogniser>();

/** The recogniser of a connection: in turns if the dialect has them, otherwise in segments. */
export function recogniserOf(turns: TurnPauses | undefined): Recogniser {
  if (turns === undefined) return SEGMENTS;
  const known = recognisers.get(turns);
  if (known !== undefined) return known;
  const made = recogniserInTurns(turns);
  recognisers.set(turns, made);
  return made;
}

function recogniserInTurns(turns: TurnPauses): Recogniser {
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
 * Turns segments into turns. A segment begins a turn or continues the open one; its final becomes a candidate with all
 * words of the turn. The turn ends when `isOver` finds that the silence after a candidate has lasted long enough.
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
  const turnSays: ServerSay[] = [];
  if (isSpeaking || final !== undefined) {
    if (turn === undefined) turnSays.push({ kind: 'turn-start' });
    else if (turn.isCandidate) turnSays.push({ kind: 'turn-continuation' });
    turn = { words: turn?.words ?? NO_WORDS, isCandidate: false };
  }
  if (turn !== undefined && final !== undefined) {
    const words = [...turn.words, ...final.words];
    turnSays.push({ kind: 'turn-end-candidate', words, startMs: words[0]?.startMs ?? final.startMs });
    turn = { words, isCandidate: true };
  }
  if (turn?.isCandidate === true && isOver(turn)) {
    turnSays.push({ kind: 'turn-end' });
    turn = undefined;
  }
  const { nextWord, next, turns, segment } = recognition;
  // Spelled out: a field that is added to a copy would give each a hidden class of its own.
  return { recognition: { nextWord, next, turns, segment, turn }, says: turnSays };
}
