import { randomBytes } from 'node:crypto';
import type { Clock } from '../../runtime/clock.ts';
import { messageOf } from '../../runtime/errors.ts';
import { CannotTell } from '../control/cannot-tell.ts';
import { RESET_PARTS, type ResetPart } from '../control/reset.ts';
import { away, outcast, type RedisConnection } from './connection.ts';
import { Counted, restartedBy } from './counted.ts';
import { lagAfter } from './lag.ts';
import { markWith } from './mark.ts';
import { changesOf, readDelta, readSeen } from './read.ts';
import {
  BEAT,
  CLAIM,
  COUNT,
  DELTA,
  DISCARD,
  FIND,
  LOSE,
  OPEN,
  RESTORE,
  SAY,
  type Script,
} from './scripts.ts';
import type { Change, Entered, Saying, SeenReplica, Taken, Taking } from './terms.ts';

/** What a replica needs to share its state with the others. */
export interface SharedOptions {
  readonly connection: RedisConnection;
  /** Real time. */
  readonly wall: Clock;
  readonly entered: Entered;
  /** Where other replicas reach this one, `http://host:port`. */
  readonly address: string;
  /** Called in the order of the changes; nothing is decided until it is done. */
  readonly apply: (resets: readonly ResetPart[], changes: readonly Change[]) => Promise<void>;
  /** The replicas, after each heartbeat. */
  readonly onSeen: (seen: readonly SeenReplica[]) => void;
  /** The sessions of this replica, for a Redis that has forgotten them. */
  readonly sessions: () => {
    readonly ids: readonly number[];
    readonly waiting: readonly (readonly [number, string])[];
  };
}

/** How long a caller waits for an answer. Redis does nothing that would come later than this. */
const PATIENCE_MS = 2000;
/** How many times a decision is made again because others have changed something meanwhile. */
const MOST_TRIES = 100;
/** How long an emptied Redis waits for the replicas that were there before. */
const SETTLE_MS = 2500;
/** Numbers continue this far on, beyond any that another replica may have given before Redis was emptied. */
const LEAP = 100_000;
const EMPTIED = 'it was emptied, and others may have to return to it';
const ALIKE = 'replicas that were started alike, with the same files';
type Args = readonly (string | number)[];

/** What tests have set, the same in all replicas, and what is counted for all of them. */
export class SharedState {
  readonly name: string;
  readonly ordinal: number;
  readonly secret: string;
  readonly mark: (secret: string | undefined) => string;
  readonly said = new Map<string, string>();
  readonly #options: SharedOptions;
  readonly #counted = new Counted();
  #birth: string;
  #version = 0;
  #resets: readonly number[] = RESET_PARTS.map(() => 0);
  #isFirst = true;
  #counter = 0;
  #opened = 0;
  #others: readonly string[] = [];
  #lagMs: number;
  /** Redis has answered since the connection was opened. */
  #isHeard = false;
  #isSettling = false;
  #isOutcast = false;
  #pulling: Promise<void> | undefined;
  #restoring: Promise<void> | undefined;

  constructor(options: SharedOptions) {
    this.#options = options;
    const { ordinal, secret, birth, nowMs } = options.entered;
    this.ordinal = ordinal;
    this.name = `r${ordinal}`;
    this.secret = secret;
    this.mark = markWith(secret);
    this.#birth = birth;
    this.#lagMs = nowMs - options.wall.now();
  }

  /** The highest number of a session that this replica has heard of. */
  get counter(): number {
    return this.#counter;
  }

  /** Whether Redis answers, and all replicas have been heard after it was emptied. */
  get isThere(): boolean {
    return this.#options.connection.isOpen && this.#isHeard && !this.#isSettling && !this.#isOutcast;
  }

  /** Whether others have started over in the Redis. They give its session numbers again, so it cannot join them. */
  get isOutcast(): boolean {
    return this.#isOutcast;
  }

  /** Reads all changes until now. @throws CannotTell */
  async current(): Promise<void> {
    await this.reach(await this.beat());
  }

  /** Reports that this replica is there. Returns the latest version. @throws CannotTell */
  async beat(): Promise<number> {
    const { connection, address, wall, onSeen } = this.#options;
    if (!connection.isOpen) {
      this.#isHeard = false;
      await connection.open();
    }
    const askedMs = wall.now();
    const [nowMs, version, counter, isSettling, ...members] = await this.#run(
      BEAT,
      [this.name, address, this.#isHeard ? 0 : 1],
      true,
    );
    this.#lagMs = lagAfter(this.#lagMs, askedMs, wall.now(), Number(nowMs));
    this.#counter = Math.max(this.#counter, Number(counter));
    this.#isHeard = true;
    this.#isSettling = isSettling === 1;
    const seen = readSeen(members);
    this.#others = seen.map(({ name }) => name).filter((name) => name !== this.name);
    onSeen(seen);
    return Number(version);
  }

  /** Reads all changes up to a version. @throws CannotTell */
  async reach(version: number): Promise<void> {
    while (this.#version < version) await this.#pullOnce();
  }

  /**
   * Makes a change, decided on the latest state. Returns when this replica has applied it.
   *
   * @param decide is called again if others have changed something meanwhile; undefined: there is nothing to change
   */
  async say(decide: () => Saying | undefined | Promise<Saying | undefined>): Promise<number> {
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const version = this.#version;
      const saying = await decide();
      if (saying === undefined) return version;
      const { fields = {}, resets = [], restarted = [] } = saying;
      const said = [resets.join(','), restarted.join(','), ...changesOf(fields)];
      const answer = await this.#tried(SAY, [version, ...said]);
      if (answer === undefined) {
        await this.#pullOnce();
        continue;
      }
      await this.reach(Number(answer[0]));
      return Number(answer[0]);
    }
    throw new CannotTell(503, 'Others make too many changes at the same time', 'the same call later');
  }

  /** Numbers a session and counts an attempt, as decided on the latest state. @throws CannotTell */
  async take(decide: () => Taking | Promise<Taking>): Promise<Taken> {
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const version = this.#version;
      const decided = decide();
      const taking = decided instanceof Promise ? await decided : decided;
      const answer = await this.#tried(OPEN, [version, ...this.#asked(taking)]);
      if (answer !== undefined) return this.#taken(taking, answer);
      await this.#pullOnce();
    }
    throw new CannotTell(503, 'Others make too many changes at the same time', 'the same connection later');
  }

  /** Numbers a session whose scenario was selected before. */
  async number(token: string | undefined): Promise<number> {
    const taking = { isNumbered: true, token, counted: undefined };
    return this.#taken(taking, await this.#done(OPEN, ['', ...this.#asked(taking)])).number;
  }

  /** Takes a number back. If Redis does not answer, the session cannot be found anyway. */
  discard(number: number): void {
    this.#run(DISCARD, [this.name, number]).catch(() => undefined);
  }

  /** Counts a call. Returns how many there were before. */
  async count(key: string): Promise<number> {
    const before = Number((await this.#done(COUNT, [key]))[0]);
    this.#counted.note(key, before + 1);
    return before;
  }

  /** The oldest session that was not handed out, and the replica that has it. */
  async claim(
    token: string | undefined,
  ): Promise<{ readonly id: string; readonly name: string } | undefined> {
    const [number, name] = await this.#done(CLAIM, [token === undefined ? '' : this.mark(token)]);
    return number === undefined ? undefined : { id: `s${Number(number)}`, name: String(name) };
  }

  /** The replica that has a session; undefined if Redis does not know. */
  async find(number: number): Promise<string | undefined> {
    const [name, counter] = await this.#run(FIND, [number]);
    this.#counter = Math.max(this.#counter, Number(counter));
    return name === '' ? undefined : String(name);
  }

  /** Reports that a replica is gone; its own next heartbeat revokes that. */
  async lose(name: string, reason: string, at: string): Promise<void> {
    await this.#run(LOSE, [name, JSON.stringify({ at, reason })]);
    await this.current();
  }

  /** Signs this replica off. */
  async leave(at: string): Promise<void> {
    await this.#run(LOSE, [this.name, JSON.stringify({ at, reason: 'stopped' })]);
  }

  #asked({ isNumbered, token, counted = '' }: Taking): readonly (string | number)[] {
    return [this.name, isNumbered ? 1 : 0, this.mark(token), counted];
  }

  #taken({ counted }: Taking, answer: readonly unknown[]): Taken {
    const [number, attempt] = [Number(answer[0]), Number(answer[1])];
    if (number > 0) this.#opened += 1;
    this.#counter = Math.max(this.#counter, number);
    if (counted !== undefined) this.#counted.note(counted, attempt + 1);
    return { number, attempt };
  }

  #pullOnce(): Promise<void> {
    return (this.#pulling ??= this.#pull().finally(() => (this.#pulling = undefined)));
  }

  async #pull(): Promise<void> {
    const answer = await this.#run(DELTA, [this.#version], true);
    const { version, isWhole, resets, changes: given } = readDelta(answer);
    const named = new Set(given.map(({ field }) => field));
    const gone = isWhole ? [...this.said.keys()].filter((field) => !named.has(field)) : [];
    const changes = [...given, ...gone.map((field) => ({ field, value: undefined }))].filter(
      ({ field, value }) => this.said.get(field) !== value,
    );
    const before = changes.map(({ field }) => ({ field, value: this.said.get(field) }));
    this.#keep(changes);
    const isNew = (at: number) => (resets[at] ?? 0) > (this.#resets[at] ?? 0);
    // Resets from before this replica began do not concern it.
    const parts = this.#isFirst ? [] : RESET_PARTS.filter((_, at) => isNew(at));
    this.#counted.reset(parts);
    this.#counted.restart(changes.flatMap(({ field }) => restartedBy(field)));
    try {
      await this.#options.apply(parts, changes);
    } catch (error) {
      this.#keep(before);
      throw new CannotTell(503, `This replica cannot apply a change: ${messageOf(error)}`, ALIKE);
    }
    this.#resets = resets;
    this.#isFirst = false;
    this.#version = version;
  }

  #keep(changes: readonly Change[]): void {
    for (const { field, value } of changes) {
      if (value === undefined) this.said.delete(field);
      else this.said.set(field, value);
    }
  }

  /** Runs a script that has a deadline. Undefined if the decision rested on a state that is no longer the latest. */
  #tried(script: Script, args: Args): Promise<readonly unknown[] | undefined> {
    const deadlineMs = Math.round(this.#options.wall.now() + this.#lagMs + PATIENCE_MS);
    return this.#send(script, [deadlineMs, ...args]);
  }

  async #done(script: Script, args: Args): Promise<readonly unknown[]> {
    return (await this.#tried(script, args)) ?? [];
  }

  async #run(script: Script, args: Args, isPatient = false): Promise<readonly unknown[]> {
    return (await this.#send(script, args, isPatient)) ?? [];
  }

  /** @param isPatient whether an emptied Redis is filled first, instead of an immediate error */
  async #send(script: Script, args: Args, isPatient = false): Promise<readonly unknown[] | undefined> {
    const { connection, entered } = this.#options;
    if (this.#isOutcast) throw outcast();
    // The first heartbeat finds out whether the state in Redis is still the same.
    if (!this.#isHeard && script !== BEAT) throw away('it has not answered since it was away');
    const answer = await connection.run(script, [`${entered.epoch} ${this.#birth}`, ...args]);
    switch (answer[0]) {
      case 'ok':
        return answer.slice(1);
      case 'stale':
        return undefined;
      case 'other':
        this.#isOutcast = true;
        throw outcast();
      case 'empty':
        this.#restoring ??= this.#restore().finally(() => (this.#restoring = undefined));
        await this.#restoring;
        if (isPatient) return this.#send(script, args);
        throw away(EMPTIED);
      case 'settling':
        this.#isSettling = true;
        throw away(EMPTIED);
      default:
        throw away('it got to the question too late');
    }
  }

  async #restore(): Promise<void> {
    const { connection, entered, address, sessions } = this.#options;
    const { ids, waiting } = sessions();
    const all = {
      birth: birthAfter(this.#birth),
      secret: this.secret,
      config: entered.config,
      origin: entered.originMs,
      version: this.#version,
      ordinal: this.ordinal,
      counter: Math.ceil((this.#counter + 1) / LEAP) * LEAP,
      opened: this.#opened,
      others: this.#others,
      settleMs: SETTLE_MS,
      said: Object.fromEntries(this.said),
      resets: Object.fromEntries(RESET_PARTS.map((part, at) => [part, this.#resets[at] ?? 0])),
      counts: this.#counted.all,
      sessions: ids,
      waiting: waiting.map(([number, token]) => [number, token]),
    };
    const [word, birth] = await connection.run(RESTORE, [
      `${entered.epoch} ${this.#birth}`,
      ...[this.name, address, JSON.stringify(all)],
    ]);
    if (word !== 'ok') {
      this.#isOutcast = true;
      throw outcast();
    }
    this.#birth = String(birth);
    this.#isSettling = true;
    // Another replica may have had a later state.
    this.#version = 0;
  }
}

/** What distinguishes a state from the one that Redis had before: a count of states, and a random part. */
function birthAfter(birth: string): string {
  const [begun = '', life = ''] = birth.split('.', 2);
  return `${begun}.${Number.parseInt(life, 10) + 1}-${randomBytes(6).toString('base64url')}`;
}
