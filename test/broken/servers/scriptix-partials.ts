import { undecided, type Broken } from '../harness/broken.ts';
import {
  fetches,
  is,
  isMicrophone,
  isPartial,
  isQuiet,
  isScriptixFinal,
  numberIn,
  onEach,
  saying,
  sayingOnce,
  without,
} from '../harness/changes.ts';
import { advancing } from '../legal/advancing.ts';
import type { Fields, Mutation } from '../harness/mutation.ts';

/** 16 kHz, 16 bit, one channel. */
const BYTES_PER_SECOND = 32_000;

const WRONG_TIMES = 'nothing can be compared with times that are known to be wrong';

/** Recognises words in silence. */
const imagining: Mutation = onEach(
  (asked) => isMicrophone(asked) && !asked.query.has('language'),
  () => {
    let silentBytes = 0;
    let hasSpoken = false;
    let isListening = false;
    let hasHeardIt = false;
    return {
      onHeard(message, line) {
        line.hear(message);
        if (typeof message === 'string') return;
        hasSpoken ||= message.some((byte) => byte !== 0);
        silentBytes += message.length;
        if (hasSpoken || hasHeardIt || !isListening || silentBytes < 4 * BYTES_PER_SECOND) return;
        hasHeardIt = true;
        line.say({ text: 'you', is_final: false, offset_ms: 1000, stability: 0.4 });
      },
      onSaid(message, line) {
        isListening ||= is('listening')(message);
        line.say(message);
      },
    };
  },
);

/** The second segment is reported before the first as long as it is not final, and it never becomes final. */
const goingBack: Mutation = onEach(fetches('m3u8$'), () => {
  let first: number | undefined;
  let finals = 0;
  return {
    onSaid(message, line) {
      if (isPartial(message)) first ??= numberIn(message, 'offset_ms');
      if (isScriptixFinal(message)) finals += 1;
      if (isPartial(message) && finals === 1) line.say({ ...message, offset_ms: (first ?? 0) - 10 });
      else if (finals < 2) line.say(message);
    },
  };
});

const repeating: Mutation = onEach(fetches('m3u8$'), () => {
  let last: Fields | undefined;
  return {
    onSaid(message, line) {
      line.say(message);
      if (isPartial(message)) last = message;
      else if (isScriptixFinal(message) && last !== undefined) line.say(last);
    },
  };
});

const withoutPartials: Mutation = onEach(fetches('m3u8$'), () => {
  let hasFinal = false;
  return {
    onSaid(message, line) {
      hasFinal ||= isScriptixFinal(message);
      if (hasFinal || !isPartial(message)) line.say(message);
    },
  };
});

/** Partials (S0:34-52,79-86). */
export const scriptixPartials: readonly Broken[] = [
  {
    id: 'SX-PART-001',
    dialect: 'scriptix',
    breaks: 'has a text that is not a string in a partial',
    mutation: sayingOnce(2, isPartial, (message) => ({ ...message, text: 7 })),
  },
  {
    id: 'SX-PART-002',
    dialect: 'scriptix',
    breaks: 'has is_final as a string in a partial',
    mutation: sayingOnce(2, isPartial, (message) => ({ ...message, is_final: 'false' })),
  },
  {
    id: 'SX-PART-002',
    dialect: 'scriptix',
    breaks: 'has the opposite for is_final in every result',
    unavoidable: undecided(
      'nothing can be said about results whose is_final is wrong',
      ...['SX-PART-004', 'SX-PART-008', 'SX-PART-009', 'SX-PART-010', 'SX-PART-011', 'SX-PART-013'],
      ...['SX-FIN-001', 'SX-FIN-002', 'SX-FIN-003', 'SX-FIN-004', 'SX-FIN-005', 'SX-FIN-006', 'SX-FIN-007'],
      ...['SX-FIN-008', 'SX-FIN-009', 'SX-FIN-010', 'SX-FIN-011', 'SX-FIN-012', 'SX-FIN-013', 'SX-FIN-022'],
      'SX-FIN-023',
    ),
    mutation: saying(
      (message) => 'is_final' in message,
      (message) => ({ ...message, is_final: message['is_final'] !== true }),
    ),
  },
  {
    id: 'SX-PART-003',
    dialect: 'scriptix',
    breaks: 'calls offset_ms by another name in every result',
    unavoidable: undecided(
      'nothing can be compared with a place that is missing',
      ...['SX-ISO-001', 'SX-PART-005', 'SX-PART-009', 'SX-PART-010', 'SX-PART-013', 'SX-PART-014'],
      ...['SX-FIN-003', 'SX-FIN-011', 'SX-FIN-012', 'SX-FIN-013', 'SX-FIN-014', 'SX-FIN-015', 'SX-FIN-016'],
      'SX-FIN-023',
    ),
    mutation: saying(
      (message) => 'offset_ms' in message,
      (message) => ({ ...without(message, 'offset_ms'), offset: message['offset_ms'] }),
    ),
  },
  {
    id: 'SX-PART-003',
    dialect: 'scriptix',
    breaks: 'has offset_ms as a string in a partial',
    mutation: sayingOnce(2, isPartial, (message) => ({
      ...message,
      offset_ms: String(message['offset_ms']),
    })),
  },
  {
    id: 'SX-PART-004',
    dialect: 'scriptix',
    breaks: 'has stability in percent',
    mutation: saying(isPartial, (message) => ({ ...message, stability: 85 })),
  },
  {
    id: 'SX-PART-005',
    dialect: 'scriptix',
    breaks: 'has an offset_ms below 0 where the audio begins with speech',
    mutation: saying(
      (message) => (isPartial(message) || isScriptixFinal(message)) && numberIn(message, 'offset_ms') < 500,
      (message) => ({ ...message, offset_ms: -1 }),
    ),
  },
  {
    id: 'SX-PART-006',
    dialect: 'scriptix',
    breaks: 'sends partials without any text',
    mutation: sayingOnce(2, isPartial, (message) => ({ ...message, text: '  ' })),
  },
  {
    id: 'SX-PART-007',
    dialect: 'scriptix',
    breaks: 'recognises words in silence',
    mutation: imagining,
  },
  {
    id: 'SX-PART-008',
    dialect: 'scriptix',
    breaks: 'has no partials before the first final of a playlist',
    mutation: withoutPartials,
  },
  {
    id: 'SX-PART-009',
    dialect: 'scriptix',
    breaks: 'has an offset_ms that goes back within a segment',
    mutation: sayingOnce(2, isPartial, (message) => ({
      ...message,
      offset_ms: numberIn(message, 'offset_ms') - 50,
    })),
  },
  {
    id: 'SX-PART-009',
    dialect: 'scriptix',
    breaks:
      'has the start of a segment in its partials and a later place in its final: two readings of A4 at once',
    isDoubtful: true,
    mutation: saying(isScriptixFinal, (message) => ({
      ...message,
      offset_ms: numberIn(message, 'offset_ms') + 20,
    })),
  },
  {
    id: 'SX-PART-009',
    dialect: 'scriptix',
    breaks: 'has twice the offset_ms of its partials in its finals',
    isDoubtful: true,
    unavoidable: undecided(WRONG_TIMES, 'SX-FIN-012', 'SX-FIN-013'),
    mutation: saying(isScriptixFinal, (message) => ({
      ...message,
      offset_ms: 2 * numberIn(message, 'offset_ms'),
    })),
  },
  {
    id: 'SX-PART-009',
    dialect: 'scriptix',
    breaks: 'advances offset_ms in sessions with a language, and not in others: two readings of A4 at once',
    isDoubtful: true,
    mutation: onEach(
      ({ query }) => query.has('language'),
      () => advancing(),
    ),
  },
  {
    id: 'SX-PART-010',
    dialect: 'scriptix',
    breaks: 'begins a segment before the one that came earlier',
    mutation: goingBack,
  },
  {
    id: 'SX-PART-013',
    dialect: 'scriptix',
    breaks: 'sends the last partial again after its final',
    mutation: repeating,
  },
  {
    id: 'SX-PART-014',
    dialect: 'scriptix',
    breaks: 'has an offset beyond the audio sent so far',
    mutation: saying(
      isPartial,
      (message) => ({ ...message, offset_ms: numberIn(message, 'offset_ms') + 60_000 }),
      isQuiet,
    ),
  },
  {
    id: 'SX-PART-014',
    dialect: 'scriptix',
    breaks: 'counts offset_ms in samples',
    unavoidable: undecided(
      WRONG_TIMES,
      ...['SX-PART-009', 'SX-FIN-011', 'SX-FIN-012', 'SX-FIN-013', 'SX-FIN-023'],
    ),
    mutation: saying(
      (message) => 'offset_ms' in message,
      (message) => ({ ...message, offset_ms: 16 * numberIn(message, 'offset_ms') }),
    ),
  },
];
