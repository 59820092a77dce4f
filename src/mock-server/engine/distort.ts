import type { Distortion, ServerSay, Word } from '../../scenario/script.ts';

type Partial = Extract<ServerSay, { kind: 'partial' }>;
type Final = Extract<ServerSay, { kind: 'final' }>;
type Candidate = Extract<ServerSay, { kind: 'turn-end-candidate' }>;
type TurnSay = Candidate | Extract<ServerSay, { kind: 'turn-start' | 'turn-continuation' | 'turn-end' }>;

/** The state that the next distortion depends on. */
export interface Distorting {
  /** The last partial that was due, whether or not it was sent. */
  readonly last: Partial | undefined;
  /** A partial that is sent after the next one, or before the next final. */
  readonly held: Partial | undefined;
  /** How many partials and finals have been due. */
  readonly partials: number;
  readonly finals: number;
  /** The last candidate of the open turn. */
  readonly candidate: Candidate | undefined;
  /** Messages that are sent when the open turn ends. */
  readonly turn: readonly ServerSay[];
}

/** Before the first message. */
export const UNDISTORTED: Distorting = {
  last: undefined,
  held: undefined,
  partials: 0,
  finals: 0,
  candidate: undefined,
  turn: [],
};

interface Distorted {
  readonly distorting: Distorting;
  readonly says: readonly ServerSay[];
}

/** Replaces the messages of the recogniser by those that a distortion makes of them. Pure. */
export function distort(how: Distortion, before: Distorting, says: readonly ServerSay[]): Distorted {
  let distorting = before;
  const out: ServerSay[] = [];
  for (const say of says) {
    switch (say.kind) {
      case 'partial': {
        const result = distortPartial(how, distorting, say);
        distorting = result.distorting;
        out.push(...result.says);
        break;
      }
      case 'final':
        out.push(...distortFinal(how, distorting, say));
        distorting = { ...distorting, last: undefined, held: undefined, finals: distorting.finals + 1 };
        break;
      case 'flushed':
        distortFlush(how, say, out);
        break;
      case 'turn-start':
      case 'turn-continuation':
      case 'turn-end-candidate':
      case 'turn-end': {
        const result = distortTurn(how, distorting, say);
        distorting = result.distorting;
        out.push(...result.says);
        break;
      }
      case 'state':
      case 'error':
        out.push(say);
    }
  }
  return { distorting, says: out };
}

function distortPartial(how: Distortion, before: Distorting, said: Partial): Distorted {
  const { last, held, partials, finals } = before;
  const partial = {
    ...advanced(how, withWords(how, said), 'startMs'),
    ...(how.partialExtra && { extra: how.partialExtra }),
  };
  const distorting: Distorting = { ...before, last: partial, partials: partials + 1 };
  const only = (...says: readonly ServerSay[]) => ({ distorting, says });
  const isSecond = partials % 2 === 1;
  const { partials: way } = how;
  switch (way) {
    case 'none':
      return only();
    case 'twice':
      return only(partial, partial);
    case 'distinct':
      return textOf(last) === textOf(partial) ? only() : only(partial);
    // Every second partial loses its last two words.
    case 'regress':
      return isSecond ? only({ ...partial, words: partial.words.slice(0, -2) }) : only(partial);
    // In every second partial the second last word is another one.
    case 'rewrite':
      return isSecond ? only({ ...partial, words: rewrite(partial.words) }) : only(partial);
    // Partials come in pairs, the later one first.
    case 'reorder':
      if (held === undefined) return { distorting: { ...distorting, held: partial }, says: [] };
      return { distorting: { ...distorting, held: undefined }, says: [partial, held] };
    case 'empty':
      return isSecond ? only({ ...partial, words: [] }) : only(partial);
    // Each partial has only the words that are new since the one before.
    case 'append':
      return only({ ...partial, words: partial.words.slice(last?.words.length ?? 0) });
    case 'bare':
      return only({ ...partial, isBare: true });
    case 'first-segment':
      return finals === 0 ? only(partial) : only();
    case 'late':
    case undefined:
  }
  return only(partial);
}

function distortFinal(how: Distortion, { last, held }: Distorting, said: Final): readonly ServerSay[] {
  const { speaker = said.speaker } = how;
  const final: Final = {
    ...advanced(how, withWords(how, said), 'endMs'),
    ...(speaker === undefined ? {} : { speaker }),
    ...(how.finalExtra && { extra: how.finalExtra }),
    ...(how.spaces === 'none' ? { isUnspaced: true } : {}),
    ...(how.holdFinals === undefined ? {} : { hold: how.holdFinals }),
  };
  const finals = finalsOf(how, final);
  if (held !== undefined) return [held, ...finals];
  // The last partial of a segment is repeated after its final.
  if (how.partials === 'late' && last !== undefined) return [...finals, last];
  return finals;
}

function finalsOf({ finals }: Distortion, final: Final): readonly ServerSay[] {
  switch (finals) {
    case 'none':
      return [];
    case 'twice':
      return [final, final];
    case 'change':
      return [final, { ...final, words: rewrite(final.words) }];
    case 'empty':
      return [{ ...final, words: [] }];
    case undefined:
  }
  return [final];
}

/** The maximum number of messages that wait for the end of a turn; one more, and all are sent. */
const MOST_WAITING = 1000;

function distortTurn(how: Distortion, before: Distorting, say: TurnSay): Distorted {
  const isCandidate = say.kind === 'turn-end-candidate';
  const isEnd = say.kind === 'turn-end';
  const says = [...before.turn, ...(isCandidate ? distortCandidate(how, before, say) : [say])];
  const candidate = isEnd ? undefined : isCandidate ? say : before.candidate;
  const waits = how.turns === 'at-end' && !isEnd && says.length <= MOST_WAITING;
  return { distorting: { ...before, candidate, turn: waits ? says : [] }, says: waits ? [] : says };
}

function distortCandidate(
  how: Distortion,
  { candidate: before }: Distorting,
  said: Candidate,
): readonly ServerSay[] {
  const candidate = withWords(how, said);
  switch (how.candidates) {
    case 'none':
      return [];
    case 'twice':
      return [candidate, candidate];
    // Before each candidate comes one without words.
    case 'empty':
      return [{ ...candidate, words: [] }, candidate];
    // Each candidate has only the words that are new since the one before.
    case 'append':
      return [{ ...candidate, words: candidate.words.slice(before?.words.length ?? 0) }];
    case undefined:
  }
  return [candidate];
}

/** Adds the confirmation to `out`, which holds the messages sent with it, including the final. */
function distortFlush(how: Distortion, say: Extract<ServerSay, { kind: 'flushed' }>, out: ServerSay[]): void {
  switch (how.flush) {
    case 'none':
      return;
    case 'twice':
      return void out.push(say, say);
    case 'without-id':
      return void out.push({ kind: 'flushed', id: undefined });
    case 'without-null':
      return void out.push({ kind: 'flushed', id: say.id ?? undefined });
    case 'wrong-id':
      return void out.push({ kind: 'flushed', id: `${say.id ?? ''}-of-another` });
    case 'before-final':
      return void out.unshift(say);
    case 'empty-final':
      if (!out.some(({ kind }) => kind === 'final')) out.push({ kind: 'final', words: [], startMs: 0 });
      return void out.push(say);
    case undefined:
      out.push(say);
  }
}

function withWords<T extends Partial | Final | Candidate>(how: Distortion, said: T): T {
  if (how.times === undefined && how.confidence === undefined) return said;
  const words = said.words.map((word, i) => confide(how, retime(how, word, said.startMs, i)));
  return { ...said, words };
}

/** Moves the offset on to where the last word begins or ends. */
function advanced<T extends Partial | Final>({ offsets }: Distortion, said: T, to: 'startMs' | 'endMs'): T {
  const last = said.words.at(-1);
  return offsets === undefined || last === undefined ? said : { ...said, offsetMs: last[to] };
}

/** Wrong times: after the end of the audio, before its beginning, over the previous word, or counted from the start of the audio instead of the segment. */
function retime({ times }: Distortion, word: Word, segmentMs: number, index: number): Word {
  const shift = (ms: number): Word => ({ ...word, startMs: word.startMs + ms, endMs: word.endMs + ms });
  switch (times) {
    case 'late':
      return shift(3_600_000);
    case 'negative':
      return shift(-segmentMs - 60_000);
    case 'overlap':
      return index === 0 ? word : { ...word, startMs: segmentMs };
    case 'absolute':
      return shift(segmentMs);
    case undefined:
  }
  return word;
}

/** A confidence of 0 would have the logarithm -∞, which JSON cannot hold. */
const LEAST_PROBABILITY = 1e-6;

function confide({ confidence }: Distortion, word: Word): Word {
  if (confidence === undefined) return word;
  if (confidence !== 'logprob') return { ...word, confidence };
  const logprob = Math.log(Math.max(LEAST_PROBABILITY, word.confidence));
  return { ...word, confidence: Math.round(logprob * 10_000) / 10_000 };
}

function rewrite(words: readonly Word[]): readonly Word[] {
  const at = Math.max(0, words.length - 2);
  return words.map((word, i) => (i === at ? { ...word, text: `${word.text}s` } : word));
}

function textOf(partial: Partial | undefined): string | undefined {
  return partial?.words.map(({ text }) => text).join(' ');
}
