import type { Report } from '../../report.ts';
import type { RecordedPlay } from '../../../conversation/recorded-play.ts';

/** Anchors on the page. They consist of numbers only, because names come from outside. */
export interface Anchors {
  /** The `id` of an event of a play. */
  readonly event: (play: string, index: number) => string;
  /** The `id` of a requirement: its position in the report. */
  readonly requirement: (id: string) => string;
  /** The requirements for which an event is evidence. */
  readonly provenBy: (play: string, index: number) => readonly string[];
  /** The events of a play that are evidence. */
  readonly proofs: (play: string) => ReadonlySet<number>;
}

/** The anchors of a report's page. */
export function anchorsOf({ requirements }: Report, plays: readonly RecordedPlay[]): Anchors {
  const places = new Map(plays.map(({ name }, i) => [name, i]));
  const rows = new Map(requirements.map(({ id }, i) => [id, i]));
  const proven = new Map<string, Map<number, string[]>>();
  for (const { id, play, evidence = [] } of requirements) {
    if (play === undefined) continue;
    const ofPlay = proven.get(play) ?? new Map<number, string[]>();
    proven.set(play, ofPlay);
    for (const index of evidence) ofPlay.set(index, [...(ofPlay.get(index) ?? []), id]);
  }
  return {
    event: (play, index) => `p${places.get(play) ?? 'x'}-e${index}`,
    requirement: (id) => `r${rows.get(id) ?? 'x'}`,
    provenBy: (play, index) => proven.get(play)?.get(index) ?? [],
    proofs: (play) => new Set(proven.get(play)?.keys()),
  };
}
