import { encodeFrame, OPCODES } from '../../../src/wire/encode.ts';
import { isScriptixFinal, numberIn, onEach, wordsOf } from './changes.ts';
import type { Fields, Line, Mutation } from './mutation.ts';

const always = () => true;

/** Everything comes later, in its original order. */
export function laterBy(ms: number): Mutation {
  return onEach(always, () => {
    // Timers of the same moment may fire in any order.
    const waiting: (() => void)[] = [];
    const later = (line: Line, act: () => void) => {
      waiting.push(act);
      line.later(ms, () => waiting.shift()?.());
    };
    return {
      onSaid: (message, line) => later(line, () => line.say(message)),
      onEnd: (code, reason, line) => later(line, () => line.close(code, reason)),
    };
  });
}

/** Each message in three frames, cut anywhere, with a ping between them. */
export const inFragments: Mutation = onEach(always, () => ({
  onSaid(message, line) {
    const bytes = Buffer.from(JSON.stringify(message));
    const third = Math.ceil(bytes.length / 3);
    const parts = [0, 1, 2].map((i) => bytes.subarray(i * third, (i + 1) * third));
    for (const [i, payload] of parts.entries()) {
      const opcode = i === 0 ? OPCODES.text : OPCODES.continuation;
      line.raw(encodeFrame({ opcode, payload, fin: i === 2 }));
      if (i === 1) ping(line);
    }
  },
}));

export const pinging: Mutation = onEach(always, () => ({
  onSaid(message, line) {
    ping(line);
    line.say(message);
  },
}));

function ping(line: Line): void {
  if (line.isOpen) line.raw(encodeFrame({ opcode: OPCODES.ping, payload: Buffer.from('are you there') }));
}

/** Scriptix finals split in two, each with half of the words. */
export const halved: Mutation = onEach(always, () => ({
  onSaid(message, line) {
    const words = wordsOf(message);
    if (!isScriptixFinal(message) || words.length < 2) return line.say(message);
    const half = Math.floor(words.length / 2);
    line.say(part(message, 0, half));
    line.say(part(message, half, words.length));
  },
}));

function part(message: Fields, from: number, to: number): Fields {
  const words = wordsOf(message).slice(from, to);
  const laterMs = words[0]?.[1] ?? 0;
  return {
    ...message,
    text: words.map(([word]) => word.trim()).join(' '),
    offset_ms: numberIn(message, 'offset_ms') + laterMs,
    words: words.map(([word, start, end, confidence]) => [word, start - laterMs, end - laterMs, confidence]),
  };
}
