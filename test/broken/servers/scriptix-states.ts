import type { Broken } from '../harness/broken.ts';
import {
  fetches,
  is,
  isError,
  isMicrophone,
  isPartial,
  isQuiet,
  isScriptixFinal,
  isState,
  isStream,
  onEach,
  saying,
  sayingOnce,
  wordsOf,
} from '../harness/changes.ts';
import type { Fields, Line, Mutation } from '../harness/mutation.ts';
import { PATIENCE } from '../harness/patience.ts';

const GREETING: Fields = { text: 'hello', is_final: false, offset_ms: 0, stability: 0.5 };

/** Other words in a result, but as many. */
export function garbled(message: Fields): Fields {
  const other = (word: string) => `${/^ */.exec(word)?.[0] ?? ''}something${word.trim().length}`;
  const text = String(message['text']).split(' ').map(other).join(' ');
  const words = wordsOf(message).map(([word, ...rest]) => [other(word), ...rest]);
  return { ...message, text, ...('words' in message ? { words } : {}) };
}

/** Audio in frames of 20 ms is misunderstood. */
const dependsOnFrames: Mutation = onEach(isMicrophone, () => {
  let isSmall = false;
  return {
    onHeard(message, line) {
      if (typeof message !== 'string') isSmall = message.length === 640;
      line.hear(message);
    },
    onSaid(message, line) {
      const isResult = isPartial(message) || isScriptixFinal(message);
      line.say(isSmall && isResult ? garbled(message) : message);
    },
  };
});

/** Two seconds: other simultaneous probes send no more in such a session. */
const SHORT_BYTES = 64_000;

/** A connection that began beside another gets the partials of that one, once both have sent enough. */
function leaking(): Mutation {
  const lines = new Set<Line>();
  let last: { readonly line: Line; readonly text: unknown } | undefined;
  return onEach(
    (asked) => isMicrophone(asked) && asked.query.get('language') === 'en' && asked.query.has('type'),
    () => {
      let isBeside = false;
      let byteCount = 0;
      return {
        onHeard(message, line) {
          if (typeof message !== 'string') byteCount += message.length;
          line.hear(message);
        },
        onOpen(line) {
          for (const each of lines) if (!each.isOpen) lines.delete(each);
          isBeside = lines.size > 0;
          lines.add(line);
        },
        onSaid(message, line) {
          if (!isPartial(message) || byteCount <= SHORT_BYTES) return line.say(message);
          const { text } = message;
          const isTaken = isBeside && last !== undefined && last.line !== line;
          line.say(isTaken ? { ...message, text: last?.text } : message);
          last = { line, text };
        },
      };
    },
  );
}

/** States, the form of messages, and which client gets what (S1:14-26; S2:43-100). */
export const scriptixStates: readonly Broken[] = [
  {
    id: 'SX-MIC-007',
    dialect: 'scriptix',
    breaks: 'sends a partial before there was any audio',
    mutation: onEach(isQuiet, () => ({
      onOpen(line) {
        line.say({ state: 'listening' });
        line.say(GREETING);
      },
      onSaid(message, line) {
        if (!isState(message)) line.say(message);
      },
    })),
  },
  {
    id: 'SX-MIC-008',
    dialect: 'scriptix',
    breaks: 'recognises other words when the same audio comes in frames of 20 ms',
    mutation: dependsOnFrames,
  },
  {
    id: 'SX-STATE-001',
    dialect: 'scriptix',
    breaks: 'sends its states as numbers in stream mode',
    mutation: saying(is('loading'), () => ({ state: 1 }), isStream),
  },
  {
    id: 'SX-STATE-002',
    dialect: 'scriptix',
    breaks: 'sends warming_up instead of loading in stream mode',
    isDoubtful: true,
    mutation: saying(is('loading'), () => ({ state: 'warming_up' }), isStream),
  },
  {
    id: 'SX-STATE-003',
    dialect: 'scriptix',
    breaks: 'sends loading again after listening',
    mutation: saying(is('listening'), (message) => [message, { state: 'loading' }], isMicrophone),
  },
  {
    id: 'SX-STATE-004',
    dialect: 'scriptix',
    breaks: 'sends another message before loading',
    mutation: saying(is('loading'), (message) => [{ state: 'connecting' }, message], isStream),
  },
  {
    id: 'SX-STATE-005',
    dialect: 'scriptix',
    breaks: 'repeats listening with every final',
    mutation: saying(isScriptixFinal, (message) => [message, { state: 'listening' }]),
  },
  {
    id: 'SX-STATE-006',
    dialect: 'scriptix',
    breaks: 'sends nothing for too long after start',
    mutation: onEach(isQuiet, () => {
      const held: Fields[] = [];
      let isBegun = false;
      let isAwake = false;
      return {
        onHeard(message, line) {
          line.hear(message);
          // From start, which comes long after the connection is open if the machine is busy.
          if (isBegun) return;
          isBegun = true;
          line.later(PATIENCE.livenessMs + 400, () => {
            isAwake = true;
            for (const said of held) line.say(said);
          });
        },
        onSaid(message, line) {
          if (isAwake) line.say(message);
          else if (!isError(message)) held.push(message);
        },
        // The fake gives up sooner than this server.
        onEnd: () => undefined,
      };
    }),
  },
  {
    id: 'SX-MSG-001',
    dialect: 'scriptix',
    breaks: 'sends messages that are not JSON',
    mutation: saying(is('listening'), (message) => [message, 'go ahead'], isStream),
  },
  {
    id: 'SX-MSG-001',
    dialect: 'scriptix',
    breaks: 'also sends its states as binary messages',
    mutation: onEach(isStream, () => ({
      onSaid(message, line) {
        line.say(message);
        if (is('listening')(message)) line.sayBinary(Buffer.from(JSON.stringify(message)));
      },
    })),
  },
  {
    id: 'SX-MSG-002',
    dialect: 'scriptix',
    breaks: 'sends messages that are neither state nor result nor error',
    mutation: saying(is('listening'), (message) => [message, { session: 'abc' }], isStream),
  },
  {
    id: 'SX-MSG-002',
    dialect: 'scriptix',
    breaks: 'puts the state into its results',
    mutation: sayingOnce(2, isPartial, (message) => ({ ...message, state: 'listening' }), fetches('m3u8$')),
  },
  {
    id: 'SX-ISO-001',
    dialect: 'scriptix',
    breaks: 'swaps the results of two clients that speak at the same time',
    mutation: leaking,
  },
];
