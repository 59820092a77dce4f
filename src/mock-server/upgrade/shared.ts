import type { Dialect } from '../../protocol/dialects.ts';
import type { Selected, Selecting } from '../selection/selection.ts';

/** What several replicas decide together for each upgrade. */
export interface SharedUpgrades {
  /**
   * Selects the scenario of a connection and counts the attempt, on the latest state of what tests set. Also gives
   * the session its number, unless `mayOpen` says that the upgrade may be refused, or the scenario answers upgrades in
   * its own way.
   */
  select(dialect: Dialect, by: Selecting, mayOpen: () => boolean): Promise<SharedlySelected>;
  /** Numbers a session that has none yet. */
  number(token: string | undefined): Promise<number>;
  /** The session with this number is open. */
  opened(number: number): void;
  /** No session will have this number. */
  discard(number: number): void;
  /** The answer to an upgrade that could not be decided; undefined for any other error. */
  unavailable(error: unknown): string | undefined;
}

/** The scenario of a connection, and the number of its session. */
export interface SharedlySelected {
  readonly selected: Selected | undefined;
  /** From 1; 0 for none. */
  readonly number: number;
}
