import type { Duplex } from 'node:stream';
import type { Clock } from '../runtime/clock.ts';
import { endTcp } from '../wire/tcp.ts';
import type { Peer, TraceFact } from '../wire/trace.ts';
import { observer } from './observer.ts';

/**
 * At most this much data that one side has sent and the other has not taken is buffered; then the sender has to wait.
 */
const MOST_WAITING = 4 * 2 ** 20;
/** How long the other side may take to end after the first has ended. */
const END_TIMEOUT_MS = 5000;

/** Two connections, and how to report what passes between them. */
export interface TunnelOptions {
  readonly client: Duplex;
  readonly upstream: Duplex;
  /** What each side has already sent. */
  readonly heads: Readonly<Record<Peer, Buffer>>;
  readonly keepAudio: boolean;
  /** Real time. */
  readonly clock: Clock;
  readonly onFact: (fact: TraceFact) => void;
  /** Both sides have ended. */
  readonly onEnd: () => void;
}

/**
 * Joins two connections that have become WebSockets. The bytes are passed on unchanged, and each end is passed on in
 * its own way; they are parsed separately for the trace. Returns a function that cuts both connections without an entry
 * in the trace.
 */
export function tunnel({
  client,
  upstream,
  heads,
  keepAudio,
  clock,
  onFact,
  onEnd,
}: TunnelOptions): () => void {
  let end: { readonly by: Peer; readonly how: 'fin' | 'reset' } | undefined;
  let close: Extract<TraceFact, { kind: 'close' }> | undefined;
  let isCut = false;
  let cancelTimeout: () => void = () => undefined;
  let open = 2;

  const note = (fact: TraceFact) => {
    if (isCut) return;
    if (fact.kind === 'close') close ??= fact;
    onFact(fact);
  };
  const cut = () => {
    client.destroy();
    upstream.destroy();
  };
  const ended = (by: Peer, how: 'fin' | 'reset') => {
    if (end !== undefined) return;
    end = { by, how };
    cancelTimeout = clock.at(clock.now() + END_TIMEOUT_MS, cut);
  };
  const closed = () => {
    open -= 1;
    if (open > 0) return;
    cancelTimeout();
    if (close !== undefined) note({ kind: 'end', by: close.from, how: 'close', code: close.code });
    else note({ kind: 'end', ...(end ?? { how: 'fin' }), code: 1006 });
    onEnd();
  };

  const join = (by: Peer, from: Duplex, to: Duplex) => {
    const readAlong = observer(by, keepAudio, note);
    const pass = (bytes: Buffer) => {
      if (bytes.length === 0) return;
      // Recorded first, so that a trace cut off by a crash has everything that either side received.
      readAlong(bytes);
      if (to.writable) {
        to.write(bytes);
        if (to.writableLength > MOST_WAITING) {
          from.pause();
          to.once('drain', () => from.resume());
        }
      }
    };
    pass(heads[by]);
    from.on('data', pass);
    from.on('end', () => {
      ended(by, 'fin');
      to.end();
    });
    from.on('error', () => {
      ended(by, 'reset');
      endTcp(to, 'reset');
    });
    from.on('close', () => {
      ended(by, 'fin');
      if (!to.destroyed) to.end();
      // If it stayed paused for a side that is gone, it would never notice its own end.
      to.resume();
      closed();
    });
  };
  join('client', client, upstream);
  join('server', upstream, client);
  return () => {
    isCut = true;
    cut();
  };
}
