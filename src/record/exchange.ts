import { isUtf8 } from 'node:buffer';
import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Clock } from '../runtime/clock.ts';
import { fieldsOf } from '../runtime/json/fields.ts';
import { isForTls } from '../runtime/network/unreachable.ts';
import { readBody } from '../wire/read-body.ts';
import type { Peer, TraceFact } from '../wire/trace.ts';
import { describeFailure, type Upstream } from './upstream.ts';

/** How long a service may take to begin its answer. */
const ANSWER_TIMEOUT_MS = 60_000;
/** Longer bodies are passed on, but not recorded; a compressed body is never inflated beyond this. */
export const LONGEST_BODY = 2 ** 20;

/** A request that is passed on: where it goes, and how to report what happens. */
export interface Forwarding {
  readonly upstream: Upstream;
  /** Real time. */
  readonly clock: Clock;
  readonly keepAudio: boolean;
  readonly onFact: (fact: TraceFact) => void;
  /** Called when nothing more will happen. */
  readonly onEnd: () => void;
}

/** The end of an exchange, which happens once. */
export interface Ending {
  /** Whether it has ended, so that nothing more is to be reported. */
  readonly isOver: () => boolean;
  /** Ends it; a second time does nothing. */
  readonly finish: () => void;
}

/** An exchange that has not ended yet. */
export function ending({ onEnd }: Forwarding): Ending {
  let over = false;
  return {
    isOver: () => over,
    finish() {
      if (over) return;
      over = true;
      onEnd();
    },
  };
}

/** Destroys the request if no answer comes. Call the returned function when one has come. */
export function answerInTime(clock: Clock, asked: ClientRequest): () => void {
  return clock.at(clock.now() + ANSWER_TIMEOUT_MS, () => {
    asked.destroy(new Error(`no answer within ${ANSWER_TIMEOUT_MS} ms`));
  });
}

/** Tells readers of the trace that the service did not send an answer. */
const VIA = '1.1 understudy-record';

/** Why the service did not answer, or not as a service does; undefined for an answer like any other. */
export function reasonIn({
  status,
  headers,
  body = '',
}: Extract<TraceFact, { kind: 'response' }>): string | undefined {
  if (isForTls(status, body)) return 'the service expects TLS: wss:// or https://';
  return headers['via'] === VIA ? detailIn(body) : undefined;
}

function detailIn(body: string): string | undefined {
  try {
    const { detail } = fieldsOf(JSON.parse(body));
    return typeof detail === 'string' ? detail : undefined;
  } catch {
    // Of another recorder, or redacted.
    return undefined;
  }
}

/** Answers in place of a service that cannot be reached. */
export function noAnswer(
  upstream: Upstream,
  error: unknown,
): Extract<TraceFact, { kind: 'response' }> & { body: string } {
  const body = JSON.stringify({ detail: describeFailure(upstream, error) });
  return {
    kind: 'response',
    status: 502,
    headers: {
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(body)),
      connection: 'close',
      via: VIA,
    },
    body,
  };
}

/** A body in the form used in traces, and further facts to report about it. */
export interface CollectedBody {
  readonly body: { readonly body?: string };
  readonly facts: readonly TraceFact[];
}

/** A message without a body. */
export const NO_BODY: CollectedBody = { body: {}, facts: [] };

/**
 * Observes a body as it passes and reports it at its end, without its content encodings, if it is text and not too
 * long.
 */
export function collectBody(message: IncomingMessage, from: Peer, done: (body: CollectedBody) => void): void {
  const pieces: Buffer[] = [];
  let length = 0;
  let isOver = false;
  const finish = () => {
    if (isOver) return;
    isOver = true;
    if (length === 0 || length > LONGEST_BODY) return done(NO_BODY);
    const contentEncoding = message.headers['content-encoding'];
    const { bytes, facts } = readBody(Buffer.concat(pieces), contentEncoding, from, LONGEST_BODY);
    const isText = bytes !== undefined && isUtf8(bytes);
    done({ body: isText ? { body: Buffer.from(bytes).toString() } : {}, facts });
  };
  message.on('data', (piece: Buffer) => {
    length += piece.length;
    if (length <= LONGEST_BODY) pieces.push(piece);
    else pieces.length = 0;
  });
  message.on('end', finish);
  message.on('close', finish);
}
