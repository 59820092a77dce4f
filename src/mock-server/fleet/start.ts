import { randomBytes } from 'node:crypto';
import { machineMsBefore, realClock, type Clock } from '../../runtime/clock.ts';
import { UserError } from '../../runtime/errors.ts';
import { failureOf, plainly } from '../../runtime/network/unreachable.ts';
import { listed } from '../../runtime/text/listed.ts';
import { sleep } from '../../runtime/wait.ts';
import { StandIns } from '../../wire/redact/stand-ins.ts';
import { CannotTell } from '../control/cannot-tell.ts';
import type { ControlOptions } from '../control/options.ts';
import { lazyControl } from '../start/lazy.ts';
import type { MockServer } from '../mock-server.ts';
import { readOptions, type MockServerOptions, type ReadOptions } from '../options.ts';
import { SessionHost, type SessionHostOptions } from '../session/host.ts';
import { controlOf, startServer } from '../start/start-server.ts';
import { listenToOthers, refuseUnreachable } from './address.ts';
import { newClientFor, type StatePlace } from './client.ts';
import { configOf, differences } from './config.ts';
import { RedisConnection } from './connection.ts';
import { eventsHere, replicaControl } from './control.ts';
import { keepShared, type KeptShared } from './keeping.ts';
import { GONE_MS, Siblings } from './siblings.ts';
import { newAnswerServer, type Answerer } from './questions.ts';
import { now, Replica } from './replica.ts';
import { JOIN, KEY_NAMES } from './scripts.ts';
import { SharedState } from './shared.ts';
import type { Entered } from './terms.ts';

const SECRET_BYTES = 32;
/** The first version with ZPOPMIN, and with writes in a script that has asked for the time. */
const OLDEST_REDIS = 5;
/** How long a replica that would start over waits for others that may still be there, in real time. */
const OTHERS_MS = 1000;
/**
 * It also waits this many times as long as it took to get its first answer: the others come a little later, ask more,
 * and on a busy machine each answer takes long.
 */
const OTHERS_TIMES = 5;

/** What has to be ended, also when a start fails. */
type Ending = () => Promise<void> | void;

/**
 * Starts a fake that shares what tests set with others that are started with the same Redis, on this machine or
 * elsewhere.
 *
 * @throws UserError as `startMockServer` does, for a Redis that cannot be reached, and for options that differ from those of
 * the other replicas
 */
export async function startReplica(given: MockServerOptions, place: StatePlace): Promise<MockServer> {
  const options = readOptions(given);
  if (options.allowSave) {
    const what =
      'each replica has its own files, so nothing can be saved for all of them: leave out this or --state';
    throw new UserError(what, { option: 'allowSave' });
  }
  const endings: Ending[] = [];
  const end = async () => {
    for (const ending of endings.splice(0).reverse()) await ending();
  };
  try {
    return await start(given, options, place, endings, end);
  } catch (error) {
    await end();
    throw error;
  }
}

async function start(
  given: MockServerOptions,
  options: ReadOptions,
  place: StatePlace,
  endings: Ending[],
  end: () => Promise<void>,
): Promise<MockServer> {
  const wall = realClock();
  const keys = KEY_NAMES.map((name) => `${place.prefix}:${name}`);
  const connection = new RedisConnection(await newClientFor(place), keys, wall);
  const secret = settlable<string>();
  const answerer = settlable<Answerer>();
  const sign = randomBytes(SECRET_BYTES).toString('base64url');
  const server = newAnswerServer(secret.promise, answerer.promise, sign);
  endings.push(() => {
    connection.end();
    server.close();
    server.closeAllConnections();
  });
  const address = await listenToOthers(server, options.host, place.address);
  if (place.address !== undefined) await refuseUnreachable(wall, place.address, address, sign);
  const entered = await enter(connection, wall, address, { options, url: place.url });
  secret.resolve(entered.secret);

  let replica: Replica | undefined;
  let kept: KeptShared | undefined;
  let controlOfAll: ControlOptions | undefined;
  const shared: SharedState = new SharedState({
    ...{ connection, wall, entered, address },
    apply: async (resets, changes) => replica?.apply(resets, changes),
    onSeen: (seen) => {
      siblings.hear(seen);
      replica?.watching.look();
    },
    sessions: () => ({ ids: replica?.sessions ?? [], waiting: kept?.upgrades.unclaimed ?? [] }),
  });
  const siblings: Siblings = new Siblings({
    ...{ wall, name: shared.name, secret: entered.secret },
    onGone: (name, reason) => shared.lose(name, reason, now()),
  });
  endings.push(() => shared.leave(now()).catch(() => undefined));
  const standIns = new StandIns(Buffer.from(entered.secret));
  return startServer(
    { ...given, redaction: { ...given.redaction, standIns } },
    {
      origin: { unixMs: entered.originMs, machineMs: machineMsBefore(entered.nowMs - entered.originMs) },
      hostOf: (about) => new ReplicaHost(about, end),
      keeping: (basis) => (kept = keepShared(shared, basis)),
      control(parts, own) {
        if (kept === undefined) throw new Error('nothing keeps what is said');
        const begun = new Replica(shared, siblings, parts, kept);
        replica = begun;
        endings.push(() => begun.stop());
        controlOfAll = replicaControl(parts, own, begun, kept.service);
        return controlOfAll;
      },
      async beforeListening(parts) {
        if (replica === undefined || controlOfAll === undefined) throw new Error('there is no replica');
        await replica.begin();
        answerer.resolve({
          answers: replica.answers,
          control: lazyControl(controlOf(parts)),
          controlOfAll: lazyControl({ ...controlOfAll, events: eventsHere(replica) }),
        });
      },
    },
  );
}

/** Holds the connections of a replica, and leaves the others when it has none. */
class ReplicaHost extends SessionHost {
  readonly #onStopped: () => Promise<void>;

  constructor(options: SessionHostOptions, onStopped: () => Promise<void>) {
    super(options);
    this.#onStopped = onStopped;
  }

  override async stop(patienceMs: number): Promise<void> {
    await super.stop(patienceMs);
    await this.#onStopped();
  }
}

/** @throws UserError */
async function enter(
  connection: RedisConnection,
  wall: Clock,
  address: string,
  { options, url }: { readonly options: ReadOptions; readonly url: string },
): Promise<Entered> {
  const secret = () => randomBytes(SECRET_BYTES).toString('base64url');
  const config = configOf(options);
  let answer: readonly unknown[];
  const beganMs = wall.now();
  try {
    await connection.open();
    const begun = secret().slice(0, 12);
    const join = (isSure: boolean) =>
      connection.run(JOIN, [
        begun,
        `${begun}.0`,
        secret(),
        config,
        address,
        GONE_MS,
        isSure ? 1 : 0,
        OLDEST_REDIS,
      ]);
    answer = await join(false);
    if (answer[0] === 'wait') {
      await sleep(wall, OTHERS_MS + OTHERS_TIMES * (wall.now() - beganMs));
      answer = await join(true);
    }
  } catch (error) {
    if (error instanceof CannotTell) {
      const why = plainly(failureOf(error.cause), url);
      throw new UserError(`${error.message}${why === undefined ? '' : `: ${why}`}`, { option: 'state' });
    }
    throw error;
  }
  if (answer[0] === 'old') {
    const what = `this is Redis ${String(answer[1])}: expected ${OLDEST_REDIS} or newer, or Valkey`;
    throw new UserError(what, { option: 'state' });
  }
  if (answer[0] === 'evicts') {
    const what = `this Redis drops keys when it is full, and with them what tests have set: expected the maxmemory-policy noeviction, got ${String(answer[1])}`;
    throw new UserError(what, { option: 'state' });
  }
  if (answer[0] === 'config') {
    const which = listed(differences(config, String(answer[1])), 'and');
    const what = `the other replicas were started with another ${which}: start all of them alike, or with another --state-prefix`;
    throw new UserError(what, { option: 'state' });
  }
  const [, epoch, birth, secretOfAll, originMs, ordinal, nowMs] = answer;
  return {
    ...{ epoch: String(epoch), birth: String(birth), secret: String(secretOfAll), config },
    ...{ originMs: Number(originMs), ordinal: Number(ordinal), nowMs: Number(nowMs) },
  };
}

interface Settlable<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
}

function settlable<T>(): Settlable<T> {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => (resolve = settle));
  return { promise, resolve };
}
