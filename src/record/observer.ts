import type { Writable } from 'node:stream';
import { codeOf } from '../runtime/errors.ts';
import { binaryFact } from '../wire/binary-fact.ts';
import type { Peer, TraceFact } from '../wire/trace.ts';
import { ws } from '../wire/ws.ts';
import { gap } from './gap.ts';

/** A longer message is passed on, but neither it nor anything after it is recorded. */
const LONGEST_MESSAGE = 8 * 2 ** 20;
/** At most this many pieces wait for the rest of a message. */
const MOST_PIECES = 2 ** 17;

/** The parser of `ws`, which its types do not mention. */
type Receiver = new (options: {
  readonly isServer: boolean;
  readonly maxPayload: number;
  readonly maxFragments: number;
  readonly maxBufferedChunks: number;
}) => Writable;
const { Receiver } = ws as unknown as { readonly Receiver: Receiver };

/**
 * Observes what one side sends and reports every message. It never affects what passes: data that it cannot parse is
 * reported once, as a fault.
 */
export function observer(
  from: Peer,
  keepAudio: boolean,
  onFact: (fact: TraceFact) => void,
): (bytes: Buffer) => void {
  let isOver = false;
  const receiver = new Receiver({
    isServer: from === 'client',
    maxPayload: LONGEST_MESSAGE,
    maxFragments: MOST_PIECES,
    maxBufferedChunks: MOST_PIECES,
  });
  receiver.on('message', (data: Buffer, isBinary: boolean) => {
    onFact(isBinary ? binaryFact(from, data, keepAudio) : { kind: 'text', from, text: data.toString() });
  });
  for (const kind of ['ping', 'pong'] as const) {
    receiver.on(kind, (data: Buffer) => onFact({ kind, from, base64: data.toString('base64') }));
  }
  receiver.on('conclude', (code: number, reason: Buffer) => {
    isOver = true;
    onFact({ kind: 'close', from, code, reason: reason.toString() });
  });
  receiver.on('error', (error) => {
    isOver = true;
    const isLong = codeOf(error) === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH';
    onFact(
      isLong
        ? gap(
            `a message of the ${from} is longer than ${LONGEST_MESSAGE} bytes; it and what follows are not recorded`,
          )
        : { kind: 'fault', from, message: error.message },
    );
  });
  return (bytes) => {
    // A copy: the parser unmasks in place, and the bytes are still on their way to the other side.
    if (!isOver) receiver.write(Buffer.from(bytes));
  };
}
