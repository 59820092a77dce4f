import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Clock } from '../../runtime/clock.ts';
import { isWebSocketHandshake, offeredProtocols } from '../../wire/request-head.ts';
import type { UpgradeHandler } from '../../wire/upgrades.ts';
import {
  dialectAt,
  notFound,
  ownerOf,
  type HttpAnswer,
  type ServerDialect,
  type UpgradeRequest,
} from '../dialects/dialect.ts';
import type { Arrival } from '../journal/http.ts';
import type { Sessions } from '../session/sessions.ts';
import type { Admission, Caller } from './admission.ts';
import { answerUpgrade, newAcceptor, type OnMalformed } from './answer.ts';
import type { Handshakes, Unanswered } from './handshake.ts';
import { newNumbers, type Numbers } from './numbers.ts';
import type { SharedUpgrades } from './shared.ts';
import { upgrade, type Refuse, type UpgradeContext } from './upgrade.ts';

/** What upgrades need from the server. */
export interface UpgradeOptions {
  readonly dialects: readonly ServerDialect[];
  readonly maxFrameBytes: number;
  readonly admission: Admission;
  readonly handshakes: Handshakes;
  /** Gets the connections, and says whether it still takes any. */
  readonly host: Pick<Sessions, 'open' | 'elsewhere' | 'isDraining'>;
  /** Set if several replicas number their sessions together. */
  readonly shared: SharedUpgrades | undefined;
  /** Scenario time. */
  readonly clock: Clock;
  /** Called with each upgrade that did not become a connection. */
  readonly ended: {
    readonly refused: (answer: HttpAnswer, arrival: Arrival, caller: Caller) => void;
    readonly unanswered: (how: Unanswered, arrival: Arrival) => void;
  };
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

/** Turns upgrade requests into connections, or refuses them in the form of their vendor. */
export function upgrader(options: UpgradeOptions): UpgradeHandler {
  const { dialects, host, clock } = options;
  const numbers = newNumbers(options.shared);
  const refuse = refuser(options, numbers);
  const onMalformed: OnMalformed = (message, duplex, request) => {
    const dialect = dialectAt(dialects, readTarget(request)?.path ?? '');
    const arrival = { request, atMs: clock.now() };
    refuse({ arrival, duplex, dialect }, dialect?.problem(400, message) ?? plain(400, message));
  };
  const context: UpgradeContext = {
    ...options,
    numbers,
    accept: newAcceptor(options.maxFrameBytes, onMalformed),
    onMalformed,
    refuse,
  };

  return (request, duplex, head) => {
    // A client may reset the connection before the answer; without a listener this would end the process.
    duplex.on('error', destroy);
    const arrival = { request, atMs: clock.now() };
    const target = readTarget(request);
    if (target === undefined)
      return refuse({ arrival, duplex }, plain(400, 'The request target is not valid'));
    const dialect = dialectAt(dialects, target.path);
    if (dialect === undefined) {
      const owner = ownerOf(dialects, target.path);
      return refuse({ arrival, duplex, dialect: owner }, notFound(dialects, target.path));
    }
    const asking = { arrival, duplex, head, dialect, target };
    if (host.isDraining) refuse(asking, dialect.problem(503, DRAINING));
    else upgrade(asking, context);
  };
}

/** Answers an upgrade with a refusal, in the edition that was chosen or else in the one that the request asks for. */
function refuser({ dialects, admission, ended }: UpgradeOptions, numbers: Numbers): Refuse {
  return ({ arrival, duplex, dialect }, answer, chosen) => {
    numbers.settle(arrival.request, 'discard');
    const target = readTarget(arrival.request);
    const editions = chosen ?? (dialect && target && admission.editionsOf(dialect, target));
    const own = (editions && dialect?.inEdition?.(answer, editions, 'upgrade')) ?? answer;
    answerUpgrade(duplex, own);
    const at = target && dialectAt(dialects, target.path);
    const caller = target && at ? admission.callerOf(at, target) : NO_ONE;
    ended.refused(own, arrival, caller);
  };
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
