import { attend, type Attended, type AttendOptions } from './attend.ts';
import type { Connection } from '../upgrade/connection.ts';
import { noteKey, recordUpgrade, type Arrival } from '../journal/http.ts';
import type { Journal } from '../journal/journal.ts';
import type { Use } from '../journal/usage.ts';
import { vendorOfLife } from '../../protocol/dialects.ts';
import { Draining } from './draining.ts';
import { Handout, type NextOptions } from './handout.ts';
import type { Session } from '../open-session.ts';
import type { PlayedScenario, Sessions } from './sessions.ts';

/** What the host of the connections needs from the server. */
export interface SessionHostOptions extends AttendOptions {
  /** Real milliseconds between pings. */
  readonly pingMs: number;
  readonly journal: Journal;
  /** Called with what was heard on a connection that has ended. */
  readonly onUsed: (use: Use) => void;
  /** Describes what came instead, for the error of a wait that got no connection. */
  readonly told: (opened: number) => string | Promise<string>;
}

/** The close code of a server that asks clients to reconnect. */
const SERVICE_RESTART = 1012;

/** Holds the connections of one process. */
export class SessionHost implements Sessions {
  readonly #options: SessionHostOptions;
  readonly #attended = new Map<string, Attended>();
  /** Of the open connections. */
  readonly #tokens = new Map<string, string | undefined>();
  readonly #handout: Handout<Session>;
  #opened = 0;
  #stopped = false;
  readonly #draining: Draining;
  #cancelPing: (() => void) | undefined;

  constructor(options: SessionHostOptions) {
    this.#options = options;
    const { wall, waitMs, told } = options;
    const timer = (afterMs: number, callback: () => void) => wall.at(wall.now() + afterMs, callback);
    this.#draining = new Draining(wall, () => this.size);
    this.#handout = new Handout('nextSession()', timer, waitMs, () => told(this.#opened));
  }

  get size(): number {
    return this.#attended.size;
  }

  get sessions(): readonly Session[] {
    return [...this.#attended.values()].map(({ session }) => session);
  }

  /** What was heard on the connections that are open. */
  get uses(): readonly Use[] {
    return this.sessions.flatMap((session) => this.#useOf(session));
  }

  #useOf({ id, life, scenario, audioMs }: Session): readonly Use[] {
    const service = vendorOfLife(life);
    return service === undefined ? [] : [{ service, token: this.#tokens.get(id), scenario, audioMs }];
  }

  /** The oldest session that was not handed out yet, or else the next one that opens. */
  nextSession(options?: NextOptions): Promise<Session> {
    return this.#handout.next(options);
  }

  /** How many connections there have been. */
  get opened(): number {
    return this.#opened;
  }

  /** An open session. */
  find(id: string): Session | undefined {
    return this.#attended.get(id)?.session;
  }

  /**
   * `lines` are the headers of the answer to the request.
   *
   * @param given the id, if it was given elsewhere
   */
  open(connection: Connection, arrival: Arrival, lines: readonly string[], given?: string): void {
    if (this.#stopped) return connection.ws.terminate();
    this.#opened += 1;
    const id = given ?? `s${this.#opened}`;
    const log = this.#options.journal.begin(id);
    recordUpgrade(log, arrival, lines);
    noteKey(log, connection.caller, this.#options.journal);
    const attended = attend(log, connection, this.#options, () => this.#forget(id));
    this.#attended.set(id, attended);
    this.#tokens.set(id, connection.caller.token);
    this.#handout.hand(attended.session, connection.caller.token);
    this.#pingLater();
  }

  closePlaying(changed: readonly PlayedScenario[]): void {
    for (const session of this.sessions) {
      const isChanged = changed.some(({ name, life }) => name === session.scenario && life === session.life);
      if (isChanged) session.close(SERVICE_RESTART, 'The scenario has changed');
    }
  }

  /** Whether no more connections are opened. */
  get isDraining(): boolean {
    return this.#draining.hasBegun || this.#stopped;
  }

  /**
   * Waits until all connections have ended by themselves, for at most `patienceMs` of real time. From now on
   * `isDraining` is true.
   */
  drain(patienceMs: number): Promise<void> {
    return this.#draining.wait(patienceMs);
  }

  /** Closes every connection with 1001; those that have not ended after `patienceMs` of real time are cut. */
  async stop(patienceMs: number): Promise<void> {
    this.#stopped = true;
    this.#handout.close('the server has stopped');
    await this.endAll(patienceMs);
  }

  /**
   * Closes the connections that are open now with 1001, cuts those that have not ended after `patienceMs` of real time,
   * and forgets the sessions that were not handed out.
   */
  async endAll(patienceMs: number): Promise<void> {
    const { wall } = this.#options;
    this.#handout.clear('the server was reset before a connection came');
    const leaving = [...this.#attended.values()];
    const cancel = wall.at(wall.now() + patienceMs, () => {
      for (const attended of leaving) attended.cut();
    });
    for (const attended of leaving) attended.leave();
    // A connection that is cut ends a moment later.
    const timeoutMs = patienceMs + 1000;
    await Promise.allSettled(leaving.map(({ session }) => session.received('close', { timeoutMs })));
    cancel();
  }

  #forget(id: string): void {
    const session = this.find(id);
    if (session !== undefined) for (const use of this.#useOf(session)) this.#options.onUsed(use);
    this.#attended.delete(id);
    this.#tokens.delete(id);
    if (this.#attended.size > 0) return;
    this.#cancelPing?.();
    this.#cancelPing = undefined;
    this.#draining.look();
  }

  /** One timer for all connections, and none while there is no connection. */
  #pingLater(): void {
    const { wall, pingMs } = this.#options;
    this.#cancelPing ??= wall.at(wall.now() + pingMs, () => {
      this.#cancelPing = undefined;
      for (const attended of this.#attended.values()) attended.ping();
      if (this.#attended.size > 0) this.#pingLater();
    });
  }
}
