import type { Shard } from '../../runtime/shard.ts';
import type { ShownReading } from '../judge/mixtures.ts';
import type { Outcome } from './outcomes.ts';

/** What the report of one part of a run says of the part; `conformance merge` puts the parts together. */
export interface PartOfRun extends Shard {
  /** What has to be the same in all parts, and may be chosen: flags and their values in words. */
  readonly terms: Readonly<Record<string, string>>;
  /** The entries of the baseline that excused nothing here, by id, in words; one that excuses nothing anywhere is stale. */
  readonly unneeded?: Readonly<Record<string, string>>;
  /** The readings of open questions that the server has shown: parts that differ show a mixture. */
  readonly readings?: readonly ShownReading[];
  /** What the part has recorded, where verdicts need all of it; its form may change from version to version. */
  readonly record?: unknown;
}

/** The same in a report. */
export interface ReportedPart extends PartOfRun {
  /** What the outcome would be if the part were the whole run. */
  readonly alone: Outcome;
}

/** Why the report of a part is never a pass. */
export function partSentence({ index, count }: Shard): string {
  return `This is part ${index} of ${count} of a run: conformance merge judges it with the others.`;
}
