import { undecided, type Broken } from '../harness/broken.ts';
import { fetches, is, isPartial, isScriptixFinal, onEach, wordsOf } from '../harness/changes.ts';
import type { Fields, Line, Mutation } from '../harness/mutation.ts';

/** What is played alone, and then beside another. */
const isCompared = fetches('-hls/segment-0\\.mp3$');
/** Who is beside another, and gets what that one hears. */
const isSecond = fetches('/nl-afspraak-hls/');

/** Two streams of which the second gets the results of the first, and none of its own, whichever is there earlier. */
function mixedUp(): Mutation {
  const connections = new Map<string, number>();
  /** What the first has heard, until it is over. */
  const heard: Fields[] = [];
  let isOver = false;
  let onMore: () => void = () => undefined;
  return onEach(isCompared, (asked) => {
    const url = asked.query.get('url') ?? '';
    const count = (connections.get(url) ?? 0) + 1;
    connections.set(url, count);
    // Each is alone at first.
    if (count === 1) return {};
    if (!isSecond(asked)) {
      return {
        onSaid(message, line) {
          line.say(message);
          if (isPartial(message) || isScriptixFinal(message)) heard.push(message);
          onMore();
        },
        onEnd(code, reason, line) {
          line.close(code, reason);
          isOver = true;
          onMore();
        },
      };
    }
    let isListening = false;
    let told = 0;
    let leave: (() => void) | undefined;
    const tell = (line: Line) => {
      if (!isListening) return;
      for (const message of heard.slice(told)) line.say(message);
      told = heard.length;
      if (isOver) leave?.();
    };
    return {
      onSaid(message, line) {
        if (!isPartial(message) && !isScriptixFinal(message)) line.say(message);
        isListening ||= is('listening')(message);
        onMore = () => tell(line);
        tell(line);
      },
      onEnd(code, reason, line) {
        leave = () => line.close(code, reason);
        tell(line);
      },
    };
  });
}

/** A final with the words of another one, in its own time. */
function withWordsOf(other: Fields, own: Fields): Fields {
  const words = wordsOf(other);
  const span = wordsOf(own);
  const fromMs = span[0]?.[1] ?? 0;
  const stepMs = Math.floor(((span.at(-1)?.[2] ?? 0) - fromMs) / words.length);
  const at = (i: number) => fromMs + i * stepMs;
  return {
    ...own,
    text: other['text'],
    words: words.map(([text, , , confidence], i) => [text, at(i), at(i + 1), confidence]),
  };
}

/** The first final of a connection has the words that another connection was sent last. */
function finalsOfBefore(): Mutation {
  let last: Fields | undefined;
  return onEach(
    () => true,
    () => {
      let isFirst = true;
      return {
        onSaid(message, line) {
          if (!isScriptixFinal(message)) return line.say(message);
          const before = isFirst ? last : undefined;
          isFirst = false;
          last = message;
          const isOther = before !== undefined && before['text'] !== message['text'];
          line.say(isOther ? withWordsOf(before, message) : message);
        },
      };
    },
  );
}

/** Sessions at the same time, or one after the other. */
export const scriptixTogether: readonly Broken[] = [
  {
    id: 'SX-ISO-001',
    dialect: 'scriptix',
    breaks: 'gives the results of one stream to another that is played at the same time',
    mutation: mixedUp,
  },
  {
    id: 'SX-ISO-001',
    dialect: 'scriptix',
    breaks: 'gives the first final of a session the words of the session before',
    unavoidable: undecided('words of another session are no words of the same audio', 'SX-MIC-008'),
    mutation: finalsOfBefore,
  },
];
