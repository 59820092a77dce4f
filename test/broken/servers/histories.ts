import type { ServiceName } from '../harness/judge.ts';
import {
  heardAs,
  isConfirmation,
  isMicrophone,
  isPartial,
  isScriptixFinal,
  isTranscript,
  numberIn,
  onEach,
  without,
} from '../harness/changes.ts';
import { advancing } from '../legal/advancing.ts';
import type { Fields, Mutating } from '../harness/mutation.ts';
import { isCandidate, isEnd, isFlush } from '../harness/turns.ts';

/** A fault that shows only after something that no probe does. */
export interface History {
  readonly id: string;
  readonly dialect: ServiceName;
  readonly breaks: string;
  /** Some reading allows it: it is a warning even where SHOULD counts as MUST. */
  readonly isDoubtful?: true;
  readonly mutation: Mutating;
}

/** 16 kHz, 16 bit, one channel. */
const BYTES_PER_SECOND = 32_000;

const always = () => true;

interface Silence {
  readonly hear: (message: string | Buffer) => void;
  /** Whether this many bytes of silence have come since speech. */
  readonly isPause: () => boolean;
}

function newSilence(byteCount: number): Silence {
  let silent = 0;
  let hasSpoken = false;
  return {
    hear(message) {
      if (typeof message === 'string') return;
      const isSilent = message.every((byte) => byte === 0);
      silent = isSilent ? silent + message.length : 0;
      hasSpoken ||= !isSilent;
    },
    isPause: () => hasSpoken && silent >= byteCount,
  };
}

/** Faults of a single connection, described by what has to come first. */
export const HISTORIES: readonly History[] = [
  {
    id: 'SX-PART-009',
    dialect: 'scriptix',
    breaks:
      'advances offset_ms where the audio comes in frames of two seconds: two readings of A4 in two sessions',
    isDoubtful: true,
    mutation: onEach(isMicrophone, () => {
      let isCoarse = false;
      return {
        ...advancing(() => isCoarse),
        onHeard(message, line) {
          if (typeof message !== 'string') isCoarse ||= message.length >= 2 * BYTES_PER_SECOND;
          line.hear(message);
        },
      };
    }),
  },
  {
    id: 'R8-FL-002',
    dialect: 'reson8',
    breaks: 'confirms a flush twice when four are pending',
    mutation: onEach(always, () => {
      let underWay = 0;
      let isCrowded = false;
      return {
        onHeard(message, line) {
          if (isFlush(message)) underWay += 1;
          isCrowded ||= underWay >= 4;
          line.hear(message);
        },
        onSaid(message, line) {
          line.say(message);
          if (!isConfirmation(message)) return;
          underWay -= 1;
          if (isCrowded) line.say(message);
          isCrowded = false;
        },
      };
    }),
  },
  {
    id: 'R8-FL-003',
    dialect: 'reson8',
    breaks: 'takes a hyphen in the id of a flush for its end',
    mutation: onEach(always, () => ({
      onSaid(message, line) {
        const { id } = message;
        const isCut = isConfirmation(message) && typeof id === 'string' && id.includes('-');
        line.say(isCut ? { ...message, id: id.slice(0, id.indexOf('-')) } : message);
      },
    })),
  },
  {
    id: 'R8-FL-004',
    dialect: 'reson8',
    breaks: 'confirms a flush without an id with an empty one after audio that followed one with an id',
    mutation: onEach(always, () => {
      let hadId = false;
      let isSpoilt = false;
      /** For each pending flush, whether it goes wrong. */
      const wrong: boolean[] = [];
      return {
        onHeard(message, line) {
          if (typeof message !== 'string') isSpoilt ||= hadId;
          else if (isFlush(message)) {
            const hasId = heardAs(message)['id'] !== undefined;
            wrong.push(isSpoilt && !hasId);
            hadId ||= hasId;
          }
          line.hear(message);
        },
        onSaid(message, line) {
          const isWrong = isConfirmation(message) && wrong.shift() === true;
          line.say(isWrong ? { ...message, id: '' } : message);
        },
      };
    }),
  },
  {
    id: 'R8-FL-002',
    dialect: 'reson8',
    breaks: 'confirms a flush twice that comes two seconds after the end of speech',
    mutation: onEach(always, () => {
      const silence = newSilence(2 * BYTES_PER_SECOND);
      /** For each pending flush, whether it came so late. */
      const late: boolean[] = [];
      return {
        onHeard(message, line) {
          silence.hear(message);
          if (isFlush(message)) late.push(silence.isPause());
          line.hear(message);
        },
        onSaid(message, line) {
          line.say(message);
          if (isConfirmation(message) && late.shift() === true) line.say(message);
        },
      };
    }),
  },
  {
    id: 'R8-TR-001',
    dialect: 'reson8',
    breaks: 'has no text after a message of more than 32 KiB, if nothing was asked for',
    mutation: onEach(
      ({ query }) => query.size <= 1,
      () => {
        let isLarge = false;
        return {
          onHeard(message, line) {
            if (typeof message !== 'string') isLarge ||= message.length > 32_768;
            line.hear(message);
          },
          onSaid(message, line) {
            line.say(isTranscript(message) && isLarge ? { ...message, text: 0 } : message);
          },
        };
      },
    ),
  },
  {
    id: 'R8-TURN-006',
    dialect: 'reson8-turns',
    breaks: 'ends a turn twice after two flushes with no audio between them',
    mutation: onEach(always, () => {
      let flushes = 0;
      let isSpoilt = false;
      return {
        onHeard(message, line) {
          flushes = isFlush(message) ? flushes + 1 : 0;
          isSpoilt ||= flushes === 2;
          line.hear(message);
        },
        onSaid(message, line) {
          line.say(message);
          if (isEnd(message) && isSpoilt) line.say(message);
        },
      };
    }),
  },
  {
    id: 'R8-TURN-011',
    dialect: 'reson8-turns',
    breaks: 'forgets the language at a flush that comes two seconds after the end of speech',
    mutation: onEach(always, () => {
      const silence = newSilence(2 * BYTES_PER_SECOND);
      let hasForgotten = false;
      return {
        onHeard(message, line) {
          silence.hear(message);
          line.hear(message);
          if (isFlush(message) && silence.isPause()) line.answered(() => (hasForgotten = true));
        },
        onSaid(message, line) {
          line.say(isCandidate(message) && hasForgotten ? without(message, 'language') : message);
        },
      };
    }),
  },
  {
    id: 'SX-PART-004',
    dialect: 'scriptix',
    breaks: 'has stability in percent when a Dutch client connects its microphone again',
    mutation: () => {
      let connections = 0;
      return onEach(
        (asked) =>
          isMicrophone(asked) &&
          asked.query.get('language') === 'nl' &&
          asked.query.get('type') !== 'quality',
        () => {
          connections += 1;
          const isSecond = connections > 1;
          return {
            onSaid: (message, line) =>
              line.say(isSecond && isPartial(message) ? { ...message, stability: 70 } : message),
          };
        },
      );
    },
  },
  {
    id: 'SX-FIN-004',
    dialect: 'scriptix',
    breaks: 'loses the words of a final when frames are larger than 32 KiB',
    mutation: onEach(isMicrophone, () => {
      let isLarge = false;
      return {
        onHeard(message, line) {
          if (typeof message !== 'string') isLarge ||= message.length > 32_768;
          line.hear(message);
        },
        onSaid(message, line) {
          const isLost = isScriptixFinal(message) && isLarge;
          line.say(isLost ? { ...message, words: null } : message);
        },
      };
    }),
  },
  {
    id: 'SX-FIN-003',
    dialect: 'scriptix',
    breaks: 'has offset_ms as a text after two and a half seconds of silence between speech',
    mutation: onEach(isMicrophone, () => {
      const silence = newSilence(2.5 * BYTES_PER_SECOND);
      let hasPaused = false;
      return {
        onHeard(message, line) {
          silence.hear(message);
          line.hear(message);
          if (!hasPaused && silence.isPause()) line.answered(() => (hasPaused = true));
        },
        onSaid(message, line) {
          line.say(isScriptixFinal(message) && hasPaused ? asText(message) : message);
        },
      };
    }),
  },
];

function asText(message: Fields): Fields {
  return { ...message, offset_ms: String(numberIn(message, 'offset_ms')) };
}
