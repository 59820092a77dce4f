import type { Dialect } from '../../../protocol/dialects.ts';

/** What is so in all scenarios, or in most of them, and says more than what it leads to. */
export interface ClientCause {
  /** In one sentence, without secrets. */
  readonly sentence: string;
  /** Whether it is why requirements were not come to. */
  readonly isReason: boolean;
  /** Whether something was not played to its end: whatever the verdicts are, it is no success. */
  readonly isCut?: true;
}

/** The credential that the client was given, as traces have it. */
export interface Handed {
  /** What stands for it. */
  readonly token: string;
  /** What stands for its wrong spellings: a client that sends one of them has read the right one. */
  readonly spellings: ReadonlySet<string>;
}

/** What the runner knows of what it has given to the client. */
export interface AboutRun {
  readonly dialect: Dialect;
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
