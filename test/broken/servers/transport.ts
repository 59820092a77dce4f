import { encodeFrame, OPCODES } from '../../../src/wire/encode.ts';
import type { Broken } from '../harness/broken.ts';
import { asksFor, fetches, is, isConfirmation, isQuiet, onEach } from '../harness/changes.ts';
import type { Asked, Line } from '../harness/mutation.ts';

const ABNORMAL = 1006;

function closeFrame(code: number): Buffer {
  const payload = Buffer.alloc(2);
  payload.writeUInt16BE(code, 0);
  return Buffer.from(encodeFrame({ opcode: OPCODES.close, payload }));
}

function textFrame(payload: Uint8Array): Buffer {
  return Buffer.from(encodeFrame({ opcode: OPCODES.text, payload }));
}

const NOT_UTF8 = Uint8Array.of(0x7b, 0xc3, 0x28, 0x7d);
const LATE = Buffer.from('{}');

const BOTH = ['scriptix', 'reson8'] as const;

/** A connection of each service that only the transport requirements depend on. */
const QUIET: Readonly<Record<(typeof BOTH)[number], (asked: Asked) => boolean>> = {
  scriptix: isQuiet,
  reson8: asksFor('confidence'),
};

function each(make: (dialect: (typeof BOTH)[number]) => Omit<Broken, 'dialect'>): readonly Broken[] {
  return BOTH.map((dialect) => ({ dialect, ...make(dialect) }));
}

/** WebSocket itself (RFC 6455), once for each service. */
export const transport: readonly Broken[] = [
  ...each((dialect) => ({
    id: 'TR-001',
    breaks: 'answers Close with a Close frame that carries 1006',
    mutation: onEach(QUIET[dialect], () => ({
      onGoodbye(line: Line) {
        line.raw(closeFrame(ABNORMAL));
        line.hangUp();
      },
    })),
  })),
  ...each(() => ({
    id: 'TR-002',
    breaks: 'does not answer pings',
    mutation: onEach(
      () => true,
      () => ({ pong: () => undefined }),
    ),
  })),
  ...each(() => ({
    id: 'TR-002',
    breaks: 'answers pings with a payload of its own',
    mutation: onEach(
      () => true,
      () => ({ pong: () => Buffer.from('here') }),
    ),
  })),
  {
    id: 'TR-003',
    dialect: 'scriptix',
    breaks: 'sends text that is not UTF-8',
    mutation: onEach(QUIET.scriptix, () => ({
      onSaid(message, line) {
        line.say(message);
        if (is('listening')(message)) line.raw(textFrame(NOT_UTF8));
      },
    })),
  },
  {
    id: 'TR-003',
    dialect: 'reson8',
    breaks: 'sends text that is not UTF-8',
    mutation: onEach(QUIET.reson8, () => ({
      onSaid(message, line) {
        line.say(message);
        if (isConfirmation(message)) line.raw(textFrame(NOT_UTF8));
      },
    })),
  },
  ...each((dialect) => ({
    id: 'TR-004',
    breaks: 'sends a message after its Close frame',
    mutation: onEach(QUIET[dialect], () => ({
      onGoodbye(line: Line) {
        line.raw(Buffer.concat([closeFrame(1000), textFrame(LATE)]));
        line.hangUp();
      },
    })),
  })),
  {
    id: 'TR-004',
    dialect: 'scriptix',
    breaks: 'sends a message after it has closed a stream',
    mutation: onEach(fetches('m3u8$'), () => ({
      onEnd(_code, _reason, line) {
        line.raw(Buffer.concat([closeFrame(1000), textFrame(LATE)]));
      },
    })),
  },
  ...each((dialect) => ({
    id: 'TR-005',
    breaks: 'does not answer Close',
    mutation: onEach(QUIET[dialect], () => ({ onGoodbye: () => undefined })),
  })),
];
