import { traceLines } from '../../wire/trace-lines.ts';
import { visible } from './plain.ts';
import type { RecordedPlay, RequirementResult } from './report.ts';

/** So many proving events are shown, and so many events before and after each. */
const MOST_PROOFS = 12;
const AROUND = 2;

/** A line of a trace, or how many are left out. */
export type ExcerptLine =
  | { readonly kind: 'event'; readonly index: number; readonly isProof: boolean; readonly text: string }
  | { readonly kind: 'gap'; readonly count: number };

/** What proves a verdict: the events, and what was around them in the same sessions. Empty without evidence. */
export function excerptOf(result: RequirementResult, plays: readonly RecordedPlay[]): readonly ExcerptLine[] {
  const events = plays.find(({ name }) => name === result.play)?.events ?? [];
  const proofs = (result.evidence ?? []).filter((index) => events[index] !== undefined).slice(0, MOST_PROOFS);
  if (proofs.length === 0) return [];
  const sessions = new Set(proofs.map((index) => events[index]?.session));
  const candidates = [...events.entries()].filter(([, { session }]) => sessions.has(session));
  const isProof = new Set(proofs);
  const shown = new Set<number>();
  for (const [place, [index]] of candidates.entries()) {
    if (!isProof.has(index)) continue;
    for (const [near] of candidates.slice(Math.max(0, place - AROUND), place + AROUND + 1)) shown.add(near);
  }
  const lines: ExcerptLine[] = [];
  let left = 0;
  for (const [index, event] of candidates) {
    if (!shown.has(index)) {
      left += 1;
      continue;
    }
    if (left > 0) lines.push({ kind: 'gap', count: left });
    left = 0;
    const session = sessions.size === 1 ? '' : `  ${event.session}`;
    const text = visible(`${traceLines([event])}${session}`);
    lines.push({ kind: 'event', index, isProof: isProof.has(index), text });
  }
  return left === 0 ? lines : [...lines, { kind: 'gap', count: left }];
}

/** The excerpt as lines of text; proving lines begin with `>`. */
export function excerptText(lines: readonly ExcerptLine[]): readonly string[] {
  const width = Math.max(0, ...lines.map((line) => (line.kind === 'event' ? `${line.index}`.length : 0)));
  return lines.map((line) => {
    if (line.kind === 'gap') return `  … ${line.count} ${line.count === 1 ? 'event' : 'events'}`;
    return `${line.isProof ? '>' : ' '} ${`${line.index}`.padStart(width)}  ${line.text}`;
  });
}
