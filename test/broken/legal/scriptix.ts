import type { Legal } from '../harness/broken.ts';
import {
  is,
  isError,
  isMicrophone,
  isPartial,
  isScriptixFinal as isFinal,
  isState,
  numberIn,
  onEach,
  refusing,
  saying,
  wordsOf,
} from '../harness/changes.ts';
import { advancing } from './advancing.ts';
import { compressing } from './compressing.ts';
import { erring } from './erring.ts';
import type { Asked, Behaviour, Fields } from '../harness/mutation.ts';
import { halved, inFragments, laterBy, pinging } from '../harness/odd-transport.ts';

/** The other reading of A7. */
function absolute(message: Fields): Fields {
  const offset = numberIn(message, 'offset_ms');
  const words = wordsOf(message).map(([word, start, end, confidence]) => {
    return [word, start + offset, end + offset, confidence];
  });
  return { ...message, words };
}

/** Segments begin this long before their first words, but not before the preceding one has ended. */
function beginningEarlier(byMs: number): Behaviour {
  let endMs = 0;
  const starts = new Map<number, number>();
  return {
    onSaid(message, line) {
      if (!isPartial(message) && !isFinal(message)) {
        line.say(message);
        return;
      }
      const offset = numberIn(message, 'offset_ms');
      const start = starts.get(offset) ?? Math.min(offset, Math.max(endMs, offset - byMs));
      starts.set(offset, start);
      const words = wordsOf(message).map(([word, from, to, confidence]) => {
        return [word, from + offset - start, to + offset - start, confidence];
      });
      const [, , lastMs = 0] = wordsOf(message).at(-1) ?? [];
      if (isFinal(message)) endMs = Math.max(endMs, offset + lastMs);
      line.say({ ...message, offset_ms: start, ...(isFinal(message) ? { words } : {}) });
    },
  };
}

function hasBadToken({ path, query, headers }: Asked): boolean {
  const names = ['x-zoom-s2t-key', 'x-api-key', 'api-key'];
  const tokens = [query.get('token'), ...names.map((name) => headers[name])];
  return path === '/v2/realtime' && !tokens.includes('right-key');
}

/** Scriptix servers that are unusual and allowed. */
export const legalScriptix: readonly Legal[] = [
  {
    dialect: 'scriptix',
    does: 'has undocumented fields in all messages',
    because: 'optional fields exist (S1:42)',
    mutation: saying(
      () => true,
      (message) => ({ ...message, session_id: 'abc', at: 1 }),
    ),
  },
  {
    dialect: 'scriptix',
    does: 'advances offset_ms within a segment',
    because: 'A4',
    mutation: onEach(
      () => true,
      () => advancing(),
    ),
  },
  {
    dialect: 'scriptix',
    does: 'counts word times from the beginning of the audio',
    because: 'A7',
    mutation: saying(isFinal, absolute),
  },
  {
    dialect: 'scriptix',
    does: 'begins its segments 600 ms before their first words',
    because: 'a segment is a piece of the audio, pauses included (S0:79-86)',
    mutation: onEach(
      () => true,
      () => beginningEarlier(600),
    ),
  },
  {
    dialect: 'scriptix',
    does: 'begins its segments two seconds before their first words',
    because: 'a segment is a piece of the audio, pauses included (S0:79-86)',
    mutation: onEach(
      () => true,
      () => beginningEarlier(2000),
    ),
  },
  {
    dialect: 'scriptix',
    does: 'has words without spaces',
    because: 'A6; S2:77',
    mutation: saying(isFinal, (message) => ({
      ...message,
      words: wordsOf(message).map(([word, ...rest]) => [word.trim(), ...rest]),
    })),
  },
  {
    dialect: 'scriptix',
    does: 'writes texts with capitals and full stops, and words without',
    because: 'A6',
    mutation: saying(
      (message) => isPartial(message) || isFinal(message),
      (message) => {
        const text = String(message['text']);
        return { ...message, text: `${text.charAt(0).toUpperCase()}${text.slice(1)}.` };
      },
    ),
  },
  {
    dialect: 'scriptix',
    does: 'never says listening to microphones',
    because: 'A2',
    mutation: saying(is('listening'), () => [], isMicrophone),
  },
  {
    dialect: 'scriptix',
    does: 'already has its model loaded',
    because: 'loading is a state that not every connection goes through (S1:16)',
    mutation: saying(is('loading'), () => []),
  },
  {
    dialect: 'scriptix',
    does: 'says connected after listening',
    because: 'A3',
    mutation: saying(is('listening'), (message) => [message, { state: 'connected' }]),
  },
  {
    dialect: 'scriptix',
    does: 'names a speaker',
    because: 'A23',
    mutation: saying(isFinal, (message) => ({ ...message, speaker: 'Speaker 1' })),
  },
  {
    dialect: 'scriptix',
    does: 'has words in partials and a stability in finals',
    because: 'fields that are documented for one kind are unknown ones of the other (S1:42)',
    mutation: saying(
      (message) => isPartial(message) || isFinal(message),
      (message) => ({ ...message, words: message['words'] ?? [], stability: message['stability'] ?? 1 }),
    ),
  },
  {
    dialect: 'scriptix',
    does: 'changes what partials said before',
    because: 'A5',
    mutation: saying(isPartial, (message) => {
      const words = String(message['text']).split(' ');
      return {
        ...message,
        text: words.map((word, i) => (i % 3 === 1 ? word.toUpperCase() : word)).join(' '),
      };
    }),
  },
  {
    dialect: 'scriptix',
    does: 'has a stability that goes up and down',
    because: 'no document says that it grows (S0:50)',
    mutation: onEach(
      () => true,
      () => {
        let partials = 0;
        return {
          onSaid(message, line) {
            if (isPartial(message)) partials += 1;
            line.say(isPartial(message) ? { ...message, stability: partials % 2 } : message);
          },
        };
      },
    ),
  },
  {
    dialect: 'scriptix',
    does: 'cuts its finals in two',
    because: 'about 15 words are the most, not the least (A8)',
    mutation: halved,
  },
  {
    dialect: 'scriptix',
    does: 'sends everything half a second late',
    because: 'no document says how fast a server is',
    mutation: laterBy(500),
  },
  {
    dialect: 'scriptix',
    does: 'sends its messages in fragments',
    because: 'RFC 6455 §5.4',
    mutation: inFragments,
  },
  {
    dialect: 'scriptix',
    does: 'pings with every message',
    because: 'RFC 6455 §5.5.2',
    mutation: pinging,
  },
  {
    dialect: 'scriptix',
    does: 'words its errors differently',
    because: 'S2:85-89 has no text',
    mutation: saying(isError, () => ({ error: 'E42', detail: { at: 'fetch' } })),
  },
  {
    dialect: 'scriptix',
    does: 'refuses invalid tokens with 403 and an HTML page',
    because: 'A11',
    mutation: refusing(hasBadToken, {
      status: 403,
      body: '<h1>Forbidden</h1>',
      headers: { 'content-type': 'text/html' },
    }),
  },
  {
    dialect: 'scriptix',
    does: 'accepts invalid tokens, then sends an error and closes',
    because: 'A11',
    mutation: {
      refusal: (reply, { path }) =>
        reply.status === 401 && path === '/v2/realtime'
          ? {
              onOpen(line) {
                line.say({ error: 'Not authenticated' });
                line.close(1000, 'go away');
              },
            }
          : reply,
    },
  },
  {
    dialect: 'scriptix',
    does: 'closes connections with invalid tokens with 1008 and without a message',
    because: 'A11',
    mutation: {
      refusal: (reply, { path }) =>
        reply.status === 401 && path === '/v2/realtime'
          ? { onOpen: (line) => line.close(1008, 'policy') }
          : reply,
    },
  },
  {
    dialect: 'scriptix',
    does: 'answers clients without a valid token with 404',
    because: 'A11',
    mutation: refusing(hasBadToken, { status: 404, body: { detail: 'Not Found' } }),
  },
  {
    dialect: 'scriptix',
    does: 'gives a reason when it closes, and sends additional headers',
    because: 'RFC 6455 §5.5.1',
    mutation: {
      head: (lines) => void lines.push('X-Request-Id: 1', 'SERVER: mutant'),
      connection: () => ({ onEnd: (code, _reason, line) => line.close(code, 'the end of the stream') }),
    },
  },
  {
    dialect: 'scriptix',
    does: 'mixes capitals and small letters in the names of headers',
    because: 'RFC 9110 §5.1',
    mutation: {
      head: (lines) => {
        for (const [i, line] of lines.entries()) {
          if (i > 0) lines[i] = line.replace(/^[^:]+/, (name) => name.toUpperCase());
        }
      },
    },
  },
  {
    dialect: 'scriptix',
    does: 'adds fields to its REST answers, and has another message',
    because: 'the message is for people (S3:65)',
    mutation: {
      rest: () => ({
        answer: (_call, reply) => ({
          ...reply,
          headers: { 'content-type': 'application/json; charset=utf-8' },
          body: {
            ...(reply.body as Fields),
            ...(reply.status === 200 ? { message: 'Ja', replicas: 1 } : { code: 7 }),
          },
        }),
      }),
    },
  },
  {
    dialect: 'scriptix',
    does: 'has null in place of missing fields',
    because: 'undocumented fields (S1:42)',
    mutation: saying(isState, (message) => ({ ...message, message: null, progress: 0.5 })),
  },
  {
    dialect: 'scriptix',
    does: 'treats a missing type as an error unless a language is sent',
    because: 'A1, the strict reading',
    mutation: refusing(({ query }) => !query.has('type'), {
      status: 400,
      body: { detail: 'type is required' },
    }),
  },
  {
    dialect: 'scriptix',
    does: 'compresses its answers over plain HTTP with gzip',
    because: 'RFC 9110 §12.5.3: the client does not say which encodings it accepts',
    mutation: compressing('gzip'),
  },
  {
    dialect: 'scriptix',
    does: 'compresses its answers over plain HTTP with deflate, without the zlib header',
    because: 'RFC 9110 §12.5.3: the client does not say which encodings it accepts',
    mutation: compressing('raw deflate'),
  },
  {
    dialect: 'scriptix',
    does: 'compresses its messages if a client offers it',
    because: 'RFC 7692 §7',
    mutation: { deflate: { threshold: 0 } },
  },
  {
    dialect: 'scriptix',
    does: 'misrecognises or omits a word here and there, and has other capitals in each session',
    because: 'a recogniser makes mistakes, and no document says how often',
    mutation: erring,
  },
];
