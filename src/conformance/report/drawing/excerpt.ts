import type { TraceEvent } from '../../../wire/trace.ts';
import { traceLines } from '../../../wire/trace-lines.ts';
import { derived } from '../../conversation/derived.ts';
import { grouped } from '../../../runtime/grouped.ts';
import { countUntil } from '../../conversation/ordered.ts';
import { visible } from '../../../runtime/text/plain.ts';
import type { RecordedPlay } from '../../conversation/recorded-play.ts';
import type { RequirementResult } from '../../judge/result.ts';

/** The maximum number of proving events, and of events around each. */
const MOST_PROOFS = 12;
const AROUND = 2;

/** A line of a trace, or the number of omitted lines. */
export type ExcerptLine =
  | { readonly kind: 'event'; readonly index: number; readonly isProof: boolean; readonly text: string }
  | { readonly kind: 'gap'; readonly count: number };

/** The proof of a verdict: the events, and those around them in the same sessions. Empty without evidence. */
export function excerptOf(result: RequirementResult, plays: readonly RecordedPlay[]): readonly ExcerptLine[] {
  const events = plays.find(({ name }) => name === result.play)?.events ?? [];
  const proofs = (result.evidence ?? []).filter((index) => events[index] !== undefined).slice(0, MOST_PROOFS);
  if (proofs.length === 0) return [];
  const sessions = new Set(proofs.flatMap((index) => events[index]?.session ?? []));
  const candidates = placesIn(events, sessions);
  const shown = new Set<number>();
  for (const proof of proofs) {
    const at = countUntil(candidates, proof, (index) => index) - 1;
    const last = Math.min(candidates.length - 1, at + AROUND);
    for (let near = Math.max(0, at - AROUND); near <= last; near++) shown.add(near);
  }
  const isProof = new Set(proofs);
  const lines: ExcerptLine[] = [];
  let next = 0;
  const leave = (until: number) => {
    if (until > next) lines.push({ kind: 'gap', count: until - next });
  };
  for (const place of [...shown].sort((a, b) => a - b)) {
    const index = candidates[place] ?? 0;
    const event = events[index];
    if (event === undefined) continue;
    leave(place);
    next = place + 1;
    const session = sessions.size === 1 ? '' : `  ${event.session}`;
    const text = visible(`${traceLines([event])}${session}`);
    lines.push({ kind: 'event', index, isProof: isProof.has(index), text });
  }
  leave(candidates.length);
  return lines;
}

/** The indexes of the events of some sessions, ascending. */
function placesIn(events: readonly TraceEvent[], sessions: ReadonlySet<string>): readonly number[] {
  const own = [...sessions].map((session) => placesBySession(events).get(session) ?? []);
  return own.length === 1 ? (own[0] ?? []) : own.flat().sort((a, b) => a - b);
}

const placesBySession = derived((events: readonly TraceEvent[]): ReadonlyMap<string, readonly number[]> => {
  const indices = Array.from(events.keys());
  return grouped(indices, (index) => events[index]?.session ?? '');
});

/** The excerpt as lines of text; proving lines begin with `>`. */
export function excerptText(lines: readonly ExcerptLine[]): readonly string[] {
  const width = Math.max(0, ...lines.map((line) => (line.kind === 'event' ? `${line.index}`.length : 0)));
  return lines.map((line) => {
    if (line.kind === 'gap') return `  … ${line.count} ${line.count === 1 ? 'event' : 'events'}`;
    return `${line.isProof ? '>' : ' '} ${`${line.index}`.padStart(width)}  ${line.text}`;
  });
}
