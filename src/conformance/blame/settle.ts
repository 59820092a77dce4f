import { isSocket } from '../../protocol/dialects.ts';
import { derived } from '../conversation/derived.ts';
import type { Invariant, Occasion, Play } from '../judge/invariant.ts';
import { judgedLate } from '../judge/lateness.ts';
import { Blamed, blamedBy } from './blamed.ts';
import { basesOf, basesOfReadings } from './rests-on.ts';

/** The occasions of a requirement in a play, with each wrong message blamed on one cause. */
export type Settled = (id: string) => readonly Occasion[];

/**
 * Judges a play so that each wrong message is blamed once, by the most basic requirement that it breaks. A requirement
 * that rests on more basic ones (`rests-on.ts`) is judged again as if the messages blamed by those had not been sent. A
 * violation that remains then is reported. One that disappears, or an awaited message in whose place such a message
 * came, is `unclear` and names its cause. Only a finding that is itself reported can explain another, so no fault is
 * lost.
 * @param isAccepted says whether a finding is accepted as a deviation: then it causes nothing
 */
export function settledIn(
  play: Play,
  invariants: readonly Invariant[],
  isAccepted: (occasion: Occasion) => boolean = () => false,
): Settled {
  const settled = new Map<string, readonly Occasion[]>();
  const judges = judgesOf(invariants);
  const judged = (id: string, as: Play) => {
    const judge = judges.get(id);
    return judge === undefined ? [] : judgedLate(judge, as, play);
  };
  const blamedFor = (bases: readonly string[]): Blamed => {
    const blamed = new Blamed(play);
    for (const base of bases) {
      const causes = settle(base).filter((each) => isCause(each) && !isAccepted(each));
      for (const cause of causes) for (const index of blamedBy(cause, play)) blamed.add(index, base);
    }
    return blamed;
  };
  const settle = (id: string): readonly Occasion[] => {
    const known = settled.get(id);
    if (known !== undefined) return known;
    let occasions: readonly Occasion[] = judged(id, play);
    // Of requirements that were met, only a reading may come from a wrong message.
    if (occasions.some((each) => isFinding(each) || each.reading !== undefined)) {
      const blamed = blamedFor(basesOf(id));
      if (!blamed.isEmpty) occasions = explained(occasions, judged(id, without(play, blamed)), blamed, play);
    }
    settled.set(id, occasions);
    return occasions;
  };
  return (id) => {
    const occasions = settle(id);
    if (!occasions.some(({ reading }) => reading !== undefined)) return occasions;
    const blamed = blamedFor(basesOfReadings(id));
    const isWrong = ({ events }: Occasion) => events.some((index) => blamed.has(index));
    return blamed.isEmpty
      ? occasions
      : occasions.map((each) => (isWrong(each) ? withoutReading(each) : each));
  };
}

/** A run has hundreds of plays, and all of them are judged by the same invariants. */
const judgesOf = derived(
  (invariants: readonly Invariant[]): ReadonlyMap<string, Invariant['judge']> =>
    new Map(invariants.map(({ id, judge }) => [id, judge])),
);

function isFinding({ outcome }: Occasion): boolean {
  return outcome === 'broken' || outcome === 'doubtful';
}

/** A legitimate reading of the documents causes nothing, and the server is not blamed for what the client did. */
function isCause({ outcome, reading, by }: Occasion): boolean {
  return by !== 'client' && (outcome === 'broken' || (outcome === 'doubtful' && reading === undefined));
}

/** The play as if the blamed events had not come: messages, and calls with blamed answers. */
function without(play: Play, blamed: Blamed): Play {
  const conversations = play.conversations.flatMap((each) => {
    const { dialect, response, heard } = each;
    if (dialect !== undefined && !isSocket(dialect)) return blamed.has(response?.index) ? [] : [each];
    if (!heard.some(({ index }) => blamed.has(index))) return [each];
    return [{ ...each, heard: heard.filter(({ index }) => !blamed.has(index)) }];
  });
  return { ...play, conversations };
}

function explained(
  occasions: readonly Occasion[],
  again: readonly Occasion[],
  blamed: Blamed,
  play: Play,
): readonly Occasion[] {
  const standing = new Set(again.filter(isFinding).map((each) => keyOf(each, play)));
  const readings = new Set(again.map(({ reading }) => reading));
  return occasions.map((occasion) => {
    const { reading, awaited } = occasion;
    if (!isFinding(occasion)) return readings.has(reading) ? occasion : withoutReading(occasion);
    const own = blamedBy(occasion, play);
    const isTold = own.length > 0 && own.every((index) => blamed.has(index));
    const instead = awaited
      ?.map((window) => blamed.lastBetween(...window))
      .find((cause) => cause !== undefined);
    if (!isTold && instead === undefined && standing.has(keyOf(occasion, play))) return occasion;
    const cause = instead ?? blamed.causeOf(occasion);
    return cause === undefined ? occasion : { ...withoutReading(occasion), outcome: 'unclear', cause };
  });
}

/** The event that shows a finding. It identifies the finding, whatever it was compared with. */
function keyOf(occasion: Occasion, play: Play): number {
  const own = blamedBy(occasion, play);
  return (own.length > 0 ? own : occasion.events).reduce((last, index) => Math.max(last, index), -1);
}

function withoutReading({ reading: _, ...rest }: Occasion): Occasion {
  return rest;
}
