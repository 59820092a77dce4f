import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { messageOf, UserError } from '../../runtime/errors.ts';
import type { PlainHandshake } from '../../scenario/compile/compile.ts';
import { filledBody, filledTexts } from '../../scenario/placeholders.ts';
import { holds, type Told } from '../../scenario/told.ts';
import { isWebSocketHandshake, offeredProtocols } from '../../wire/request-head.ts';
import {
  notFound,
  ownerOf,
  playing,
  type HttpAnswer,
  type Opening,
  type ServerDialect,
  type UpgradeRequest,
  dialectAt,
} from '../dialects/dialect.ts';
import { isHeld, type Handshakes, type Unanswered } from './handshake.ts';
import { askedBy } from '../selection/asked.ts';
import type { Plan } from '../selection/plan.ts';
import type { EditionNames } from '../../protocol/editions.ts';
import { answerUpgrade, newAcceptor } from './answer.ts';
import type { Admission, Caller, Chosen } from './admission.ts';
import type { Arrival } from '../journal/http.ts';
import type { RecordedSocket } from '../session/recorded-socket.ts';
import type { Elsewhere } from './elsewhere.ts';
import type { SharedUpgrades } from './shared.ts';

/** An upgrade that was answered with 101. */
export interface Connection {
  readonly opening: Opening;
  readonly editions: EditionNames;
  readonly caller: Caller;
  /** The origin of the web page that opened it, if it was a page. */
  readonly origin: string | undefined;
  readonly ws: RecordedSocket;
  readonly duplex: Duplex;
}

/** What upgrades need from the server. */
export interface UpgradeOptions {
  readonly dialects: readonly ServerDialect[];
  readonly maxFrameBytes: number;
  readonly admission: Admission;
  readonly handshakes: Handshakes;
  /** Whether the server refuses further connections because it is about to stop. */
  readonly isDraining: () => boolean;
  /** Scenario time in milliseconds. */
  readonly now: () => number;
  /** `lines` are the status line and the headers of the 101. */
  readonly onConnection: (
    connection: Connection,
    arrival: Arrival,
    lines: readonly string[],
    id: string | undefined,
  ) => void;
  /** Set if several replicas number their sessions together. */
  readonly shared: SharedUpgrades | undefined;
  /** Other processes that have the connections, if any: then `onConnection` is never called. */
  readonly elsewhere: Elsewhere | undefined;
  readonly onRefused: (answer: HttpAnswer, arrival: Arrival, caller: Caller) => void;
  readonly onUnanswered: (how: Unanswered, arrival: Arrival) => void;
}

/**
 * Whether a request that offers an upgrade is treated as one: it becomes a WebSocket or learns why not. Any other is a
 * plain request whose client merely offers another protocol, as HTTP clients do that prefer HTTP/2.
 */
export function isUpgrade(dialects: readonly ServerDialect[], request: IncomingMessage): boolean {
  const offered = offeredProtocols(request);
  if (!offered.includes('websocket')) return false;
  const target = readTarget(request);
  if (target !== undefined && dialectAt(dialects, target.path) !== undefined) return true;
  return offered.length === 1 && isWebSocketHandshake(request);
}

const DRAINING = 'The server is stopping and takes no more connections';
const NO_WORKER = 'No worker of the fake can take a connection now';

/** Turns upgrade requests into connections, or refuses them in the form of their vendor. */
export function upgrader(
  options: UpgradeOptions,
): (request: IncomingMessage, duplex: Duplex, head: Buffer) => void {
  const { admission, shared } = options;
  /** The numbers of sessions that are not open yet. */
  const numbers = new WeakMap<IncomingMessage, number>();
  const discard = (request: IncomingMessage) => {
    const number = numbers.get(request) ?? 0;
    if (number > 0) shared?.discard(number);
    numbers.delete(request);
  };
  const refuse = (
    arrival: Arrival,
    duplex: Duplex,
    answer: HttpAnswer,
    dialect?: ServerDialect,
    chosen?: EditionNames,
  ) => {
    discard(arrival.request);
    const target = readTarget(arrival.request);
    const editions = chosen ?? (dialect && target && admission.editionsOf(dialect, target));
    const own = editions === undefined ? undefined : dialect?.inEdition?.(answer, editions, 'upgrade');
    answerUpgrade(duplex, own ?? answer);
    const at = target && dialectAt(options.dialects, target.path);
    const caller = target && at ? admission.callerOf(at, target) : NO_ONE;
    options.onRefused(own ?? answer, arrival, caller);
  };
  const onMalformed = (message: string, duplex: Duplex, request: IncomingMessage) => {
    const path = readTarget(request)?.path ?? '';
    const dialect = dialectAt(options.dialects, path);
    const answer = dialect?.problem(400, message) ?? plain(400, message);
    refuse({ request, atMs: options.now() }, duplex, answer, dialect);
  };
  const accept = newAcceptor(options.maxFrameBytes, onMalformed);

  return (request, duplex, head) => {
    // A client may reset the connection before the answer; without a listener this would end the process.
    duplex.on('error', destroy);
    const arrival = { request, atMs: options.now() };
    const target = readTarget(request);
    if (target === undefined) return refuse(arrival, duplex, plain(400, 'The request target is not valid'));
    const dialect = dialectAt(options.dialects, target.path);
    if (dialect === undefined) {
      const owner = ownerOf(options.dialects, target.path);
      return refuse(arrival, duplex, notFound(options.dialects, target.path), owner);
    }
    if (options.isDraining()) return refuse(arrival, duplex, dialect.problem(503, DRAINING), dialect);

    const welcome = (
      editions: EditionNames,
      planned: Planned | undefined,
      handshake?: Extract<PlainHandshake, { kind: 'open' }>,
      begin = head,
    ) => {
      const admitted = admission.admit(dialect, target, editions, planned?.plan);
      if ('status' in admitted) return refuse(arrival, duplex, admitted, dialect, editions);
      const caller = admission.callerOf(dialect, target);
      // A client may offer several protocols; `ws` accepts a request only if it offers nothing but WebSocket.
      request.headers.upgrade = 'websocket';
      const { elsewhere } = options;
      if (elsewhere !== undefined) {
        if (!elsewhere.isThere)
          return refuse(arrival, duplex, dialect.problem(503, NO_WORKER), dialect, editions);
        const { headers, subprotocol } = handshake ?? {};
        return elsewhere.take(
          {
            ...{ arrival, head: begin, dialect: dialect.name, editions, caller, planned },
            grounds: admission.groundsOf(dialect, target, editions),
            welcome: {
              ...(headers === undefined ? {} : { headers }),
              ...(subprotocol === undefined ? {} : { subprotocol }),
            },
          },
          duplex,
          onMalformed,
        );
      }
      const opening = planned === undefined ? admitted : playing(admitted, planned);
      const { headers = {}, subprotocol = opening.subprotocol ?? false } = handshake ?? {};
      const open = () => {
        accept(request, duplex, begin, { headers, subprotocol }, (ws, lines) => {
          const { origin } = request.headers;
          const number = numbers.get(request) ?? 0;
          const id = number === 0 ? undefined : `s${number}`;
          options.onConnection({ opening, editions, caller, origin, ws, duplex }, arrival, lines, id);
          if (number > 0) shared?.opened(number);
          numbers.delete(request);
        });
        // `ws` does not report a client that has left.
        discard(request);
      };
      if (shared === undefined || numbers.has(request)) return open();
      // What the client sends meanwhile must not be lost.
      duplex.pause();
      shared.number(caller.token).then((number) => {
        numbers.set(request, number);
        if (duplex.destroyed) return discard(request);
        duplex.resume();
        guard(open);
      }, fault);
    };
    const meet = ({ editions, plan }: Chosen) => {
      if (dialect.isServed?.(target.path, editions) === false)
        return refuse(arrival, duplex, notFound(options.dialects, target.path), dialect, editions);
      if (plan === undefined) return welcome(editions, undefined);
      const asked = askedBy(request, target.query, admission.credentialOf(dialect, target));
      const planned = { plan, asked };
      const handshake = handshakeOf(plan, asked, options.now());
      if (handshake === undefined) return welcome(editions, planned);
      const full = isHeld(handshake) ? admission.fullAnswer(dialect) : undefined;
      if (full !== undefined) return refuse(arrival, duplex, full, dialect, editions);
      options.handshakes.take(handshake, duplex, {
        open: (early) =>
          guard(() =>
            welcome(
              editions,
              planned,
              handshake.kind === 'open' ? handshake : undefined,
              Buffer.concat([head, early]),
            ),
          ),
        answer: (answer) => refuse(arrival, duplex, filledAnswer(answer, asked), dialect, editions),
        end: (how) => options.onUnanswered(how, arrival),
      });
    };
    /** A mistake by the client is answered with 400, a fault of ours with 500; other connections are not affected. */
    const fault = (error: unknown) => {
      if (error instanceof UserError)
        return refuse(arrival, duplex, dialect.problem(400, error.message), dialect);
      const unavailable = shared?.unavailable(error);
      if (unavailable !== undefined)
        return refuse(arrival, duplex, dialect.problem(503, unavailable), dialect);
      refuse(arrival, duplex, dialect.problem(500, `Internal error: ${messageOf(error)}`), dialect);
    };
    const guard = (act: () => void) => {
      try {
        act();
      } catch (error) {
        fault(error);
      }
    };
    guard(() => {
      const chosen = admission.select(dialect, target);
      if (!(chosen instanceof Promise)) return meet(chosen);
      chosen.then((one) => {
        if (one.number !== undefined && one.number > 0) numbers.set(request, one.number);
        if (duplex.destroyed) discard(request);
        else guard(() => meet(one));
      }, fault);
    });
  };
}

/** A plan, and what the request asked for. */
interface Planned {
  readonly plan: Plan;
  readonly asked: Told;
}

/** What happens to the upgrade for a request. `nowMs` is scenario time since the server started. */
function handshakeOf({ handshake }: Plan, asked: Told, nowMs: number): PlainHandshake | undefined {
  if (handshake?.kind !== 'when') return handshake;
  const { condition, then, otherwise } = handshake;
  return holds(condition, asked, { connection: 0, server: nowMs }) ? then : otherwise;
}

function filledAnswer({ status, headers, body }: HttpAnswer, asked: Told): HttpAnswer {
  const filled = { status, body: filledBody(body, asked) };
  return headers === undefined ? filled : { ...filled, headers: filledTexts(headers, asked) };
}

/** Not a closure: a closure made during an upgrade would keep the request alive as long as the connection. */
function destroy(this: Duplex): void {
  this.destroy();
}

/** The caller of a request to an unknown path. */
const NO_ONE: Caller = { token: undefined, hasAccessToken: false };

/** The path and the query of a request; undefined if its target is malformed. */
export function readTarget({
  url = '/',
  headers,
}: Pick<IncomingMessage, 'url' | 'headers'>): UpgradeRequest | undefined {
  const query = url.indexOf('?');
  const path = query < 0 ? url : url.slice(0, query);
  if (!path.startsWith('/')) return undefined;
  return { path, query: new URLSearchParams(query < 0 ? '' : url.slice(query + 1)), headers };
}

function plain(status: number, message: string): HttpAnswer {
  return { status, body: { detail: message } };
}
