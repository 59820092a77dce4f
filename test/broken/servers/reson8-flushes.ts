import { undecided, type Broken } from '../harness/broken.ts';
import { asksFor, isConfirmation, isTranscript, onEach, saying } from '../harness/changes.ts';
import type { Fields, Mutation } from '../harness/mutation.ts';

const unlucky = asksFor('confidence');

function confirms(id: string | null): (message: Fields) => boolean {
  return (message) => isConfirmation(message) && message['id'] === id;
}

/** Sends certain messages directly after another one. */
function late(isLate: (message: Fields) => boolean, until: (message: Fields) => boolean): Mutation {
  return onEach(
    () => true,
    () => {
      const held: Fields[] = [];
      return {
        onSaid(message, line) {
          if (isLate(message)) return void held.push(message);
          line.say(message);
          if (until(message)) for (const each of held.splice(0)) line.say(each);
        },
      };
    },
  );
}

/** Flushes (S4:67-76,118-127). */
export const reson8Flushes: readonly Broken[] = [
  {
    id: 'R8-FL-002',
    dialect: 'reson8',
    breaks: 'sends every message twice',
    unavoidable: undecided('it is the same mistake', 'R8-TR-011', 'R8-FL-003'),
    mutation: saying(
      () => true,
      (message) => [message, message],
    ),
  },
  {
    id: 'R8-FL-003',
    dialect: 'reson8',
    breaks: 'has made-up ids in all confirmations',
    unavoidable: undecided('it is the same mistake', 'R8-FL-004', 'R8-FL-005'),
    mutation: saying(isConfirmation, (message) => ({ ...message, id: 'other' })),
  },
  {
    id: 'R8-FL-006',
    dialect: 'reson8',
    breaks: 'never says anything final',
    unavoidable: undecided(
      'there are no finals to judge',
      ...['R8-ISO-001', 'R8-TR-003', 'R8-TR-004', 'R8-TR-010', 'R8-TR-011', 'R8-TR-015', 'R8-TR-017'],
      ...['R8-FL-007', 'R8-FL-009'],
    ),
    mutation: saying(
      (message) => isTranscript(message) && message['is_final'] !== false,
      () => [],
    ),
  },
  {
    id: 'R8-FL-002',
    dialect: 'reson8',
    breaks: 'does not confirm one of the flushes',
    mutation: saying(confirms('a'), () => []),
  },
  {
    id: 'R8-FL-002',
    dialect: 'reson8',
    breaks: 'confirms flushes twice',
    mutation: saying(confirms('a'), (message) => [message, message]),
  },
  {
    id: 'R8-FL-003',
    dialect: 'reson8',
    breaks: 'loses everything but ASCII in ids',
    mutation: saying(isConfirmation, (message) => ({
      ...message,
      id: typeof message['id'] === 'string' ? message['id'].replace(/[^ -~]/g, '?') : null,
    })),
  },
  // No probe had such ids, and both conformed.
  {
    id: 'R8-FL-003',
    dialect: 'reson8',
    breaks: 'takes an id of digits for a number',
    mutation: saying(isConfirmation, (message) => {
      const { id } = message;
      return typeof id === 'string' && /^\d+$/.test(id) ? { ...message, id: Number(id) } : message;
    }),
  },
  {
    id: 'R8-FL-003',
    dialect: 'reson8',
    breaks: 'loses the spaces around ids',
    mutation: saying(isConfirmation, (message) => ({
      ...message,
      id: typeof message['id'] === 'string' ? message['id'].trim() : null,
    })),
  },
  {
    id: 'R8-FL-004',
    dialect: 'reson8',
    breaks: 'confirms a flush without an id with an empty one',
    mutation: saying(confirms(null), (message) => ({ ...message, id: '' })),
  },
  {
    id: 'R8-FL-005',
    dialect: 'reson8',
    breaks: 'confirms the second flush before the first',
    mutation: late(confirms('one'), confirms('two')),
  },
  {
    id: 'R8-FL-006',
    dialect: 'reson8',
    breaks: 'discards buffered audio on a flush',
    mutation: saying(isTranscript, () => [], unlucky),
  },
  {
    id: 'R8-FL-007',
    dialect: 'reson8',
    breaks: 'confirms a flush before it sends the buffered text',
    mutation: onEach(unlucky, () => {
      const held: Fields[] = [];
      return {
        onSaid(message, line) {
          if (isTranscript(message)) return void held.push(message);
          line.say(message);
          for (const each of held.splice(0)) line.say(each);
        },
      };
    }),
  },
  {
    id: 'R8-FL-008',
    dialect: 'reson8',
    breaks: 'confirms a flush that was not requested',
    mutation: saying(isConfirmation, (message) => [message, { ...message, id: 'nobody' }], unlucky),
  },
  {
    id: 'R8-FL-009',
    dialect: 'reson8',
    breaks: 'sends only an interim for a flush',
    mutation: saying(isTranscript, (message) => ({ ...message, is_final: false }), asksFor('interim')),
  },
  {
    id: 'R8-FL-010',
    dialect: 'reson8',
    breaks: 'ends the session when audio comes after a flush',
    mutation: onEach(
      () => true,
      () => {
        let isOver = false;
        return {
          onHeard(message, line) {
            if (typeof message !== 'string' && isOver) line.close(1000);
            else line.hear(message);
          },
          onSaid(message, line) {
            line.say(message);
            isOver ||= confirms('first')(message);
          },
        };
      },
    ),
  },
  // No probe stayed for long enough, and it conformed.
  {
    id: 'R8-FL-010',
    dialect: 'reson8',
    breaks: 'ends the session a second after a flush',
    mutation: onEach(
      () => true,
      () => ({
        onSaid(message, line) {
          line.say(message);
          if (confirms('third')(message)) line.later(1000, () => line.close(1000));
        },
      }),
    ),
  },
  {
    id: 'R8-FL-006',
    dialect: 'reson8',
    breaks: 'confirms flushes after the first, and never transcribes again',
    unavoidable: [{ id: 'R8-FL-010', why: 'one of these flushes shows that the session does not go on' }],
    mutation: onEach(
      () => true,
      () => {
        let isOver = false;
        return {
          onSaid(message, line) {
            if (isOver && isTranscript(message)) return;
            line.say(message);
            isOver ||= confirms('first')(message);
          },
        };
      },
    ),
  },
];
