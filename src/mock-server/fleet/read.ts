import { RESET_PARTS } from '../control/reset.ts';
import type { Change, SeenReplica } from './terms.ts';

/** What a script answers, as text and numbers in a row. */
type Row = readonly unknown[];

/** The changes since a version. */
export interface Delta {
  readonly version: number;
  /** Fields that are not among the changes are gone. */
  readonly isWhole: boolean;
  /** The version at which each part was reset last, in the order of RESET_PARTS. */
  readonly resets: readonly number[];
  readonly changes: readonly Change[];
}

/** Reads what a script answers about changes. */
export function readDelta([version, isWhole, ...row]: Row): Delta {
  const resets = row.slice(0, RESET_PARTS.length).map(Number);
  const pairs = inGroups(row.slice(RESET_PARTS.length), 2);
  const changes = pairs.map(([field, given]) => {
    const text = String(given);
    return { field: String(field), value: text.startsWith('=') ? text.slice(1) : undefined };
  });
  return { version: Number(version), isWhole: isWhole === 1, resets, changes };
}

/** Fields with their new values, as a script takes them. */
export function changesOf(fields: Readonly<Record<string, string | undefined>>): readonly string[] {
  return Object.entries(fields).flatMap(([field, value]) => [field, value === undefined ? '-' : `=${value}`]);
}

/** Reads what a script answers about the replicas. */
export function readSeen(row: Row): readonly SeenReplica[] {
  return inGroups(row, 3).map(([name, address, ageMs]) => ({
    name: String(name),
    address: String(address),
    ageMs: Number(ageMs),
  }));
}

function inGroups(row: Row, size: number): readonly Row[] {
  return Array.from({ length: Math.floor(row.length / size) }, (_, at) =>
    row.slice(at * size, (at + 1) * size),
  );
}
