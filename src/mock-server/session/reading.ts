import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { readInTurns } from '../../wire/read-in-turns.ts';
import type { Socket } from '../../wire/socket.ts';

/** Why a connection is not read: its words are not loaded, its script says so, or other connections have their turn. */
const REASONS = { words: 1, script: 2, turn: 4 } as const;
type Reason = keyof typeof REASONS;

/** Whether a connection is read. While it is not, what the client sends stays in the network. */
export class Reading {
  readonly #ws: WebSocket;
  readonly #socket: Socket;
  /** The sum of the reasons: a set for each connection would take more memory than everything else here. */
  #reasons = 0;
  #wasHeld = false;

  /** @param duplex the TCP or TLS connection below */
  constructor(ws: WebSocket, duplex: Duplex, socket: Socket) {
    this.#ws = ws;
    this.#socket = socket;
    readInTurns(duplex, { pause: () => this.hold('turn'), resume: () => this.release('turn') });
  }

  hold(reason: Reason): void {
    this.#reasons |= REASONS[reason];
    // Gives other connections a turn.
    if (reason !== 'turn') this.#wasHeld = true;
    this.#follow();
  }

  release(reason: Reason): void {
    this.#reasons &= ~REASONS[reason];
    this.#follow();
  }

  /** Whether the connection was not read for a while since the last call, so that what has come may still be unread. */
  wasHeld(): boolean {
    const wasHeld = this.#wasHeld;
    this.#wasHeld = (this.#reasons & (REASONS.words | REASONS.script)) !== 0;
    return wasHeld;
  }

  #follow(): void {
    if (this.#socket.isSilent) return;
    if (this.#reasons === 0) this.#ws.resume();
    else this.#ws.pause();
  }
}
