import { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Duplex } from 'node:stream';
import { stopReading } from '../../wire/tcp.ts';
import { CannotTell } from '../control/cannot-tell.ts';
import type { ServerEvent } from '../events.ts';
import type { Progressed } from '../feed/event.ts';
import type { Use } from '../journal/usage.ts';
import type { Session } from '../open-session.ts';
import { Draining } from '../session/draining.ts';
import { Handout, type NextOptions } from '../session/handout.ts';
import type { SessionHostOptions } from '../session/host.ts';
import type { PlayedScenario, Sessions } from '../session/sessions.ts';
import type { OnMalformed } from '../upgrade/answer.ts';
import type { Admitted, Elsewhere } from '../upgrade/elsewhere.ts';
import type { Crew, Loss, Member } from './crew.ts';
import { newInspector } from './inspect.ts';
import type { FromWorker } from './messages.ts';
import { Places, type Place } from './places.ts';

const ID_PREFIX = 's';
/** How long `stop` may take in addition to the patience with clients, in real time. */
const ASK_MS = 3000;

/** What the sessions of other processes need from the server. */
export interface RemoteOptions {
  /** How many sessions the journals of all workers remember together. */
  readonly mostKept: number;
  /** Whether the clock is moved by hand. */
  readonly isManual: boolean;
  /** Called when all workers have ended. */
  readonly onStopped: () => Promise<void>;
}

/** The connections of a server whose workers have them: which worker has which, and what follows from that. */
export class RemoteSessions implements Sessions {
  readonly sessions: readonly Session[] = [];
  readonly uses: readonly Use[] = [];
  readonly elsewhere: Elsewhere;
  readonly places: Places;
  /** Called with how far sessions have come, while anyone is watching. */
  onProgress: (progressed: readonly Progressed[]) => void = () => undefined;
  readonly #options: SessionHostOptions;
  readonly #about: RemoteOptions;
  readonly #crew: Crew;
  readonly #handout: Handout<string>;
  readonly #inspect = newInspector();
  #opened = 0;
  #isStopped = false;
  #isWatched = false;
  readonly #draining: Draining;

  constructor(options: SessionHostOptions, crew: Crew, about: RemoteOptions) {
    this.#options = options;
    this.#crew = crew;
    this.#about = about;
    const { wall, waitMs, told } = options;
    const timer = (afterMs: number, callback: () => void) => wall.at(wall.now() + afterMs, callback);
    this.#draining = new Draining(wall, () => this.size);
    this.#handout = new Handout('nextSession()', timer, waitMs, () => told(this.#opened));
    this.places = new Places(about.mostKept, (id, { member }) => member.send({ kind: 'drop', id }));
    // Within the getter below, `this` is another object.
    const isThere = () => this.#next() !== undefined;
    this.elsewhere = {
      get isThere() {
        return isThere();
      },
      take: (admitted, duplex, onMalformed) => this.#inspectAndPass(admitted, duplex, onMalformed),
      watched: (isOn) => {
        this.#isWatched = isOn;
        for (const member of crew.members) member.send({ kind: 'watch', isOn });
      },
    };
  }

  get size(): number {
    return this.places.openCount;
  }

  get isDraining(): boolean {
    return this.#draining.hasBegun || this.#isStopped;
  }

  /** The id of the oldest session that has not been handed out yet, or else of the next one that opens. */
  next(options?: NextOptions): Promise<string> {
    return this.#handout.next(options);
  }

  nextSession(): Promise<Session> {
    return Promise.reject(new Error('the sessions are in other processes: GET sessions/next has them'));
  }

  find(): undefined {
    return undefined;
  }

  open(): void {
    throw new Error('connections are opened by workers');
  }

  closePlaying(changed: readonly PlayedScenario[]): void {
    for (const member of this.#crew.members) member.send({ kind: 'close-playing', changed });
  }

  drain(patienceMs: number): Promise<void> {
    return this.#draining.wait(patienceMs);
  }

  async stop(patienceMs: number): Promise<void> {
    this.#isStopped = true;
    this.#handout.close('the server has stopped');
    const { wall } = this.#options;
    let cancel = () => {};
    const late = new Promise<void>((resolve) => {
      cancel = wall.at(wall.now() + patienceMs + ASK_MS, resolve);
    });
    // A worker that no longer answers is ended as well.
    await Promise.race([late, Promise.allSettled([this.#crew.askAll('stop', patienceMs)])]);
    cancel();
    await this.#crew.stop();
    await this.#about.onStopped();
  }

  async endAll(): Promise<void> {
    this.#handout.clear('the server was reset before a connection came');
    await this.#crew.askAll('reset', { sessions: true });
  }

  /** Forgets the sessions that have ended, and those that were lost. */
  async forgetEnded(): Promise<void> {
    await this.#crew.askAll('reset', { journal: true });
    this.places.forgetEnded();
  }

  /** Moves the clocks of all workers to the time of this process. */
  async moveClocks(): Promise<void> {
    await this.#crew.askAll('advance', this.#options.clock.now());
  }

  /** A worker has sent a message. */
  hear(message: FromWorker): void {
    switch (message.kind) {
      case 'event':
        return this.#happened(message.event);
      case 'used':
        return this.#options.onUsed(message.use);
      case 'vanished':
        this.places.vanished(message.id);
        return this.#draining.look();
      case 'progress':
        return this.onProgress(message.progressed);
      case 'ready':
      case 'failed':
      case 'answer':
    }
  }

  /** A worker has ended without being asked to. */
  lost(member: Member, loss: Loss): void {
    const open = this.places.lose(member, loss);
    this.#options.onEvent({
      event: 'worker-lost',
      worker: loss.worker,
      reason: loss.reason,
      sessions: open.length,
    });
    this.#draining.look();
  }

  /** Sends a new worker what the others know. */
  greet(member: Member): void {
    if (this.#isWatched) member.send({ kind: 'watch', isOn: true });
  }

  #happened(event: ServerEvent): void {
    if (event.event === 'session-close') this.places.ended(event.id);
    this.#options.onEvent(event);
    if (event.event === 'session-open') {
      const place = this.places.find(event.id);
      // Another worker may already have reported a connection that came later.
      this.#handout.hand(event.id, place?.token, Number(event.id.slice(ID_PREFIX.length)));
    } else if (event.event === 'session-close') this.#draining.look();
  }

  /** The worker with the fewest connections. */
  #next(): Member | undefined {
    let best: Member | undefined;
    for (const member of this.#crew.members) {
      if (!member.isThere) continue;
      if (best === undefined || this.places.openOn(member) < this.places.openOn(best)) best = member;
    }
    return best;
  }

  #inspectAndPass(admitted: Admitted, duplex: Duplex, onMalformed: OnMalformed): void {
    const { request } = admitted.arrival;
    this.#inspect(request, duplex, admitted.head, onMalformed, () => this.#pass(admitted, duplex));
  }

  #pass({ arrival, head, ...admitted }: Admitted, duplex: Duplex): void {
    const member = this.#next();
    if (member === undefined || !(duplex instanceof Socket) || duplex instanceof TLSSocket) {
      return void duplex.destroy();
    }
    this.#opened += 1;
    const id = `${ID_PREFIX}${this.#opened}`;
    const place: Place = { member, token: admitted.caller.token };
    this.places.opened(id, place);
    const { method = 'GET', url = '/', headers, rawHeaders } = arrival.request;
    const early = Buffer.concat([head, stopReading(duplex)]);
    // The worker may have begun with an earlier time, and its clock may not have been moved since.
    if (this.#about.isManual) member.ask('advance', this.#options.clock.now()).catch(() => undefined);
    member.send(
      {
        kind: 'open',
        id,
        request: { method, url, headers, rawHeaders },
        head: early,
        atMs: arrival.atMs,
        ...admitted,
      },
      duplex,
    );
  }
}

/** The error of calls about a session that is lost. */
export function goneWith({ worker, at }: Loss, what = 'had this session'): CannotTell {
  return new CannotTell(
    410,
    `The worker ${worker}, which ${what}, ended at ${at}`,
    'POST reset, and another session',
  );
}
