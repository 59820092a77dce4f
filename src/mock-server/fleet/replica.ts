import type { ResetPart } from '../control/reset.ts';
import { CannotTell } from '../control/cannot-tell.ts';
import { describeRequest, describeSession, listed } from '../control/describe.ts';
import { isoOf, wallNowMs } from '../../runtime/wall-time.ts';
import type { Parts } from '../start/assemble.ts';
import {
  addScenario,
  forgetParts,
  removeScenario,
  sessionOf,
  sessionsOf,
  setDefaults,
} from '../start/face.ts';
import { numberOf } from '../journal/journal.ts';
import { look } from '../verify/verify.ts';
import { keepBeating } from './beating.ts';
import type { KeptShared } from './keeping.ts';
import { Gone, type Sibling, type Siblings } from './siblings.ts';
import type { Answering, Answers, Described, ReplicaQuestion } from './questions.ts';
import { CLOCK, DEFAULTS, newSays, POSTED, type Says } from './says.ts';
import type { SharedState } from './shared.ts';
import type { Change } from './terms.ts';
import { Watching } from './watching.ts';

/** The size of the range of request numbers that each replica has to itself. */
const REQUESTS_EACH = 10 ** 9;
const LOST = 'l:';

/** One of the fakes that share what tests set: it applies changes and answers the questions of the others. */
export class Replica {
  readonly shared: SharedState;
  readonly siblings: Siblings;
  readonly says: Says;
  /** The events of all replicas. */
  readonly watching: Watching;
  readonly #parts: Parts;
  readonly #kept: KeptShared;
  /** Changes being applied, one after the other. */
  #effects: Promise<void> = Promise.resolve();
  #stopBeating: (() => void) | undefined;
  #sessionResets = 0;

  constructor(shared: SharedState, siblings: Siblings, parts: Parts, kept: KeptShared) {
    this.shared = shared;
    this.siblings = siblings;
    this.#parts = parts;
    this.#kept = kept;
    this.says = newSays(shared, parts);
    this.watching = new Watching(parts, siblings, shared);
    parts.journal.numberRequestsAfter((shared.ordinal - 1) * REQUESTS_EACH);
  }

  /** Applies all changes so far, and sends heartbeats from now on. */
  async begin(): Promise<void> {
    await this.shared.current();
    await this.#effects;
    const { wall } = this.#parts;
    this.#stopBeating = keepBeating(wall, this.shared, () => this.siblings.deafen());
  }

  /** The numbers of its sessions that are open or remembered. */
  get sessions(): readonly number[] {
    return sessionsOf(this.#parts).map(({ id }) => numberOf(id));
  }

  /** How often the sessions were reset, which ends the waits for the next one. */
  get sessionResets(): number {
    return this.#sessionResets;
  }

  /** Sends no more heartbeats. */
  stop(): void {
    this.#stopBeating?.();
    this.watching.stop();
  }

  /** Waits until all replicas have applied all changes. @throws CannotTell */
  async done(version: number): Promise<void> {
    await this.#effects;
    await this.#withoutGone(() => this.siblings.askAll('reached', version));
  }

  /** Resets parts of all replicas; also forgets those that are found to be gone meanwhile. @throws CannotTell */
  reset(parts: readonly ResetPart[]): Promise<void> {
    return this.#withoutGone(async () => {
      const version = await this.shared.say(() => ({ resets: parts }));
      await this.#effects;
      await this.siblings.askAll('reached', version);
    });
  }

  /** Asks all others about sessions. @throws CannotTell if one does not answer, or has ended with sessions */
  askAll<Q extends ReplicaQuestion>(question: Q, given: Answers[Q][0]): Promise<readonly Answers[Q][1][]> {
    return this.#withoutGone(() => {
      this.#refuseIncomplete();
      return this.siblings.askAll(question, given);
    });
  }

  /** The replica that collects the events of all; undefined if it is this one. */
  get first(): Sibling | undefined {
    const earlier = this.siblings.all.filter(({ name }) => ordinalOf(name) < this.shared.ordinal);
    return earlier.sort((a, b) => ordinalOf(a.name) - ordinalOf(b.name))[0];
  }

  /** Lets this replica follow the events of all, for readers that come now. @throws CannotTell */
  lookOn(): Promise<void> {
    return this.#withoutGone(() => this.watching.begin());
  }

  /** Applies a change. */
  async apply(resets: readonly ResetPart[], changes: readonly Change[]): Promise<void> {
    const { service, rest, saidModels, upgrades } = this.#kept;
    const { feed, movable } = this.#parts;
    for (const change of changes) await this.#take(change);
    saidModels.look(changes);
    for (const { field } of changes) if (field.startsWith('o:')) rest.look(field);
    if (changes.some(({ field }) => field === 's')) service.look();
    if (resets.includes('sessions')) {
      this.#sessionResets += 1;
      upgrades.forgetUnclaimed();
    }
    const own = resets.filter((part) => part === 'sessions' || part === 'journal' || part === 'usage');
    this.#then(() => forgetParts(this.#parts, own));
    if (resets.length > 0) this.#then(() => Promise.resolve(feed.add({ event: 'reset', parts: resets })));
    const clock = changes.find(({ field }) => field === CLOCK)?.value;
    if (clock !== undefined) this.#then(() => movable.advance(Number(clock) - movable.now()));
  }

  /** The answers to other replicas. */
  readonly answers: Answering = {
    ping: () => null,
    reached: async (version) => {
      await this.shared.reach(version);
      await this.#effects;
      return null;
    },
    list: (query) => listed(sessionsOf(this.#parts), this.#parts.journal, query),
    requests: () => this.#parts.journal.requests.map(describeRequest),
    handOut: async (id) => {
      await this.#kept.upgrades.handOut(numberOf(id));
      const session = sessionOf(this.#parts, id);
      return session === undefined ? null : describeSession(session, this.#parts.journal.get(id));
    },
    has: (id) => this.#has(id),
    verify: (expectations) => {
      const sessions = sessionsOf(this.#parts);
      return expectations.map((expected) => look(sessions, expected));
    },
    usage: () => this.#parts.meter.sums(this.#parts.host.uses),
    happened: () => ({ next: this.#parts.feed.next, own: this.#parts.feed.own }),
  };

  /** A session that was handed out, as it is shown; undefined if it was never opened. @throws CannotTell */
  async handOut(claimed: { readonly id: string; readonly name: string }): Promise<Described | undefined> {
    const { id, name } = claimed;
    if (name === this.shared.name) return (await this.answers.handOut(id)) ?? undefined;
    this.#refuseLost(name);
    const sibling = this.siblings.find(name);
    if (sibling === undefined) return undefined;
    try {
      return (await this.siblings.ask(sibling, 'handOut', id)) ?? undefined;
    } catch (error) {
      this.#refuseLost(name);
      throw error;
    }
  }

  /** The replica that has a session or a call; undefined if it is this one, or none. @throws CannotTell */
  async place(id: string): Promise<Sibling | undefined> {
    if (this.#has(id)) return undefined;
    const [, kind, digits] = /^([sh])(\d{1,15})$/.exec(id) ?? [];
    if (kind === undefined) return undefined;
    const number = Number(digits);
    const name =
      kind === 'h' ? `r${Math.floor((number - 1) / REQUESTS_EACH) + 1}` : await this.shared.find(number);
    if (name === this.shared.name) return undefined;
    if (name === undefined) return this.#searched(id, number);
    this.#refuseLost(name);
    return this.siblings.find(name);
  }

  /** Why a replica cannot answer a call that was passed on to it. */
  async lostOr(sibling: Sibling): Promise<CannotTell> {
    const silent = await this.siblings.broken(sibling);
    return this.#lossOf(sibling.name) ?? silent;
  }

  /** @throws CannotTell if a replica has ended with sessions that no reset has forgotten */
  #refuseIncomplete(): void {
    for (const field of this.shared.said.keys()) {
      if (!field.startsWith(LOST)) continue;
      const gone = this.#lossOf(field.slice(LOST.length), 'had sessions that this is about');
      if (gone !== undefined) throw gone;
    }
  }

  /** Redis has no record of where a session is: it may have been emptied. */
  async #searched(id: string, number: number): Promise<Sibling | undefined> {
    if (number > this.shared.counter) return undefined;
    const found = await this.#withoutGone(async () => {
      const { all } = this.siblings;
      const have = await Promise.all(all.map((sibling) => this.siblings.ask(sibling, 'has', id)));
      return all.find((_, at) => have[at] === true);
    });
    if (found !== undefined) return found;
    const lost = [...this.shared.said.keys()].find((field) => field.startsWith(LOST));
    const gone =
      lost === undefined ? undefined : this.#lossOf(lost.slice(LOST.length), 'may have had this session');
    if (gone !== undefined) throw gone;
    return undefined;
  }

  #has(id: string): boolean {
    return sessionOf(this.#parts, id) !== undefined || this.#parts.journal.get(id) !== undefined;
  }

  #refuseLost(name: string): void {
    const gone = this.#lossOf(name);
    if (gone !== undefined) throw gone;
  }

  #lossOf(name: string, what = 'had this session'): CannotTell | undefined {
    const text = this.shared.said.get(`${LOST}${name}`);
    if (text === undefined) return undefined;
    const { at } = JSON.parse(text) as { readonly at: string };
    return new CannotTell(
      410,
      `The replica ${name}, which ${what}, ended at ${at}`,
      'POST reset, and another session',
    );
  }

  async #take({ field, value }: Change): Promise<void> {
    const parts = this.#parts;
    if (field === DEFAULTS) {
      const names =
        value === undefined ? undefined : (JSON.parse(value) as { names: readonly string[] }).names;
      if (names === undefined) parts.defaults.restore();
      else await setDefaults(parts, names, true);
    } else if (field.startsWith(POSTED)) {
      const name = field.slice(field.indexOf('/') + 1);
      if (value === undefined) removeScenario(parts, name);
      else await addScenario(parts, name, value.slice(value.indexOf('\n') + 1));
    }
  }

  #then(act: () => Promise<void>): void {
    const done = this.#effects.then(act);
    this.#effects = done.catch(() => undefined);
  }

  /** Repeats something without each replica that turns out to be gone. */
  async #withoutGone<T>(act: () => Promise<T>): Promise<T> {
    for (let left = this.siblings.all.length; ; left--) {
      try {
        return await act();
      } catch (error) {
        if (!(error instanceof Gone) || left <= 0) throw error;
      }
    }
  }
}

/** The place of a replica in the order in which they began. */
function ordinalOf(name: string): number {
  return Number(name.slice(1));
}

/** The real time, as text in ISO 8601. */
export function now(): string {
  return isoOf(wallNowMs());
}
