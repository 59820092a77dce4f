import { rmSync } from 'node:fs';
import { createServer, IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { dirname } from 'node:path';
import { messageOf } from '../../runtime/errors.ts';
import { StandIns } from '../../wire/redact/stand-ins.ts';
import { assemble, type Parts } from '../start/assemble.ts';
import { describeSession, listed } from '../control/describe.ts';
import { partsOf, type ResetParts } from '../control/reset.ts';
import { playing } from '../dialects/dialect.ts';
import { SERVER_DIALECTS } from '../dialects/dialects.ts';
import { forget, sessionOf, sessionsOf } from '../start/face.ts';
import { progressIn } from '../feed/progress.ts';
import { lazyControl } from '../start/lazy.ts';
import { readOptions } from '../options.ts';
import { controlOf } from '../start/start-server.ts';
import { loadEngine } from '../session/attend.ts';
import { SessionHost, type SessionHostOptions } from '../session/host.ts';
import { admit } from '../upgrade/admission.ts';
import { newAcceptor, type Accept } from '../upgrade/answer.ts';
import { readTarget } from '../upgrade/upgrader.ts';
import { look } from '../verify/verify.ts';
import type { FromWorker, Open, WorkerQuestion, Questions, Start, ToWorker } from './messages.ts';

/**
 * A process that has some of the connections of a fake. The process that listens starts it and tells it what to do;
 * when that process ends, so does this one.
 */

/**
 * How many calls may come while it is busy with something else. The limit of Node.js is below the number of calls that
 * may wait for one session, and a socket in a folder refuses one more at once; what the system allows, often 4,096, is
 * the limit above it.
 */
const MOST_NEW_CALLS = 4096;

// Ctrl-C reaches all processes of a terminal, but the one that listens decides when to end.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
process.on('disconnect', () => {
  // The other process may have been killed, and then no one else removes the folder.
  if (socketFolder !== undefined) rmSync(socketFolder, { recursive: true, force: true });
  process.exit(0);
});

function tell(message: FromWorker): void {
  // The other process may be gone.
  if (process.connected) process.send?.(message, undefined, {}, () => undefined);
}

let worker: Worker | undefined;
let socketFolder: string | undefined;

process.on('message', (message: ToWorker, handle: unknown) => {
  if (message.kind !== 'start') return worker?.take(message, handle);
  if (process.platform !== 'win32') socketFolder = dirname(message.socketPath);
  begin(message).then(
    (begun) => {
      worker = begun;
      tell({ kind: 'ready' });
    },
    (error: unknown) => tell({ kind: 'failed', message: messageOf(error) }),
  );
});

async function begin(start: Start): Promise<Worker> {
  const options = readOptions({
    ...start.options,
    redaction: { ...start.options.redaction, standIns: new StandIns(start.standInsKey) },
    onEvent: (event) => tell({ kind: 'event', event }),
  });
  const made: SessionHost[] = [];
  const hostOf = (given: SessionHostOptions) => {
    const host = new SessionHost({ ...given, onUsed: (use) => tell({ kind: 'used', use }) });
    made.push(host);
    return host;
  };
  const parts = await assemble(options, { origin: start.origin, hostOf });
  const [host] = made;
  if (host === undefined) throw new Error('there is no holder of sessions');
  if (options.clock === 'manual') {
    await loadEngine();
    await parts.movable.advance(start.nowMs);
  }
  if (options.watch !== false) {
    const { watchRecordings } = await import('../recordings/watch.ts');
    // The process that listens reports them.
    await watchRecordings(parts.shelf, options.recordings, parts.wall, () => undefined);
  }
  const control = lazyControl(controlOf(parts));
  await new Promise<void>((resolve, reject) => {
    const server = createServer(control).once('error', reject);
    server.listen({ path: start.socketPath, backlog: MOST_NEW_CALLS }, resolve);
  });
  return new Worker(parts, host);
}

class Worker {
  readonly #parts: Parts;
  readonly #host: SessionHost;
  readonly #accept: Accept;
  /** Resolves when the clock has reached the time to which it is moved. */
  #moved: Promise<void> = Promise.resolve();
  #unwatch: (() => void) | undefined;

  constructor(parts: Parts, host: SessionHost) {
    this.#parts = parts;
    this.#host = host;
    this.#accept = newAcceptor(parts.options.maxFrameBytes, (_message, duplex) => void duplex.destroy());
  }

  take(message: ToWorker, handle: unknown): void {
    switch (message.kind) {
      case 'open':
        return this.#inOrder(() => this.#open(message, handle instanceof Socket ? handle : undefined));
      case 'ask':
        return void this.#answer(message.call, message.question, message.given);
      case 'drop':
        return this.#parts.journal.drop(message.id);
      case 'watch':
        return this.#watch(message.isOn);
      case 'close-playing':
        return this.#host.closePlaying(message.changed);
      case 'start':
    }
  }

  /** If the clock is moved by hand, a connection begins once all earlier moves are done. */
  #inOrder(action: () => void): void {
    if (this.#parts.options.clock === 'manual') this.#moved = this.#moved.then(action);
    else action();
  }

  #open({ id, request: sent, head, atMs, planned, ...open }: Open, socket: Socket | undefined): void {
    if (socket !== undefined) {
      // As in an HTTP server: a client may end its side first.
      socket.allowHalfOpen = true;
      socket.on('error', () => socket.destroy());
      const request = Object.assign(new IncomingMessage(socket), {
        method: sent.method,
        url: sent.url,
        headers: { ...sent.headers },
        rawHeaders: [...sent.rawHeaders],
      });
      const opening = this.#openingOf(request, open, planned);
      const { editions, caller, welcome } = open;
      const { headers = {}, subprotocol = opening.subprotocol ?? false } = welcome;
      this.#accept(request, socket, Buffer.from(head), { headers, subprotocol }, (ws, lines) => {
        const { origin } = request.headers;
        this.#host.open(
          { opening, editions, caller, origin, ws, duplex: socket },
          { request, atMs },
          lines,
          id,
        );
      });
    }
    if (this.#host.find(id) === undefined) tell({ kind: 'vanished', id });
  }

  #openingOf(
    request: IncomingMessage,
    { dialect: name, editions, grounds }: Pick<Open, 'dialect' | 'editions' | 'grounds'>,
    planned: Open['planned'],
  ) {
    const { keys, tokens } = this.#parts;
    const dialect = SERVER_DIALECTS.find((each) => each.name === name);
    const target = readTarget(request);
    if (dialect === undefined || target === undefined)
      throw new Error(`${name} is not at ${request.url ?? ''}`);
    const token = dialect.tokenOf(target);
    const own = dialect.takesTokens === true ? tokens.keys : keys;
    const context = {
      editions,
      ready: grounds.isReady,
      // The verdict from its admission; later keys are judged when they come.
      keys: (key: string | undefined) => (key === token ? grounds.verdict : own(key)),
      phrasesOf: (id: string) => grounds.phrases.get(id),
    };
    const admitted = admit(dialect, target, context, planned?.plan);
    if ('status' in admitted)
      throw new Error(`a connection was admitted that is refused with ${admitted.status}`);
    return planned === undefined ? admitted : playing(admitted, planned);
  }

  async #answer(call: number, question: WorkerQuestion, given: unknown): Promise<void> {
    // The process that listens passes the arguments of the question.
    const answer = this.#answers[question] as (given: unknown) => unknown;
    try {
      tell({ kind: 'answer', call, value: await answer(given) });
    } catch (error) {
      tell({ kind: 'answer', call, error: messageOf(error) });
    }
  }

  readonly #answers: {
    readonly [Each in WorkerQuestion]: (
      given: Questions[Each][0],
    ) => Questions[Each][1] | Promise<Questions[Each][1]>;
  } = {
    ping: () => undefined,
    facts: () => {
      const { messages, byteCount, size } = this.#parts.journal;
      const { sessions, uses } = this.#host;
      const open = sessions.map(({ life, results, audioMs }) => ({ life, results, audioMs }));
      return { messages, journal: { byteCount, size }, open, uses };
    },
    list: (query) => listed(sessionsOf(this.#parts), this.#parts.journal, query),
    describe: (id) => {
      const session = sessionOf(this.#parts, id);
      return session && describeSession(session, this.#parts.journal.get(id));
    },
    part: ({ id, from, most }) => controlOf(this.#parts).partOf(id, from, most),
    verify: (expectations) => {
      const sessions = sessionsOf(this.#parts);
      return expectations.map((expected) => look(sessions, expected));
    },
    advance: (toMs) => {
      const { movable } = this.#parts;
      const moved = this.#moved.then(() => movable.advance(toMs - movable.now()));
      this.#moved = moved;
      return moved.then(() => undefined);
    },
    reset: async (given) => {
      const own = partsOf(given).filter((part) => part === 'sessions' || part === 'journal');
      const parts: ResetParts = Object.fromEntries(own.map((part) => [part, true]));
      if (own.length > 0) await forget(this.#parts, parts);
      return undefined;
    },
    stop: async (patienceMs) => {
      await this.#host.stop(patienceMs);
      return undefined;
    },
  };

  #watch(isOn: boolean): void {
    this.#unwatch?.();
    this.#unwatch = isOn
      ? this.#parts.feed.read({
          progressIn,
          onMore: () => undefined,
          onProgress: (progressed) => tell({ kind: 'progress', progressed }),
        })
      : undefined;
  }
}
