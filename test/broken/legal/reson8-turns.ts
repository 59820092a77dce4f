import type { Legal } from '../harness/broken.ts';
import { onEach, saying } from '../harness/changes.ts';
import type { Fields, Mutation } from '../harness/mutation.ts';
import { inFragments, laterBy, pinging } from '../harness/odd-transport.ts';
import { isCandidate, isContinuation, isFlush } from '../harness/turns.ts';

const EMPTY = { type: 'turn_end_candidate', text: '' };
const BYTES_PER_MS = 32;

/** Nothing is said while audio comes. */
const afterTheFlush: Mutation = onEach(
  () => true,
  () => {
    const held: Fields[] = [];
    let isFlushed = false;
    return {
      onHeard(message, line) {
        isFlushed = isFlush(message);
        if (isFlushed) for (const each of held.splice(0)) line.say(each);
        line.hear(message);
      },
      onSaid: (message, line) => (isFlushed ? line.say(message) : void held.push(message)),
    };
  },
);

/** A flush with nothing buffered gets a turn without words. */
const emptyTurns: Mutation = onEach(
  () => true,
  () => {
    let isSpeech = false;
    return {
      onHeard(message, line) {
        line.hear(message);
        if (typeof message !== 'string') isSpeech ||= message.some((byte) => byte !== 0);
        else if (isFlush(message) && !isSpeech) {
          for (const each of [{ type: 'turn_start' }, EMPTY, { type: 'turn_end' }]) line.say(each);
        }
      },
    };
  },
);

/** Silence that is longer than this is a client that has gone. */
const LONG_SILENCE_MS = 7000;

const leavingSilence: Mutation = onEach(
  () => true,
  () => {
    let silentMs = 0;
    return {
      onHeard(message, line) {
        line.hear(message);
        if (typeof message === 'string') return;
        silentMs = message.every((byte) => byte === 0) ? silentMs + message.length / BYTES_PER_MS : 0;
        if (silentMs >= LONG_SILENCE_MS) line.close(1000);
      },
    };
  },
);

const ALLOWED: readonly Omit<Legal, 'dialect'>[] = [
  {
    does: 'repeats every candidate',
    because: 'the same text may come again (LK)',
    mutation: saying(isCandidate, (message) => [message, message]),
  },
  {
    does: 'has a candidate without words before every other',
    because: 'a text may be empty (LK)',
    mutation: saying(isCandidate, (message) => [EMPTY, message]),
  },
  {
    does: 'says everything only after the flush',
    because: "the vendor's own tests have such a server (LK)",
    mutation: afterTheFlush,
  },
  {
    does: 'answers a flush with nothing buffered with a turn without words',
    because: 'such a flush need not be answered, but may be (LK)',
    mutation: emptyTurns,
  },
  {
    does: 'closes with 1000 after long silence',
    because: 'no page says how long a server waits',
    mutation: leavingSilence,
  },
  {
    does: 'never says that a turn goes on',
    because: 'a candidate may also come without a continuation (LK)',
    mutation: saying(isContinuation, () => []),
  },
  {
    does: 'has undocumented fields in all messages',
    because: 'the vendor has added some since',
    mutation: saying(
      () => true,
      (message) => ({ ...message, channel: 0 }),
    ),
  },
  {
    does: 'sends everything half a second late',
    because: 'no page says how fast a server is',
    mutation: laterBy(500),
  },
  {
    does: 'sends its messages in fragments',
    because: 'RFC 6455 §5.4',
    mutation: inFragments,
  },
  {
    does: 'pings with every message',
    because: 'RFC 6455 §5.5.2',
    mutation: pinging,
  },
  {
    does: 'refuses without a body, with the reason in a header',
    because: 'the refusals that its own clients read (LK)',
    mutation: { refusal: ({ status }) => ({ status, headers: { 'x-error-message': 'No' } }) },
  },
];

/** Servers of turns that are unusual and allowed. */
export const legalTurns: readonly Legal[] = ALLOWED.map((each) => ({
  dialect: 'reson8-turns',
  ...each,
}));
