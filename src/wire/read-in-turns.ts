import type { Duplex } from 'node:stream';
import { atEndOfTurn, turnNumber } from '../runtime/turn.ts';

/**
 * Node.js reads up to 2 MiB of a connection before it serves the next connection or runs timers. In the smallest frames
 * that is seconds of work, so after this many bytes a connection waits until all others have had their turn.
 */
const BYTES_PER_TURN = 64 * 1024;

interface Reader {
  pause(): unknown;
  resume(): unknown;
}

/**
 * Pauses a connection after much of it was read, until the end of the current turn of the event loop.
 *
 * @param reader what is paused and resumed, if others may also pause the connection
 */
export function readInTurns(duplex: Duplex, reader: Reader = duplex): void {
  /** Bytes from the client since the turn `sinceTurn`. */
  let byteCount = 0;
  let sinceTurn = 0;
  const goOn = () => void reader.resume();
  duplex.on('data', ({ length }: Buffer) => {
    if (byteCount === 0) sinceTurn = turnNumber();
    byteCount += length;
    if (byteCount < BYTES_PER_TURN) return;
    // The turn is checked only here, because the check takes time. A client that sends at the pace of speech is never
    // paused.
    const turn = turnNumber();
    const inTurn = turn === sinceTurn ? byteCount : length;
    sinceTurn = turn;
    byteCount = inTurn < BYTES_PER_TURN ? inTurn : 0;
    if (byteCount > 0) return;
    reader.pause();
    atEndOfTurn(goOn);
  });
}
