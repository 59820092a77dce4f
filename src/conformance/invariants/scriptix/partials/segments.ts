import { derived } from '../../../conversation/derived.ts';
import type { Conversation } from '../../../conversation/conversation.ts';
import { wordsOf } from '../../../text/normalise.ts';
import { oppositesOf, partialsOf, resultsOf, type Result } from '../results.ts';

/** Partials that replace each other, and the final that they lead to. At least one of the two is present. */
export interface Segment {
  readonly partials: readonly Result[];
  readonly final: Result | undefined;
}

/** The segments of a conversation. */
export interface Segments {
  /** In the order of their first results. */
  readonly segments: readonly Segment[];
  /** Partials that repeat a segment after its final. */
  readonly late: readonly { readonly partial: Result; readonly final: Result }[];
  /** Whether `offset_ms` moves within a segment: the second reading of A4. */
  readonly isAdvancing: boolean;
}

/** The maximum number of segments waiting for their finals; older ones are taken to be abandoned. */
const MOST_OPEN = 16;

/** An open segment, with the first and the last offset of its partials. */
interface Run {
  readonly partials: Result[];
  readonly from: number | undefined;
  to: number | undefined;
}

/**
 * Divides a conversation into segments. A result belongs to the segment that has its `offset_ms`; if there is none, a
 * final to the one that has its words, and any other to the last one (A4: the offset advances), unless it is about
 * later audio and other words.
 */
export const segmentsOf = derived((conversation: Conversation): Segments => {
  const done: Segment[] = [];
  const late: { partial: Result; final: Result }[] = [];
  const finalised = new Map<number | undefined, Result>();
  const open: Run[] = [];
  const lapsed = lapsedIn(conversation);
  for (const result of resultsOf(conversation)) {
    const { index, offsetMs } = result;
    const own = open.find(({ from, to }) => offsetMs !== undefined && (offsetMs === from || offsetMs === to));
    const isFinal = result.isFinal || lapsed.has(index);
    const run = own ?? (isFinal ? ownByWords(open, result) : undefined) ?? open.at(-1);
    if (isFinal) {
      if (run !== undefined) open.splice(open.indexOf(run), 1);
      done.push({ partials: run?.partials ?? [], final: result });
      if (offsetMs !== undefined) finalised.set(offsetMs, result);
      continue;
    }
    const final = finalised.get(offsetMs);
    if (own === undefined && final !== undefined && beginAlike(result, final)) {
      late.push({ partial: result, final });
    } else if (run !== undefined && !isNew(result, run)) {
      run.partials.push(result);
      run.to = offsetMs ?? run.to;
    } else {
      open.push({ partials: [result], from: offsetMs, to: offsetMs });
      if (open.length > MOST_OPEN) done.push({ partials: open.shift()?.partials ?? [], final: undefined });
    }
  }
  done.push(...open.map(({ partials }) => ({ partials, final: undefined })));
  const segments = done.sort((a, b) => firstOf(a) - firstOf(b));
  return { segments, late, isAdvancing: segments.some(advances) };
});

/** The open segment that has the words of a final with a wrong offset, if there is only one. */
function ownByWords(open: readonly Run[], final: Result): Run | undefined {
  const [found, ...others] = open.filter(({ partials }) => {
    const last = partials.at(-1);
    return last?.text !== undefined && final.text !== undefined && beginAlike(last, final);
  });
  return others.length === 0 ? found : undefined;
}

/** Finals that claim to be partials, among partials that look different: they end their segments. */
function lapsedIn(conversation: Conversation): ReadonlySet<number> {
  const isUsual = partialsOf(conversation).some(({ fields }) => Object.hasOwn(fields, 'stability'));
  return new Set(isUsual ? oppositesOf(conversation).finals : []);
}

/** Where a segment begins, if its results show it. */
export function startOf({ partials, final }: Segment): number | undefined {
  return partials.find(({ offsetMs }) => offsetMs !== undefined)?.offsetMs ?? final?.offsetMs;
}

/** All results of a segment, in order. */
export function allOf({ partials, final }: Segment): readonly Result[] {
  return final === undefined ? partials : [...partials, final];
}

function firstOf({ partials, final }: Segment): number {
  return partials[0]?.index ?? final?.index ?? 0;
}

function isNew(result: Result, { partials, to }: Run): boolean {
  const last = partials.at(-1);
  if (last === undefined || to === undefined || result.offsetMs === undefined) return false;
  return result.offsetMs > to && !beginAlike(result, last);
}

/**
 * Whether two texts begin with the same word, which may still be incomplete in one of them. An empty text begins like
 * any other.
 */
function beginAlike(a: Result, b: Result): boolean {
  const [one = '', other = ''] = [wordsOf(a.text ?? '')[0], wordsOf(b.text ?? '')[0]];
  return one.startsWith(other) || other.startsWith(one);
}

function advances(segment: Segment): boolean {
  const offsets = allOf(segment).flatMap(({ offsetMs }) => offsetMs ?? []);
  return offsets.some((offset, i) => offset > (offsets[i - 1] ?? offset));
}
