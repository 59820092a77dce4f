import { vendorOf } from './dialects.ts';
import { editionsOf, type EditionNames } from './editions.ts';
import type { EditionRange, Requirement } from './requirement.ts';

/** A requirement that holds only in some editions is about a single service. */
type Ranged = Pick<Requirement, 'dialects' | 'editions'>;

/** Whether a requirement holds in these editions. */
export function holdsIn(requirement: Ranged, names: EditionNames): boolean {
  const { now, first, last } = orderOf(requirement, names);
  return now >= first && now <= last;
}

/** Whether these editions know a requirement: it holds in them, or held until an earlier one. */
export function isKnownIn(requirement: Ranged, names: EditionNames): boolean {
  const { now, first } = orderOf(requirement, names);
  return now >= first;
}

/** Such as `until documents`; an empty text for a requirement that holds in all editions. */
export function rangeText({ since, until }: Partial<EditionRange> = {}): string {
  return [since === undefined ? [] : `since ${since}`, until === undefined ? [] : `until ${until}`]
    .flat()
    .join(', ');
}

function orderOf(
  { dialects: [dialect], editions: { since, until } = { why: '' } }: Ranged,
  names: EditionNames,
): { readonly now: number; readonly first: number; readonly last: number } {
  if (dialect === undefined) return { now: 0, first: 0, last: 0 };
  const service = vendorOf(dialect);
  const all = editionsOf(service);
  return {
    now: all.indexOf(names[service]),
    first: since === undefined ? 0 : all.indexOf(since),
    last: until === undefined ? all.length : all.indexOf(until),
  };
}
