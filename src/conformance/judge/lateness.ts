import { grouped } from '../../runtime/grouped.ts';
import type { TraceEvent } from '../../wire/trace.ts';
import type { Conversation, Moment } from '../conversation/conversation.ts';
import { derived } from '../conversation/derived.ts';
import { countWhile } from '../conversation/ordered.ts';
import { gathered } from './gathered.ts';
import type { Invariant, Occasion, Play } from './invariant.ts';
import { leftInStall } from './left-in-stall.ts';
import type { NotedStall } from './stall-notes.ts';
import { stallsIn } from './stalls-in-play.ts';
import { isReadIn, lateUntilMs } from './tolerances.ts';

/** Each possibility costs another judgement, so the most promising come first. */
const MOST_POSSIBILITIES = 20;

/** What may have happened earlier: what was read in or just after a stall. */
interface Possibility {
  readonly stall: NotedStall;
  /** The index of the first event that stays where it is; Infinity if all move. */
  readonly before: number;
  /**
   * Whether the observer's own acts move, too: they are dated exactly, but what it had not read when it acted may have
   * been there. This matters only where something did not come.
   */
  readonly areOwnMoved: boolean;
}

/**
 * Judges a requirement in a play, allowing for stalls, in which the observer itself did nothing and read late. A finding
 * that disappears if those events are taken to have come earlier is undecided. So a finding stands only if it holds
 * wherever in a stall the events really happened that are dated by its end; a stall elsewhere changes no measured time,
 * and so no verdict. Nor does one stand about a connection that a peer ended while the observer stood still, if it would
 * be none without what came from the beginning of the stall. Other plays are taken as they were recorded.
 *
 * @param whole the play as it was recorded, if something was left out of this one
 */
export function judgedLate(judge: Invariant['judge'], play: Play, whole = play): readonly Occasion[] {
  const occasions = gathered(judge(play), whole);
  const findings = occasions.filter(isFinding);
  if (findings.length === 0) return occasions;
  const undone = new Map<Occasion, Explanation>();
  const undo = (open: readonly Occasion[], instead: () => Play, explanation: Explanation) => {
    if (open.length === 0) return;
    const standing = new Set([...judge(instead())].filter(isFinding).flatMap(({ events }) => events));
    for (const finding of open) {
      if (!finding.events.some((index) => standing.has(index))) undone.set(finding, explanation);
    }
  };
  for (const possibility of possibilitiesIn(play, findings)) {
    const open = findings.filter((finding) => {
      return !undone.has(finding) && (!possibility.areOwnMoved || finding.awaited !== undefined);
    });
    undo(open, () => earlier(play, possibility), { stall: possibility.stall, why: READ_LATE });
  }
  for (const { stall } of longestFirst(stallsIn(play)).slice(0, MOST_POSSIBILITIES)) {
    const left = leftInStall(play, stall);
    if (left === undefined) continue;
    const open = findings.filter((finding) => !undone.has(finding) && left.concerns(finding));
    undo(open, () => left.play, { stall, why: TAKEN_FOR_GONE });
  }
  return occasions.map((occasion) => {
    const explanation = undone.get(occasion);
    return explanation === undefined ? occasion : undecided(occasion, explanation, play);
  });
}

/** The stall because of which a finding may be none, and in which way. */
interface Explanation {
  readonly stall: NotedStall;
  readonly why: string;
}

const READ_LATE = 'and may have seen that much too late what it measured';
const TAKEN_FOR_GONE = 'and may have been taken for gone';

function isFinding({ outcome }: Occasion): boolean {
  return outcome === 'broken' || outcome === 'doubtful';
}

function undecided(
  { expected = '', actual = '', events }: Occasion,
  { stall, why }: Explanation,
  play: Play,
): Occasion {
  const lateMs = Math.round(stall.untilMs - stall.fromMs);
  const proof = stallsIn(play).find((noted) => noted.stall === stall)?.indexes ?? [];
  return {
    outcome: 'unclear',
    events: [...new Set([...events, ...proof.slice(0, 1)])].sort((a, b) => a - b),
    expected,
    actual: `${actual}; but the runner did nothing for ${lateMs} ms then, ${why}`,
  };
}

/** The times of events by their index. */
const timesIn = derived(({ conversations }: Play) => {
  return new Map(
    conversations.flatMap(({ moments }) => moments.map(({ index, event }) => [index, event.atMs] as const)),
  );
});

/** An event of a finding. */
interface Mark {
  readonly finding: Occasion;
  readonly index: number;
  readonly atMs: number;
}

/** The events of findings in order of time. */
function marksOf(findings: readonly Occasion[], times: ReadonlyMap<number, number>): readonly Mark[] {
  return findings
    .flatMap((finding) =>
      finding.events.flatMap((index) => {
        const atMs = times.get(index);
        return atMs === undefined ? [] : [{ finding, index, atMs }];
      }),
    )
    .sort((a, b) => a.atMs - b.atMs);
}

function possibilitiesIn(play: Play, findings: readonly Occasion[]): readonly Possibility[] {
  const stalls = stallsIn(play);
  if (stalls.length === 0) return [];
  const marks = marksOf(findings, timesIn(play));
  const near: Possibility[] = [];
  const far: Possibility[] = [];
  for (const { stall } of stalls) {
    const within = marks.slice(
      countWhile(marks, ({ atMs }) => atMs <= stall.fromMs),
      countWhile(marks, ({ atMs }) => atMs <= lateUntilMs(stall, play.tolerances)),
    );
    /** The last events of findings in which several were read late: perhaps all came earlier except this one. */
    const ends = [...grouped(within, ({ finding }) => finding).values()].flatMap((both) =>
      both.length > 1 ? (both.at(-1)?.index ?? []) : [],
    );
    const each = within.length > 0 ? near : far;
    for (const areOwnMoved of [false, true]) each.push({ stall, before: Infinity, areOwnMoved });
    for (const before of new Set(ends)) near.push({ stall, before, areOwnMoved: false });
  }
  return [...longestFirst(near), ...longestFirst(far)].slice(0, MOST_POSSIBILITIES);
}

function longestFirst<Some extends { readonly stall: NotedStall }>(some: readonly Some[]): readonly Some[] {
  const lengthOf = ({ stall }: Some) => stall.untilMs - stall.fromMs;
  return [...some].sort((a, b) => lengthOf(b) - lengthOf(a));
}

/** Whether the observer read it, and did not do it itself. */
function isRead(event: TraceEvent, { readFrom }: NotedStall): boolean {
  switch (event.kind) {
    case 'request':
    case 'report':
      return readFrom === 'client';
    case 'response':
      return readFrom === 'server';
    case 'end':
      return event.by === undefined || event.by === readFrom;
    case 'context':
    case 'note':
      return false;
    default:
      return event.from === readFrom;
  }
}

/** The play as if what was read late had been read at the beginning of the stall. */
function earlier(play: Play, { stall, before, areOwnMoved }: Possibility): Play {
  const moved = <Some extends Moment>(moment: Some): Some => {
    const { event, index } = moment;
    const isMoved = index < before && (areOwnMoved || isRead(event, stall));
    if (!isMoved || !isReadIn(stall, event.atMs, play.tolerances)) return moment;
    return { ...moment, event: { ...event, atMs: stall.fromMs } };
  };
  const movedIn = (conversation: Conversation): Conversation => {
    const { moments, heard, said, request, response, serverClose, clientClose, end } = conversation;
    return {
      ...conversation,
      moments: moments.map(moved),
      heard: heard.map(moved),
      said: said.map(moved),
      request: request && moved(request),
      response: response && moved(response),
      serverClose: serverClose && moved(serverClose),
      clientClose: clientClose && moved(clientClose),
      end: end && moved(end),
    };
  };
  return { ...play, conversations: play.conversations.map(movedIn) };
}
