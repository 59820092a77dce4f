import type { Legal } from '../harness/broken.ts';
import { answering, presentedBy, PROBLEM, RECORDING, replacing, TOKEN } from '../harness/reson8-rest.ts';
import {
  detailsOf,
  heardAs,
  isConfirmation,
  isPartial,
  isTranscript,
  numberIn,
  onEach,
  refusing,
  saying,
} from '../harness/changes.ts';
import { compressing } from './compressing.ts';
import { erring } from './erring.ts';
import type { Asked, Mutation } from '../harness/mutation.ts';
import { inFragments, laterBy, pinging } from '../harness/odd-transport.ts';

/** Answers a flush with nothing buffered with an empty transcript. */
const answeringEmptyFlushes: Mutation = onEach(
  () => true,
  ({ query }: Asked) => {
    let hasTranscript = false;
    return {
      onHeard(message, line) {
        if (heardAs(message)['type'] === 'flush_request') hasTranscript = false;
        line.hear(message);
      },
      onSaid(message, line) {
        if (isTranscript(message)) hasTranscript = true;
        if (isConfirmation(message) && !hasTranscript && query.size <= 1) {
          line.say({ type: 'transcript', text: '' });
        }
        line.say(message);
      },
    };
  },
);

/** Refuses in the connection instead of in HTTP. */
const complaining: Mutation = {
  refusal: ({ status, body }) => ({
    onOpen(line) {
      line.say({ type: 'error', code: (body as { code: string }).code, status, message: 'No' });
      line.close(1008, 'no');
    },
  }),
};

/** Reson8 servers that are unusual and allowed. */
export const legalReson8: readonly Legal[] = [
  {
    dialect: 'reson8',
    does: 'has undocumented fields in all messages',
    because: 'the vendor has added some since',
    mutation: saying(
      () => true,
      (message) => ({ ...message, language: 'en', channel: 0 }),
    ),
  },
  {
    dialect: 'reson8',
    does: 'answers a flush with nothing buffered with an empty transcript',
    because: 'A17',
    mutation: answeringEmptyFlushes,
  },
  {
    dialect: 'reson8',
    does: 'sends everything half a second late',
    because: 'no document says how fast a server is',
    mutation: laterBy(500),
  },
  {
    dialect: 'reson8',
    does: 'confirms a flush a second after its transcript',
    because: 'no document says how fast a server is',
    mutation: onEach(
      () => true,
      () => ({
        onSaid: (message, line) =>
          isConfirmation(message) ? line.later(1000, () => line.say(message)) : line.say(message),
      }),
    ),
  },
  {
    dialect: 'reson8',
    does: 'sends its messages in fragments',
    because: 'RFC 6455 §5.4',
    mutation: inFragments,
  },
  {
    dialect: 'reson8',
    does: 'pings with every message',
    because: 'RFC 6455 §5.5.2',
    mutation: pinging,
  },
  {
    dialect: 'reson8',
    does: 'refuses after the upgrade, with an error that has a documented name',
    because: 'A14',
    mutation: complaining,
  },
  {
    dialect: 'reson8',
    does: 'refuses without a body, with the reason in a header',
    because: 'A14',
    mutation: {
      refusal: ({ status }) => ({ status, headers: { 'x-error-message': 'No' } }),
    },
  },
  {
    dialect: 'reson8',
    does: 'has numbers with a fraction for times',
    because: 'S4:106-107 has numbers, not integers',
    mutation: saying(isTranscript, (message) => ({
      ...message,
      ...('start_ms' in message ? { start_ms: numberIn(message, 'start_ms') + 0.25 } : {}),
    })),
  },
  {
    dialect: 'reson8',
    does: 'writes texts with capitals and full stops, and words without',
    because: 'A6',
    mutation: saying(isTranscript, (message) => {
      const text = String(message['text']);
      return { ...message, text: `${text.charAt(0).toUpperCase()}${text.slice(1)}.` };
    }),
  },
  {
    dialect: 'reson8',
    does: 'is always sure',
    because: 'from 0 to 1 includes both (S4:116)',
    mutation: saying(isTranscript, (message) => ({
      ...message,
      ...('words' in message
        ? {
            words: detailsOf(message).map((word, i) => {
              return 'confidence' in word ? { ...word, confidence: i % 2 } : word;
            }),
          }
        : {}),
    })),
  },
  {
    dialect: 'reson8',
    does: 'repeats an interim unchanged',
    because: 'interims may change, but need not (S4:82)',
    mutation: saying(isPartial, (message) => [message, message]),
  },
  {
    dialect: 'reson8',
    does: 'sends no interims although they were asked for',
    because: 'they may come; no document says that they must (S4:82)',
    mutation: saying(isPartial, () => []),
  },
  {
    dialect: 'reson8',
    does: 'writes fields in another order',
    because: 'JSON objects have no order',
    mutation: saying(
      () => true,
      (message) => Object.fromEntries(Object.entries(message).reverse()),
    ),
  },
  {
    dialect: 'reson8',
    does: 'answers a path of another service with 404',
    because: 'S4:129-134 names three codes and no others',
    mutation: refusing(({ path }) => path !== '/v1/speech-to-text/realtime', { status: 404 }),
  },
  {
    dialect: 'reson8',
    does: 'writes the names of headers in capitals, and has more of them',
    because: 'RFC 9110 §5.1',
    mutation: {
      head: (lines) => {
        for (const [i, line] of lines.entries()) {
          if (i > 0) lines[i] = line.replace(/^[^:]+/, (name) => name.toUpperCase());
        }
        lines.push('X-Request-Id: 1');
      },
    },
  },
  {
    dialect: 'reson8',
    does: 'compresses its answers over plain HTTP with br',
    because: 'RFC 9110 §12.5.3: the client does not say which encodings it accepts',
    mutation: compressing('br'),
  },
  {
    dialect: 'reson8',
    does: 'compresses its answers over plain HTTP with gzip and then br',
    because: 'RFC 9110 §12.5.3: the client does not say which encodings it accepts',
    mutation: compressing('gzip', 'br'),
  },
  {
    dialect: 'reson8',
    does: 'compresses its messages if a client offers it',
    because: 'RFC 7692 §7',
    mutation: { deflate: { threshold: 0 } },
  },
  {
    dialect: 'reson8',
    does: 'compresses each of its messages separately, in a small window',
    because: 'RFC 7692 §7',
    mutation: {
      deflate: {
        threshold: 0,
        serverNoContextTakeover: true,
        serverMaxWindowBits: 9,
        clientMaxWindowBits: 10,
      },
    },
  },
  {
    dialect: 'reson8',
    does: 'compresses its refusals in a way that the runner does not know',
    because: 'RFC 9110 §12.5.3: the client does not say which encodings it accepts',
    mutation: {
      refusal: (reply) => ({
        ...reply,
        headers: { 'content-encoding': 'compress' },
        body: Buffer.of(0x1f, 0x9d, 0x90, 0x04, 0x00, 0x11, 0x00, 0xff),
      }),
    },
  },
  {
    dialect: 'reson8',
    does: 'misrecognises or omits a word here and there, and has other capitals in each session',
    because: 'a recogniser makes mistakes, and no document says how often',
    mutation: erring,
  },
  {
    dialect: 'reson8',
    does: 'issues access tokens that last a day, with another spelling of their type and with more fields',
    because: 'no page says how long they last, and a type has no case (RFC 6749 §5.1)',
    mutation: answering(TOKEN, (body) => ({
      ...body,
      token_type: 'bearer',
      expires_in: 86_400,
      scope: 'all',
    })),
  },
  {
    dialect: 'reson8',
    does: 'refuses API keys as access tokens, with problem details',
    because: 'it issues tokens for that',
    mutation: {
      admit: (asked) => (presentedBy(asked) === 'right-key' ? { kind: 'refuse', reply: PROBLEM } : undefined),
    },
  },
  {
    dialect: 'reson8',
    does: 'issues no access tokens',
    because: 'S4 does not say where they come from',
    mutation: { rest: () => ({ instead: ({ path }) => (path === TOKEN ? { status: 404 } : undefined) }) },
  },
  {
    dialect: 'reson8',
    does: 'takes no recordings',
    because: 'S4 has no such call',
    mutation: {
      rest: () => ({ instead: ({ path }) => (path === RECORDING ? { status: 404 } : undefined) }),
    },
  },
  {
    dialect: 'reson8',
    does: 'refuses recordings with problem details',
    because: 'no page shows a single form of refusals (RFC 9457)',
    mutation: replacing(RECORDING, 401, PROBLEM),
  },
  {
    dialect: 'reson8',
    does: 'writes the text of a recording with capitals and full stops, and its segments without, with more fields',
    because: 'A6; optional fields exist',
    mutation: answering(RECORDING, (body) => {
      const text = String(body['text']);
      return { ...body, id: 'recording-1', text: `${text.charAt(0).toUpperCase()}${text.slice(1)}.` };
    }),
  },
];
