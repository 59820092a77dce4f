import { encodeFrame, OPCODES } from '../../../src/wire/encode.ts';
import type { Broken } from '../harness/broken.ts';
import { asksFor, fetches, is, isConfirmation, isQuiet, onEach } from '../harness/changes.ts';
import type { Asked, Fields, Line } from '../harness/mutation.ts';
import { isEnd, isPlain } from '../harness/turns.ts';

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

const SERVICES = ['scriptix', 'reson8', 'reson8-turns'] as const;

/** A connection of each service that only the transport requirements depend on. */
const QUIET: Readonly<Record<(typeof SERVICES)[number], (asked: Asked) => boolean>> = {
  scriptix: isQuiet,
  reson8: asksFor('confidence'),
  'reson8-turns': isPlain,
};

/** The message after which the text comes that is not UTF-8. */
const SPOILT: Readonly<Record<(typeof SERVICES)[number], (message: Fields) => boolean>> = {
  scriptix: is('listening'),
  reson8: isConfirmation,
  'reson8-turns': isEnd,
};

function each(make: (dialect: (typeof SERVICES)[number]) => Omit<Broken, 'dialect'>): readonly Broken[] {
  return SERVICES.map((dialect) => ({ dialect, ...make(dialect) }));
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
    breaks: 'answers pings with another payload',
    mutation: onEach(
      () => true,
      () => ({ pong: () => Buffer.from('here') }),
    ),
  })),
  ...each((dialect) => ({
    id: 'TR-003',
    breaks: 'sends text that is not UTF-8',
    mutation: onEach(QUIET[dialect], () => ({
      onSaid(message, line) {
        line.say(message);
        if (SPOILT[dialect](message)) line.raw(textFrame(NOT_UTF8));
      },
    })),
  })),
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
