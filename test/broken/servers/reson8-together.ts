import type { Broken } from '../harness/broken.ts';
import { heardAs, isConfirmation, isTranscript, onEach } from '../harness/changes.ts';
import type { Fields, Line, Mutation } from '../harness/mutation.ts';

/** Flushes that come within this time of the first one are simultaneous. */
const AT_ONCE_MS = 20;
/** Their ids in the probe with several simultaneous flushes and no more parameters than here. */
const NAMES: readonly unknown[] = ['first', 'second', 'third'];

interface Member {
  readonly line: Line;
  /** What the fake has sent since its flush. */
  readonly held: Fields[];
}

interface Group {
  readonly members: Member[];
  /** Whether no other flush can join. */
  isClosed: boolean;
}

/** Simultaneous flushes get their results together, and each message is changed depending on what the others get. */
function mixingUp(change: (own: Fields, others: readonly Fields[]) => Fields): () => Mutation {
  return () => {
    let open: Group | undefined;
    const join = (line: Line, goOn: (group: Group) => void): Group => {
      if (open !== undefined) return open;
      const group: Group = { members: [], isClosed: false };
      open = group;
      line.later(AT_ONCE_MS, () => {
        group.isClosed = true;
        open = undefined;
        goOn(group);
      });
      return group;
    };
    return onEach(
      ({ query }) => query.size <= 1,
      () => {
        let group: Group | undefined;
        let own: Member | undefined;
        return {
          onHeard(message, line) {
            if (NAMES.includes(heardAs(message)['id'])) {
              group = join(line, release);
              own = { line, held: [] };
              group.members.push(own);
            }
            line.hear(message);
          },
          onSaid(message, line) {
            if (own === undefined || group === undefined) return line.say(message);
            own.held.push(message);
            const its = group;
            if (isConfirmation(message)) [group, own] = [undefined, undefined];
            release(its);
          },
        };
      },
    );
  };

  function release({ members, isClosed }: Group): void {
    if (!isClosed || !members.every(({ held }) => held.some(isConfirmation))) return;
    for (const { line, held } of members) {
      const others = members.filter((each) => each.line !== line).flatMap((each) => each.held);
      for (const message of held) line.say(change(message, others));
    }
  }
}

/** Sessions that ask for their results at the same moment (S4:69-76, S4:120-127). */
export const reson8Together: readonly Broken[] = [
  {
    id: 'R8-ISO-001',
    dialect: 'reson8',
    breaks: 'swaps the transcripts of two clients that flush within 20 ms of each other',
    mutation: mixingUp((own, others) => {
      const other = isTranscript(own) ? others.find(isTranscript) : undefined;
      return other === undefined ? own : { ...own, text: other['text'] };
    }),
  },
  {
    id: 'R8-FL-003',
    dialect: 'reson8',
    breaks: 'swaps the confirmations of clients that flush within 20 ms of each other',
    mutation: mixingUp((own, others) => {
      const other = isConfirmation(own) ? others.find(isConfirmation) : undefined;
      return other === undefined ? own : { ...own, id: other['id'] };
    }),
  },
];
