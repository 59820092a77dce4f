import type { Loss, Member } from './crew.ts';

/** Which worker has a session. */
export interface Place {
  readonly member: Member;
  /** The key that its client presented. */
  readonly token: string | undefined;
}

/** Which worker has which session, open or remembered; and which sessions were lost with their worker. */
export class Places {
  readonly #mostKept: number;
  readonly #onDrop: (id: string, place: Place) => void;
  readonly #open = new Map<string, Place>();
  /** Open ones that a full journal has no room for. */
  readonly #unkept = new Set<string>();
  /** In the order in which they ended. */
  readonly #ended = new Map<string, Place>();
  readonly #lost = new Map<string, Loss>();
  readonly #counts = new Map<Member, number>();

  /**
   * @param mostKept how many sessions the journals of all workers remember together
   * @param onDrop called with one that is to be forgotten
   */
  constructor(mostKept: number, onDrop: (id: string, place: Place) => void) {
    this.#mostKept = mostKept;
    this.#onDrop = onDrop;
  }

  get openCount(): number {
    return this.#open.size;
  }

  /** How many sessions are open on a worker. */
  openOn(member: Member): number {
    return this.#counts.get(member) ?? 0;
  }

  /** Where a session is that is open or remembered. */
  find(id: string): Place | undefined {
    return this.#open.get(id) ?? this.#ended.get(id);
  }

  /** How a session was lost; undefined if it was not. */
  lossOf(id: string): Loss | undefined {
    return this.#lost.get(id);
  }

  /** How the first of the lost sessions was lost; undefined if none is. */
  get firstLoss(): Loss | undefined {
    const [first] = this.#lost.values();
    return first;
  }

  opened(id: string, place: Place): void {
    this.#open.set(id, place);
    this.#count(place.member, 1);
    if (this.#mostKept === 0) this.#unkept.add(id);
    else if (this.#open.size - this.#unkept.size + this.#ended.size > this.#mostKept) this.#dropOne();
  }

  ended(id: string): void {
    const place = this.#forgetOpen(id);
    if (place !== undefined && !this.#unkept.delete(id)) this.#ended.set(id, place);
  }

  /** It was never opened: its client had gone. */
  vanished(id: string): void {
    this.#forgetOpen(id);
    this.#unkept.delete(id);
  }

  forgetEnded(): void {
    this.#ended.clear();
    this.#lost.clear();
  }

  /** Records what is lost with a worker. Returns the sessions that were open. */
  lose(member: Member, loss: Loss): readonly string[] {
    const isThere = ([, place]: [string, Place]) => place.member === member;
    const open = [...this.#open].filter(isThere).map(([id]) => id);
    const ended = [...this.#ended].filter(isThere).map(([id]) => id);
    for (const id of [...ended, ...open]) this.#lost.set(id, loss);
    for (const id of open) this.vanished(id);
    for (const id of ended) this.#ended.delete(id);
    this.#counts.delete(member);
    // As many as would be remembered otherwise, and at least those that were open.
    const most = Math.max(this.#mostKept, open.length);
    for (const id of this.#lost.keys()) {
      if (this.#lost.size <= most) break;
      this.#lost.delete(id);
    }
    return open;
  }

  /**
   * The session that ended first is forgotten first; when none has ended, the oldest open one is no longer remembered.
   */
  #dropOne(): void {
    for (const [id, place] of this.#ended) {
      this.#ended.delete(id);
      return this.#onDrop(id, place);
    }
    for (const [id, place] of this.#open) {
      if (this.#unkept.has(id)) continue;
      this.#unkept.add(id);
      return this.#onDrop(id, place);
    }
  }

  #forgetOpen(id: string): Place | undefined {
    const place = this.#open.get(id);
    if (place === undefined) return undefined;
    this.#open.delete(id);
    this.#count(place.member, -1);
    return place;
  }

  #count(member: Member, by: number): void {
    this.#counts.set(member, this.openOn(member) + by);
  }
}
