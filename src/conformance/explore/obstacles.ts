import { causesIn, type Cause } from '../causes/causes.ts';
import { explained } from '../causes/explain.ts';
import type { Named } from '../causes/sentences.ts';
import type { Play } from '../judge/invariant.ts';
import type { Seen } from '../judge/terms.ts';

/**
 * Reasons why generated sessions show nothing: a key that is refused, a path that is missing, a service that went down.
 * They show only in all plays together, so all plays so far are considered with the one being judged.
 */
export class Obstacles {
  readonly #before: readonly Play[];
  readonly #named: Named;
  #others: readonly Play[] = [];
  /** The causes of the last play that was asked about, since many requirements ask about the same play. */
  #last:
    | { readonly play: Play; readonly others: readonly Play[]; readonly causes: readonly Cause[] }
    | undefined;

  /** @param before the plays of the run so far */
  constructor(before: readonly Play[], named: Named) {
    this.#before = before;
    this.#named = named;
  }

  /** Remembers a play, because what happened to it may explain what others show. */
  add(play: Play): void {
    this.#others = [...this.#others, play];
  }

  /** Forgets all plays except those from before and these. */
  keepOnly(plays: readonly Play[]): void {
    this.#others = plays;
  }

  /** Whether a play was refused or cut off for a reason outside itself. */
  isMetBy(play: Play): boolean {
    return this.#ofPlay(play).some(({ refused, cut }) => refused.length + cut.length > 0);
  }

  /** The remaining occasions of a requirement that a play shows. */
  leftOf(id: string, seen: readonly Seen[], play: Play): readonly Seen[] {
    return explained(new Map([[id, seen]]), [play], this.#ofPlay(play)).occasions.get(id) ?? [];
  }

  /** Repeated plays share a name, so the play itself decides whose refusal it was. */
  #ofPlay(play: Play): readonly Cause[] {
    if (this.#last?.play !== play || this.#last.others !== this.#others) {
      const causes = causesIn([...this.#before, ...this.#others], this.#named).map((cause) => ({
        ...cause,
        refused: cause.refused.filter((each) => each.play === play),
        cut: cause.cut.filter((each) => each.play === play),
      }));
      this.#last = { play, others: this.#others, causes };
    }
    return this.#last.causes;
  }
}
