import type { ResetPart } from '../control/reset.ts';

/** The same limit as in Redis. */
const MOST = 20_000;

/** The counts that a replica was given, to restore them in an emptied Redis. */
export class Counted {
  readonly #counts = new Map<string, number>();

  get all(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counts);
  }

  note(key: string, count: number): void {
    this.#counts.delete(key);
    this.#counts.set(key, count);
    if (this.#counts.size <= MOST) return;
    for (const oldest of this.#counts.keys()) {
      this.#counts.delete(oldest);
      return;
    }
  }

  /** Forgets the counts that a reset clears. */
  reset(parts: readonly ResetPart[]): void {
    if (parts.includes('assignments') || parts.includes('scenarios'))
      this.#drop((key) => key.startsWith('a/'));
    if (parts.includes('service')) this.#drop((key) => key.startsWith('c/'));
  }

  /** Forgets the counts of some scenarios; `*` means all. */
  restart(names: readonly string[]): void {
    if (names.includes('*')) return this.#counts.clear();
    if (names.length > 0) this.#drop((key) => names.includes(key.split('/', 3)[2] ?? ''));
  }

  #drop(isGone: (key: string) => boolean): void {
    for (const key of this.#counts.keys()) if (isGone(key)) this.#counts.delete(key);
  }
}

/** The scenarios that are counted from the start after a change of a field. */
export function restartedBy(field: string): readonly string[] {
  if (field === 'd') return ['*'];
  return field.startsWith('p:') ? [field.slice(field.indexOf('/') + 1)] : [];
}
