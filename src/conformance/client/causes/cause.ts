import type { Dialect } from '../../../protocol/dialects.ts';
import type { EditionNames } from '../../../protocol/editions.ts';

/** A fact about all or most scenarios that explains more than the findings that follow from it. */
export interface ClientCause {
  /** In one sentence, without secrets. */
  readonly sentence: string;
  /** Whether it is the reason why requirements were not exercised. */
  readonly isReason: boolean;
  /** Whether something was not played to its end, so that the run is no success whatever its verdicts are. */
  readonly isCut?: true;
}

/** The credential that the client was given, as it is in traces. */
export interface Handed {
  /** The stand-in of the token. */
  readonly token: string;
  /** The stand-ins of its wrong spellings: a client that sends one of them has read the right token. */
  readonly spellings: readonly string[];
}

/** What the runner has given the client. */
export interface AboutRun {
  readonly dialect: Dialect;
  /** The editions by which it is judged. */
  readonly editions: EditionNames;
  readonly isAttached: boolean;
  readonly timeoutMs: number;
  readonly handed: Handed;
  /** The recording, if its length is known. */
  readonly recording?: { readonly durationMs: number; readonly byteCount: number };
}

/** `17 of 20 scenarios`, `all 20 scenarios`, or `the only scenario`. */
export function ofScenarios(count: number, all: number): string {
  if (all === 1) return 'the only scenario';
  return count === all ? `all ${all} scenarios` : `${count} of ${all} scenarios`;
}

/** What most of several have in common, and how many do. */
export function mostCommon(values: readonly string[]): { readonly value: string; readonly count: number } {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].reduce((best, [value, count]) => (count > best.count ? { value, count } : best), {
    value: '',
    count: 0,
  });
}
