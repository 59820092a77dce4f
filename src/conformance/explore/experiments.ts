import { createHash } from 'node:crypto';
import type { ScenarioFile } from '../../scenario/schema/schema.ts';
import type { Budget } from '../player/budget.ts';
import type { Requirement } from '../../protocol/requirement.ts';
import type { Named } from '../causes/sentences.ts';
import { derived } from '../conversation/derived.ts';
import type { Invariant, Play } from '../judge/invariant.ts';
import { judgeOf } from '../judge/judge.ts';
import type { Seen } from '../judge/terms.ts';
import { playOf } from '../judging/plays.ts';
import { mixturesIn, questionsOf, describeMixture } from '../judge/mixtures.ts';
import { costOf } from '../player/plan.ts';
import { playScenario, type Played } from '../player/play-scenario.ts';
import type { Target } from '../player/target.ts';
import { Room, roomOfRun } from '../wire-client/room.ts';
import type { Tolerances } from '../judge/tolerances.ts';
import { Obstacles } from './obstacles.ts';

/** How many more times a session has to break a requirement before it is made smaller. */
const CONFIRMATIONS = 2;

/** The approximate number of plays of one search that are kept until its end. */
const MOST_PLAYS = 200;

/** How a session breaks a requirement, in the words of the report. */
export interface Violation {
  readonly expected: string;
  readonly actual: string;
  readonly evidence: readonly number[];
}

/** How to play and judge generated sessions. */
export interface ExperimentOptions {
  readonly target: Target;
  readonly budget: Budget;
  readonly tolerances: Tolerances;
  /** The requirements that are judged. */
  readonly requirements: readonly Requirement[];
  readonly invariants: readonly Invariant[];
  /** Named deviations that are accepted. */
  readonly deviations: ReadonlySet<string>;
  /** What was played before, and what the user calls the subjects of causes. */
  readonly before: readonly Play[];
  readonly named: Named;
}

/**
 * Plays generated scenarios, each once unless a repetition is asked for, and knows which requirements each of them
 * broke.
 */
export class Experiments {
  readonly #played = new Map<string, Played>();
  readonly #reliable = new Map<string, boolean>();
  readonly #options: ExperimentOptions;
  readonly #obstacles: Obstacles;
  readonly #viewOf = derived((played: Played) => playOf(played, this.#options.tolerances));
  /** When a search ends, and how much it may keep until then. */
  #search: { readonly signal: AbortSignal; readonly room: Room } | undefined;
  /** The last judged play, which is often judged again for the next requirement. */
  #judged: { readonly played: Played; readonly judge: (id: string) => readonly Seen[] } | undefined;

  constructor(options: ExperimentOptions) {
    this.#options = options;
    this.#obstacles = new Obstacles(options.before, options.named);
  }

  get plays(): readonly Played[] {
    return [...this.#played.values()];
  }

  /** Plays a scenario unless it was played before. Undefined if the budget is used up or the run has ended. */
  async play(file: ScenarioFile): Promise<Played | undefined> {
    const key = nameOf(file);
    const known = this.#played.get(key);
    if (known !== undefined) return known;
    const played = await this.again(file, `generated/${key}`);
    if (played !== undefined) this.#played.set(key, played);
    return played;
  }

  /** Plays a scenario even if it was played before. Also undefined if the search had no time to see the end of it. */
  async again(file: ScenarioFile, name: string): Promise<Played | undefined> {
    const { budget, target: given } = this.#options;
    const target = { ...given, ...this.#search };
    const scenario = { name, path: '', file };
    if (target.signal?.aborted === true || target.room.isFull) return undefined;
    if (!budget.take(costOf(scenario, target))) return undefined;
    const played = await playScenario(scenario, target, name);
    if (this.#search !== undefined && played.cut !== undefined) return undefined;
    this.#obstacles.add(this.#viewOf(played));
    return played;
  }

  /** The first occasion on which a requirement was broken, or otherwise the mixture of readings that it shows. */
  violation(id: string, played: Played): Violation | undefined {
    const judge = this.#judgeOf(played);
    return this.#brokenIn(id, judge) ?? this.#mixtureIn(id, judge);
  }

  #judgeOf(played: Played): (id: string) => readonly Seen[] {
    const { deviations, invariants } = this.#options;
    if (this.#judged?.played !== played) {
      this.#judged = { played, judge: judgeOf([this.#viewOf(played)], { deviations }, invariants) };
    }
    const { judge } = this.#judged;
    return (id) => {
      const seen = judge(id);
      const isOfInterest = seen.some(({ occasion: { outcome } }) => outcome !== 'held');
      return isOfInterest ? this.#obstacles.leftOf(id, seen, this.#viewOf(played)) : seen;
    };
  }

  /** Whether a cause of the whole run kept it from showing anything. */
  isObstructed(played: Played): boolean {
    return this.#obstacles.isMetBy(this.#viewOf(played));
  }

  #brokenIn(id: string, judge: (id: string) => readonly Seen[]): Violation | undefined {
    const { deviations } = this.#options;
    const found = judge(id).find(({ occasion: { outcome, by, deviation } }) => {
      const isAccepted = deviation !== undefined && deviations.has(deviation);
      return outcome === 'broken' && by !== 'client' && !isAccepted;
    });
    if (found === undefined) return undefined;
    const { expected = '', actual = '', events } = found.occasion;
    return { expected, actual, evidence: events };
  }

  #mixtureIn(id: string, judge: (id: string) => readonly Seen[]): Violation | undefined {
    const { requirements, deviations } = this.#options;
    const asked = questionsOf(requirements).filter(({ rows }) => rows[0].id === id);
    if (asked.length === 0) return undefined;
    const rows = asked.flatMap((each) => each.rows);
    const seen = new Map(rows.map((each) => [each.id, judge(each.id)]));
    const mixture = mixturesIn(seen, rows, { side: 'server', strict: false, deviations }).get(id);
    return mixture === undefined ? undefined : describeMixture(mixture);
  }

  /**
   * Whether a session breaks the requirement every time. A fault that depends on which of two messages is faster is no
   * example: the first time other plays run beside it, and later none do.
   */
  async breaks(id: string, file: ScenarioFile): Promise<'always' | 'once' | 'never'> {
    const played = await this.play(file);
    if (played === undefined || this.violation(id, played) === undefined) return 'never';
    const key = `${id}/${nameOf(file)}`;
    const known = this.#reliable.get(key);
    if (known !== undefined) return known ? 'always' : 'once';
    let isReliable = true;
    for (let i = 0; i < CONFIRMATIONS && isReliable; i++) {
      const again = await this.again(file, `generated/${key}`);
      // Whether it breaks the requirement every time is then unknown, and may be asked again.
      if (again !== undefined && this.isObstructed(again)) return 'once';
      isReliable = again !== undefined && this.violation(id, again) !== undefined;
    }
    this.#reliable.set(key, isReliable);
    return isReliable ? 'always' : 'once';
  }

  /** Starts making something smaller. @param signal ends the search */
  beginSearch(signal: AbortSignal): void {
    this.#search = { signal, room: new Room(roomOfRun(MOST_PLAYS)) };
  }

  /** Forgets the plays that only served to make something smaller and belong in no report. */
  keepOnly(files: readonly ScenarioFile[]): void {
    const kept = new Set(files.map(nameOf));
    for (const key of [...this.#played.keys()]) if (!kept.has(key)) this.#played.delete(key);
    this.#obstacles.keepOnly(this.plays.map(this.#viewOf));
  }
}

/** A name for a generated scenario; the same scenario always gets the same name. */
export function nameOf(file: ScenarioFile): string {
  return createHash('sha256').update(JSON.stringify(file)).digest('hex').slice(0, 8);
}
