import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { machineMsOf, type Clock } from '../../runtime/clock.ts';
import { UserError } from '../../runtime/errors.ts';
import { isoOf, wallNowMs } from '../../runtime/wall-time.ts';
import { StandIns } from '../../wire/redact/stand-ins.ts';
import type { MockServer } from '../mock-server.ts';
import { readOptions, type MockServerOptions, type ReadOptions } from '../options.ts';
import { startServer } from '../start/start-server.ts';
import type { SessionHostOptions } from '../session/host.ts';
import { Crew } from './crew.ts';
import type { Start } from './messages.ts';
import { remoteControl } from './remote-control.ts';
import { RemoteSessions } from './remote-sessions.ts';
import { socketPlace } from './sockets.ts';
import { tellStarting } from './starting.ts';

/** The fewest bytes that the journal of a worker may have. */
const FEWEST_BYTES = 65_536;
const KEY_BYTES = 32;

/**
 * Starts a fake whose connections are spread over several processes. This process listens, decides what each connection
 * gets, answers all calls over HTTP and knows what tests have set; a connection that was admitted is passed to a
 * worker.
 *
 * @param count how many workers, from 2
 * @param tell called with how far they are, while they start slowly
 * @throws UserError as `startMockServer` does, and for TLS
 */
export async function startWithWorkers(
  given: MockServerOptions,
  count: number,
  tell: (sentence: string) => void = () => undefined,
): Promise<MockServer> {
  const standInsKey = randomBytes(KEY_BYTES);
  const shared = { ...given, redaction: { ...given.redaction, standIns: new StandIns(standInsKey) } };
  const options = readOptions(shared);
  if (options.tls !== undefined) {
    const what =
      'a TLS connection cannot be passed to another process: end TLS in front of the fake, or leave out --workers';
    throw new UserError(what, { option: options.tls === true ? 'tls' : 'tls.cert' });
  }
  const place = await socketPlace();
  const made: { readonly crew: Crew; readonly remote: RemoteSessions; readonly wall: Clock }[] = [];
  const hostOf = (host: SessionHostOptions) => {
    const startOf = (name: string): Start => ({
      kind: 'start',
      name,
      options: optionsOfWorker(options, count),
      origin: {
        unixMs: host.unixMs() - host.clock.now(),
        machineMs: machineMsOf(host.clock, options.speed),
      },
      nowMs: host.clock.now(),
      socketPath: place.of(name),
      standInsKey,
    });
    const crew = new Crew({
      ...{ count, startOf, wall: host.wall },
      timeOfDay: () => isoOf(wallNowMs()),
      onMessage: (message) => remote.hear(message),
      onBegun: (member) => remote.greet(member),
      onLost: (member, loss) => remote.lost(member, loss),
    });
    const remote = new RemoteSessions(host, crew, {
      mostKept: options.journal.sessions,
      isManual: options.clock === 'manual',
      onStopped: () => place.remove(),
    });
    made.push({ crew, remote, wall: host.wall });
    return remote;
  };
  const of = () => {
    const [one] = made;
    if (one === undefined) throw new Error('nothing holds the sessions');
    return one;
  };
  try {
    return await startServer(shared, {
      hostOf,
      async beforeListening({ feed }) {
        const { crew, remote, wall } = of();
        remote.onProgress = (progressed) => feed.progressed(progressed);
        const ready = () => crew.members.filter(({ isThere }) => isThere).length;
        const stopTelling = tellStarting(wall, { count, processors: availableParallelism(), ready }, tell);
        await crew.start().finally(stopTelling);
      },
      control: (parts, own) => remoteControl(parts, own, of().crew, of().remote),
    });
  } catch (error) {
    await made[0]?.crew.stop();
    await place.remove();
    throw error;
  }
}

/** The options of a worker, without those for what this process does itself. */
function optionsOfWorker(options: ReadOptions, count: number): MockServerOptions {
  const { host, keys, editions, recordings, watch, seed, speed, clock, allowUrls, speakers } = options;
  const { maxFrameBytes, maxBufferedBytes, pulseMs, pingMs, controlToken, journal, redaction } = options;
  return {
    ...{ host, keys, editions, recordings, watch, seed, speed, clock, allowUrls, speakers },
    ...{ maxFrameBytes, maxBufferedBytes, pingMs },
    ...(pulseMs === undefined ? {} : { pulseMs }),
    ...(controlToken === undefined ? {} : { controlToken }),
    page: false,
    journal: { ...journal, bytes: Math.max(FEWEST_BYTES, Math.floor(journal.bytes / count)) },
    redaction: redaction.names === undefined ? {} : { names: redaction.names },
  };
}
