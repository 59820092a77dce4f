import { attend, type Attended, type AttendOptions } from './attend.ts';
import type { Connection } from './connections.ts';
import type { Session } from './live-session.ts';

export interface SessionHostOptions extends AttendOptions {
  /** Real milliseconds between pings. */
  readonly pingMs: number;
}

/** Sessions that nobody asked for are forgotten beyond this number, the oldest first. */
const MOST_UNCLAIMED = 1000;

/** Holds the connections of one server. */
export class SessionHost {
  readonly #options: SessionHostOptions;
  readonly #attended = new Map<string, Attended>();
  #unclaimed: Session[] = [];
  #claims: { resolve: (session: Session) => void; reject: (error: Error) => void }[] = [];
  #opened = 0;
  #stopped = false;
  #cancelPing: (() => void) | undefined;
  #onEmpty: (() => void) | undefined;

  constructor(options: SessionHostOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#attended.size;
  }

  get sessions(): readonly Session[] {
    return [...this.#attended.values()].map(({ session }) => session);
  }

  /** The oldest session that was not handed out yet, or the next one to come. */
  nextSession(): Promise<Session> {
    const session = this.#unclaimed.shift();
    if (session !== undefined) return Promise.resolve(session);
    if (this.#stopped) return Promise.reject(new Error('The server has stopped'));
    return new Promise((resolve, reject) => this.#claims.push({ resolve, reject }));
  }

  open(connection: Connection): void {
    if (this.#stopped) return connection.ws.terminate();
    const id = `s${(this.#opened += 1)}`;
    const attended = attend(id, connection, this.#options, () => this.#forget(id));
    this.#attended.set(id, attended);
    this.#hand(attended.session);
    this.#pingLater();
  }

  /** Closes every connection with 1001; what has not ended after `patienceMs` of real time is cut. */
  async stop(patienceMs: number): Promise<void> {
    const { wall } = this.#options;
    this.#stopped = true;
    for (const { reject } of this.#claims) reject(new Error('The server has stopped'));
    this.#claims = [];
    if (this.#attended.size === 0) return;
    const empty = new Promise<void>((resolve) => (this.#onEmpty = resolve));
    const cancel = wall.at(wall.now() + patienceMs, () => {
      for (const { cut } of this.#attended.values()) cut();
    });
    for (const { leave } of this.#attended.values()) leave();
    await empty;
    cancel();
  }

  #hand(session: Session): void {
    const claim = this.#claims.shift();
    if (claim !== undefined) return claim.resolve(session);
    this.#unclaimed.push(session);
    if (this.#unclaimed.length > MOST_UNCLAIMED) this.#unclaimed.shift();
  }

  #forget(id: string): void {
    this.#attended.delete(id);
    if (this.#attended.size > 0) return;
    this.#cancelPing?.();
    this.#cancelPing = undefined;
    this.#onEmpty?.();
  }

  /** One timer for all, and none while nobody is connected. */
  #pingLater(): void {
    const { wall, pingMs } = this.#options;
    this.#cancelPing ??= wall.at(wall.now() + pingMs, () => {
      this.#cancelPing = undefined;
      for (const { ping } of this.#attended.values()) ping();
      if (this.#attended.size > 0) this.#pingLater();
    });
  }
}
