import { isPartial, isScriptixFinal, isTranscript, onEach } from '../harness/changes.ts';
import type { Fields, Mutation } from '../harness/mutation.ts';

/** One word of this many is wrong, and one is missing. */
const WRONG = 15;
const MISSING = 20;
/** Shorter texts lose no words. */
const SHORT = 4;

/** A recogniser that makes a few mistakes, different ones in each session: words, capitals and full stops. */
export function erring(): Mutation {
  let sessions = 0;
  return onEach(
    () => true,
    () => {
      sessions += 1;
      const nth = sessions;
      return {
        onSaid(message, line) {
          const isResult = isPartial(message) || isScriptixFinal(message) || isTranscript(message);
          line.say(isResult ? withErrors(message, nth) : message);
        },
      };
    },
  );
}

function withErrors(message: Fields, nth: number): Fields {
  const texts = String(message['text']).split(' ');
  const isMissing = (i: number) => texts.length > SHORT && i % MISSING === nth % MISSING;
  const heard = (text: string, i: number) => {
    const space = /^ */.exec(text)?.[0] ?? '';
    const word = i % WRONG === nth % WRONG ? 'um' : text.trim();
    return space + (i === 0 && nth % 2 === 0 ? word.toUpperCase() : word);
  };
  const text = texts.map(heard).filter((_, i) => !isMissing(i));
  const { words } = message;
  if (!Array.isArray(words)) return { ...message, text: ended(text, message, nth) };
  const all: readonly unknown[] = words;
  // There are as many words as in the text.
  const left = all.map((word, i) => changed(word, (own) => heard(own, i))).filter((_, i) => !isMissing(i));
  return { ...message, text: ended(text, message, nth), words: left };
}

function ended(words: readonly string[], { is_final: isFinal }: Fields, nth: number): string {
  return `${words.join(' ')}${isFinal !== false && nth % 3 === 0 ? '.' : ''}`;
}

/** A word of either service. */
function changed(word: unknown, change: (text: string) => string): unknown {
  if (Array.isArray(word)) {
    const [text, ...times] = word as readonly unknown[];
    return [change(String(text)), ...times];
  }
  const fields = word as Fields;
  return { ...fields, text: change(String(fields['text'])) };
}
