import type { Duplex } from 'node:stream';

const FIRST_CONTROL_OPCODE = 0x8;

/**
 * Tells once if a client sends data behind its Close frame. `ws` does not look any more then, so that nobody would know.
 * What came in the same piece as the Close frame is not seen; nothing else is looked for, since after a frame of data
 * nobody listens.
 */
export function tellLateData(duplex: Duplex, tell: (message: string) => void): void {
  const look = (bytes: Buffer) => {
    duplex.off('data', look);
    const [first = FIRST_CONTROL_OPCODE] = bytes;
    if ((first & 0x0f) < FIRST_CONTROL_OPCODE) tell('data-after-close: a message behind the Close frame');
  };
  duplex.on('data', look);
}
