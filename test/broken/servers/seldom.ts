import type { Verdict } from '../../../src/conformance/judge/result.ts';
import { isConfirmation, isTranscript, onEach } from '../harness/changes.ts';
import type { Fields, Mutation } from '../harness/mutation.ts';

/** A server with a fault in one connection of its life, so that no repetition shows it again. */
export interface Seldom {
  readonly id: string;
  readonly breaks: string;
  readonly verdict: Verdict;
  readonly because: string;
  readonly mutation: Mutation;
}

/** Changes such messages, or leaves them out, in the first connection that has any, and in no other. */
function once(
  isMeant: (message: Fields) => boolean,
  change: (message: Fields) => Fields | undefined,
): Mutation {
  let isDone = false;
  return onEach(
    () => true,
    () => {
      let isHere = false;
      return {
        onSaid(message, line) {
          if (!isMeant(message)) return line.say(message);
          isHere ||= !isDone;
          isDone = true;
          const said = isHere ? change(message) : message;
          if (said !== undefined) line.say(said);
        },
      };
    },
  );
}

export const SELDOM: readonly Seldom[] = [
  {
    id: 'R8-FL-002',
    breaks: 'leaves out the confirmations of one connection',
    verdict: 'inconclusive',
    because: 'they may have been late',
    mutation: once(isConfirmation, () => undefined),
  },
  {
    id: 'R8-TR-001',
    breaks: 'has numbers as text in one connection',
    verdict: 'fail',
    because: 'a message in the trace is proof',
    mutation: once(isTranscript, (message) => ({ ...message, text: 7 })),
  },
];
