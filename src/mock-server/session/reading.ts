import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { atEndOfTurn } from '../../runtime/turn.ts';
import type { Socket } from '../../wire/socket.ts';

/** Why a connection is not read: its words are not loaded, its script says so, or other connections have their turn. */
type Reason = 'words' | 'script' | 'turn';

/**
 * Node.js reads up to 2 MiB of a connection before it turns to the next one. In frames of two bytes that is seconds of
 * work, so after this much a connection waits until all others have had their turn.
 */
const BYTES_PER_TURN = 64 * 1024;

/** Whether a connection is read. While it is not, what the client sends stays in the network. */
export class Reading {
  readonly #ws: WebSocket;
  readonly #socket: Socket;
  readonly #reasons = new Set<Reason>();
  #byteCount = 0;

  /** @param duplex the TCP or TLS connection below */
  constructor(ws: WebSocket, duplex: Duplex, socket: Socket) {
    this.#ws = ws;
    this.#socket = socket;
    duplex.on('data', ({ length }: Buffer) => this.#count(length));
  }

  hold(reason: Reason): void {
    this.#reasons.add(reason);
    this.#follow();
  }

  release(reason: Reason): void {
    this.#reasons.delete(reason);
    this.#follow();
  }

  #count(byteCount: number): void {
    this.#byteCount += byteCount;
    if (this.#byteCount < BYTES_PER_TURN) return;
    this.#byteCount = 0;
    this.hold('turn');
    atEndOfTurn(() => this.release('turn'));
  }

  #follow(): void {
    if (this.#socket.isSilent) return;
    if (this.#reasons.size === 0) this.#ws.resume();
    else this.#ws.pause();
  }
}
