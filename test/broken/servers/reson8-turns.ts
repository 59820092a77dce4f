import type { Broken } from '../harness/broken.ts';
import {
  detailsOf,
  onEach,
  refusing,
  saying,
  taking,
  withDetail,
  without,
  withQuery,
} from '../harness/changes.ts';
import type { Asked, HttpReply, Mutation } from '../harness/mutation.ts';
import { asksFor, isCandidate, isEnd, isFlush, isPlain, isStart } from '../harness/turns.ts';

function refusal(status: number, code: string): HttpReply {
  return { status, body: { code, message: 'No' } };
}

const UNAUTHORIZED = refusal(401, 'UNAUTHORIZED');

function has(pattern: RegExp): (asked: Asked) => boolean {
  return ({ headers }) => pattern.test(headers.authorization ?? '');
}

/** Each candidate holds only what the turn has not said before. */
const differing: Mutation = onEach(
  ({ query }) => query.has('eager_turn_probability'),
  () => {
    let told = 0;
    return {
      onSaid(message, line) {
        if (isStart(message)) told = 0;
        const words = detailsOf(message);
        const fresh = words.slice(told);
        const [first] = fresh;
        if (!isCandidate(message) || first === undefined) return line.say(message);
        const last = fresh.at(-1) ?? first;
        const startMs = Number(first['start_ms']);
        const endMs = Number(last['start_ms']) + Number(last['duration_ms']);
        told = words.length;
        line.say({
          ...message,
          text: fresh.map(({ text }) => text).join(' '),
          words: fresh,
          start_ms: startMs,
          duration_ms: endMs - startMs,
        });
      },
    };
  },
);

const ZEROS_PER_MS = 32;

function isSilent(message: string | Buffer): boolean {
  return typeof message !== 'string' && message.every((byte) => byte === 0);
}

/** Takes five seconds of silence for a turn without words. */
const hearingThings: Mutation = onEach(
  ({ query }) => query.size <= 1,
  () => {
    let silentMs = 0;
    return {
      onHeard(message, line) {
        const before = silentMs;
        silentMs = isSilent(message) ? before + message.length / ZEROS_PER_MS : NaN;
        line.hear(message);
        if (before >= 5000 || !(silentMs >= 5000)) return;
        for (const type of ['turn_start', 'turn_end_candidate', 'turn_end']) {
          line.say({ type, ...(type === 'turn_end_candidate' ? { text: '' } : {}) });
        }
      },
    };
  },
);

/** A client that is silent for a short time gets the last turn of any other at its flush, while it still listens. */
function gossiping(): Mutation {
  let last = '';
  return onEach(
    ({ query }) => query.size <= 1,
    () => {
      let silentMs = 0;
      return {
        onHeard(message, line) {
          if (isFlush(message) && silentMs > 0 && silentMs < 5000) {
            line.later(300, () => {
              line.say({ type: 'turn_start' });
              line.say({ type: 'turn_end_candidate', text: last });
              line.say({ type: 'turn_end' });
            });
          } else if (typeof message !== 'string') {
            silentMs = isSilent(message) ? silentMs + message.length / ZEROS_PER_MS : NaN;
          }
          line.hear(message);
        },
        onSaid(message, line) {
          if (isCandidate(message)) last = String(message['text']);
          line.say(message);
        },
      };
    },
  );
}

const TEETH: readonly Omit<Broken, 'dialect'>[] = [
  {
    id: 'R8-TURN-001',
    breaks: 'serves nothing at its path for clients that ask for the language',
    mutation: refusing(isPlain, refusal(404, 'NOT_FOUND')),
  },
  {
    id: 'R8-TURN-002',
    breaks: 'does not accept a bearer token',
    mutation: refusing(has(/^Bearer/), UNAUTHORIZED),
  },
  {
    id: 'R8-TURN-002',
    breaks: 'selects none of the subprotocols that were offered',
    mutation: { subprotocol: () => false },
  },
  {
    id: 'R8-TURN-002',
    breaks: 'does not check whether a key is valid',
    mutation: taking(has(/invalid-key/), ({ headers }) => ({
      headers: { ...headers, authorization: 'ApiKey right-key' },
    })),
  },
  {
    id: 'R8-TURN-003',
    breaks: 'sends messages of a type that is not documented',
    mutation: saying(isCandidate, (message) => [message, { type: 'metadata' }], isPlain),
  },
  {
    id: 'R8-TURN-004',
    breaks: 'begins turns without turn_start',
    mutation: saying(isStart, () => [], isPlain),
  },
  {
    id: 'R8-TURN-005',
    breaks: 'continues a turn that has had no candidate',
    mutation: saying(isStart, (message) => [message, { type: 'turn_continuation' }], isPlain),
  },
  {
    id: 'R8-TURN-006',
    breaks: 'ends turns without a candidate',
    mutation: saying(isCandidate, () => [], isPlain),
  },
  {
    id: 'R8-TURN-006',
    breaks: 'ends a turn twice',
    mutation: saying(isEnd, (message) => [message, message], asksFor('timestamps')),
  },
  {
    id: 'R8-TURN-007',
    breaks: 'has a text in the end of a turn',
    mutation: saying(isEnd, (message) => ({ ...message, text: 'that is all' }), isPlain),
  },
  {
    id: 'R8-TURN-007',
    breaks: 'has no text in candidates',
    mutation: saying(isCandidate, (message) => without(message, 'text'), isPlain),
  },
  {
    id: 'R8-TURN-008',
    breaks: 'has only what is new in a later candidate',
    mutation: differing,
  },
  {
    id: 'R8-TURN-009',
    breaks: 'lacks the duration of candidates',
    mutation: saying(
      isCandidate,
      (message) => without(message, 'duration_ms'),
      asksFor('timestamps', 'language'),
    ),
  },
  {
    id: 'R8-TURN-009',
    breaks: 'has times that were not asked for',
    mutation: saying(isCandidate, (message) => ({ ...message, start_ms: 0, duration_ms: 10 }), isPlain),
  },
  {
    id: 'R8-TURN-010',
    breaks: 'has confidences in words',
    mutation: saying(
      isCandidate,
      (message) => withDetail(message, 0, (word) => ({ ...word, confidence: 0.9 })),
      asksFor('words'),
    ),
  },
  {
    id: 'R8-TURN-010',
    breaks: 'lacks words that were asked for',
    mutation: saying(isCandidate, (message) => without(message, 'words'), asksFor('words')),
  },
  {
    id: 'R8-TURN-011',
    breaks: 'lacks the language that was asked for',
    mutation: saying(isCandidate, (message) => without(message, 'language'), isPlain),
  },
  {
    id: 'R8-TURN-011',
    breaks: 'has a language that was not asked for',
    mutation: saying(isCandidate, (message) => ({ ...message, language: 'en' }), asksFor('words')),
  },
  {
    id: 'R8-TURN-012',
    breaks: 'leaves out the last word',
    mutation: saying(
      isCandidate,
      (message) => ({ ...message, words: detailsOf(message).slice(0, -1) }),
      asksFor('words'),
    ),
  },
  {
    id: 'R8-TURN-012',
    breaks: 'has a last word that goes on after its candidate',
    mutation: saying(
      isCandidate,
      (message) => withDetail(message, -1, (word) => ({ ...word, duration_ms: 9000 })),
      asksFor('timestamps', 'words', 'language'),
    ),
  },
  {
    id: 'R8-TURN-013',
    breaks: 'counts times from the beginning of each turn',
    mutation: saying(isCandidate, (message) => ({ ...message, start_ms: 0 }), asksFor('timestamps')),
  },
  {
    id: 'R8-TURN-013',
    breaks: 'is an hour ahead of the audio',
    mutation: saying(
      isCandidate,
      (message) => ({ ...message, start_ms: Number(message['start_ms']) + 3_600_000 }),
      asksFor('timestamps'),
    ),
  },
  {
    id: 'R8-TURN-014',
    breaks: 'also confirms flushes',
    mutation: saying(isEnd, (message) => [message, { type: 'flush_confirmation', id: null }], isPlain),
  },
  {
    id: 'R8-TURN-015',
    breaks: 'does not answer a flush',
    mutation: onEach(isPlain, () => ({
      onHeard(message, line) {
        if (!isFlush(message)) line.hear(message);
      },
    })),
  },
  {
    id: 'R8-TURN-015',
    breaks: 'never ends a turn that was flushed',
    mutation: saying(isEnd, () => [], isPlain),
  },
  {
    id: 'R8-TURN-016',
    breaks: 'takes silence for a turn',
    mutation: hearingThings,
  },
  {
    id: 'R8-TURN-017',
    breaks: 'accepts an eager probability above the final one',
    mutation: taking(
      ({ query }) => query.get('eager_turn_probability') === '0.95',
      (asked) => withQuery(asked, { eager_turn_probability: '0.5' }),
    ),
  },
  {
    id: 'R8-TURN-017',
    breaks: 'accepts any custom model',
    mutation: taking(
      ({ query }) => query.has('custom_model_id'),
      (asked) => withQuery(asked, { custom_model_id: '' }),
    ),
  },
  {
    id: 'R8-TURN-017',
    breaks: 'ignores fillers, phrases and their bias, like a server that does not know them',
    isDoubtful: true,
    mutation: taking(
      ({ query }) => ['filler_mode', 'phrases', 'bias_strength'].some((name) => query.has(name)),
      ({ query }) => ({ query: new URLSearchParams({ encoding: query.get('encoding') ?? 'auto' }) }),
    ),
  },
  {
    id: 'R8-TURN-017',
    breaks: 'answers invalid parameters with 422',
    mutation: {
      refusal: (reply) => (reply.status === 400 ? refusal(422, 'INVALID_REQUEST') : reply),
    },
  },
  {
    id: 'R8-TURN-018',
    breaks: 'ends the session with a turn',
    mutation: onEach(asksFor('timestamps'), () => ({
      onSaid(message, line) {
        line.say(message);
        if (isEnd(message)) line.close(1000);
      },
    })),
  },
  // No probe stayed for long enough, and it conformed.
  {
    id: 'R8-TURN-018',
    breaks: 'ends the session a second after its third turn',
    mutation: onEach(
      () => true,
      () => {
        let ends = 0;
        return {
          onSaid(message, line) {
            line.say(message);
            if (isEnd(message)) ends += 1;
            if (isEnd(message) && ends === 3) line.later(1000, () => line.close(1000));
          },
        };
      },
    ),
  },
  {
    id: 'R8-TURN-019',
    breaks: 'sends a silent client what another one has said',
    mutation: gossiping,
  },
];

/** Servers of turns with one deviation each. */
export const reson8Turns: readonly Broken[] = TEETH.map((each) => ({
  dialect: 'reson8-turns',
  ...each,
}));
