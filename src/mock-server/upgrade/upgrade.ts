import type { Duplex } from 'node:stream';
import type { EditionNames } from '../../protocol/editions.ts';
import type { Clock } from '../../runtime/clock.ts';
import { messageOf, UserError } from '../../runtime/errors.ts';
import type { PlainHandshake } from '../../scenario/compile/compile.ts';
import { filledBody, filledTexts } from '../../scenario/placeholders.ts';
import { holds, type Told } from '../../scenario/told.ts';
import {
  notFound,
  playing,
  type HttpAnswer,
  type ServerDialect,
  type UpgradeRequest,
} from '../dialects/dialect.ts';
import type { Arrival } from '../journal/http.ts';
import { askedBy } from '../selection/asked.ts';
import type { Plan } from '../selection/plan.ts';
import type { Sessions } from '../session/sessions.ts';
import type { Admission, Chosen } from './admission.ts';
import type { Accept, OnMalformed, Welcome } from './answer.ts';
import type { Connection } from './connection.ts';
import { isHeld, type Handshakes, type Unanswered } from './handshake.ts';
import type { Numbers } from './numbers.ts';
import type { SharedUpgrades } from './shared.ts';

/** A request for an upgrade to a path that has a dialect. */
export interface Asking {
  readonly arrival: Arrival;
  readonly duplex: Duplex;
  /** What the client sent after its request. */
  readonly head: Buffer;
  readonly dialect: ServerDialect;
  readonly target: UpgradeRequest;
}

/** Answers a request with a refusal; its path need not have a dialect, but may be in the area of a vendor. */
export type Refuse = (
  asking: Pick<Asking, 'arrival' | 'duplex'> & { readonly dialect?: ServerDialect | undefined },
  answer: HttpAnswer,
  editions?: EditionNames,
) => void;

/** What each upgrade needs from the server. */
export interface UpgradeContext {
  readonly dialects: readonly ServerDialect[];
  readonly admission: Admission;
  readonly handshakes: Handshakes;
  readonly host: Pick<Sessions, 'open' | 'elsewhere'>;
  readonly numbers: Numbers;
  readonly shared: SharedUpgrades | undefined;
  /** Scenario time. */
  readonly clock: Clock;
  readonly accept: Accept;
  readonly onMalformed: OnMalformed;
  readonly refuse: Refuse;
  readonly ended: { readonly unanswered: (how: Unanswered, arrival: Arrival) => void };
}

/** A plan, and what the request asked for. */
interface Planned {
  readonly plan: Plan;
  readonly asked: Told;
}

const NO_WORKER = 'No worker of the fake can take a connection now';

/**
 * Carries out one upgrade: its scenario is selected, may answer in its own way, and welcomes the client if it is
 * admitted. Never throws.
 */
export function upgrade(asking: Asking, context: UpgradeContext): void {
  const { arrival, duplex, head, dialect, target } = asking;
  const { admission, numbers, shared, host } = context;
  const { request } = arrival;
  const refuse = (answer: HttpAnswer, editions?: EditionNames) => context.refuse(asking, answer, editions);
  /** A mistake by the client is answered with 400, a fault of ours with 500; other connections are not affected. */
  const fault = (error: unknown) => {
    if (error instanceof UserError) return refuse(dialect.problem(400, error.message));
    const unavailable = shared?.unavailable(error);
    if (unavailable !== undefined) return refuse(dialect.problem(503, unavailable));
    refuse(dialect.problem(500, `Internal error: ${messageOf(error)}`));
  };
  const guard = (act: () => void) => {
    try {
      act();
    } catch (error) {
      fault(error);
    }
  };
  /** Goes on with what others have decided, unless the client has left meanwhile. */
  const after = <T extends { readonly number?: number }>(decided: Promise<T>, then: (one: T) => void) =>
    void decided.then((one) => {
      numbers.keep(request, one.number);
      if (duplex.destroyed) numbers.settle(request, 'discard');
      else guard(() => then(one));
    }, fault);
  const open = (
    connection: Pick<Connection, 'opening' | 'editions' | 'caller'>,
    welcome: Partial<Welcome>,
    begin: Buffer,
  ) => {
    const { headers = {}, subprotocol = connection.opening.subprotocol ?? false } = welcome;
    context.accept(request, duplex, begin, { headers, subprotocol }, (ws, lines) => {
      const { origin } = request.headers;
      host.open({ ...connection, origin, ws, duplex }, arrival, lines, numbers.idOf(request));
      numbers.settle(request, 'opened');
    });
    // `ws` does not report a client that has left.
    numbers.settle(request, 'discard');
  };
  const welcomed = (
    editions: EditionNames,
    planned: Planned | undefined,
    welcome: Partial<Welcome> = {},
    begin = head,
  ) => {
    const admitted = admission.admit(dialect, target, editions, planned?.plan);
    if ('status' in admitted) return refuse(admitted, editions);
    const caller = admission.callerOf(dialect, target);
    // A client may offer several protocols; `ws` accepts a request only if it offers nothing but WebSocket.
    request.headers.upgrade = 'websocket';
    const { elsewhere } = host;
    if (elsewhere !== undefined) {
      if (!elsewhere.isThere) return refuse(dialect.problem(503, NO_WORKER), editions);
      const grounds = admission.groundsOf(dialect, target, editions);
      const told = {
        arrival,
        head: begin,
        dialect: dialect.name,
        editions,
        caller,
        planned,
        grounds,
        welcome,
      };
      return elsewhere.take(told, duplex, context.onMalformed);
    }
    const opening = planned === undefined ? admitted : playing(admitted, planned);
    const begun = () => open({ opening, editions, caller }, welcome, begin);
    if (shared === undefined || numbers.idOf(request) !== undefined) return begun();
    // What the client sends meanwhile must not be lost.
    duplex.pause();
    const numbered = shared.number(caller.token).then((number) => ({ number }));
    after(numbered, () => {
      duplex.resume();
      begun();
    });
  };
  const meet = ({ editions, plan }: Chosen) => {
    if (dialect.isServed?.(target.path, editions) === false)
      return refuse(notFound(context.dialects, target.path), editions);
    if (plan === undefined) return welcomed(editions, undefined);
    const asked = askedBy(request, target.query, admission.credentialOf(dialect, target));
    const planned = { plan, asked };
    const handshake = handshakeOf(plan, asked, context.clock.now());
    if (handshake === undefined) return welcomed(editions, planned);
    const full = isHeld(handshake) ? admission.fullAnswer(dialect) : undefined;
    if (full !== undefined) return refuse(full, editions);
    const welcome = handshake.kind === 'open' ? handshake : undefined;
    context.handshakes.take(handshake, duplex, {
      open: (early) => guard(() => welcomed(editions, planned, welcome, Buffer.concat([head, early]))),
      answer: (answer) => refuse(filledAnswer(answer, asked), editions),
      end: (how) => context.ended.unanswered(how, arrival),
    });
  };
  guard(() => {
    const chosen = admission.select(dialect, target);
    if (chosen instanceof Promise) after(chosen, meet);
    else meet(chosen);
  });
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
