import { leavingOf } from './ending.ts';
import { killedMsOf, ownEndOf } from './program.ts';
import { isOfClient, reportsAbout, type SortedReports } from './reports-about.ts';
import { mayHaveCrossed } from './crossing.ts';
import { DIALECTS } from '../../../protocol/dialects.ts';
import type { Conversation, Heard, Moment } from '../../conversation/conversation.ts';
import { derived } from '../../conversation/derived.ts';
import { broken, held, unclear, type Occasion, type Play } from '../../judge/invariant.ts';
import { countWhile, inOrder, lastBefore } from '../../conversation/ordered.ts';
import { shown } from '../../text/shown.ts';
import { runningMs } from '../../judge/stalls-in-play.ts';
import { exceeds, reaches } from '../../judge/tolerances.ts';
import { othersOf, scenarioOf } from './other-plays.ts';

/**
 * What a client did after a message that must not disturb it. `there`: a second later it was still connected and
 * working. `fell`: before that it reported an error, or disappeared without a proper close. `left`: before that it
 * closed properly, or with a code of its own, as it may have intended anyway. `late`: it ended so later, and so soon that it may only then have read
 * the message. `hung`: it did nothing more, and its program was ended at its time limit. `unknown`: it did no work, or what
 * followed says nothing about the message.
 */
export interface Aftermath {
  readonly kind: 'there' | 'fell' | 'left' | 'late' | 'hung' | 'unknown';
  /** The event that shows it. */
  readonly at: Moment | undefined;
  /** A description for reports. */
  readonly told: string;
}

/** A client that is still there after this time has survived a message, in every dialect, if it ends well. */
const STAYS_MS = 1000;
/**
 * One that ends badly has survived it only after this time: on a busy machine a program that falls at a message may not
 * run for long before it reads it, and then before it falls, while what it had sent before is still being read.
 */
export const OUTLIVES_MS = 5000;
/** The runner asks a program to end, and kills it a second later. */
const ASKED_MS = 2000;
/** Leaving a page, and a close without a code, are also proper ends, though not documented ones. */
const ORDERLY: readonly number[] = [1000, 1001, 1005];
const UNKNOWN: Aftermath = { kind: 'unknown', at: undefined, told: 'nothing shows it' };
const HUNG: Aftermath = {
  kind: 'hung',
  at: undefined,
  told: 'it did nothing more, and had not ended at its time limit',
};

/**
 * @param reason the place where the client got another reason to end: an error, or the end by the server. Infinity if
 * there was none
 */
export function aftermathOf(
  conversation: Conversation,
  play: Play,
  message: Heard,
  reason = troubleOf(conversation),
): Aftermath {
  const { moments, end } = conversation;
  const { tolerances } = play;
  const reports = reportsAbout(conversation, play);
  const trouble = Math.min(reason, toldEndIn(conversation, reports));
  const exit = ownEndOf(play);
  const exitedMs = exit?.event.atMs ?? Infinity;
  if (message.event.atMs > exitedMs) return UNKNOWN;
  // What is read from a program that has ended was under way until then.
  const doneMs = ({ event }: Moment) => Math.min(event.atMs, exitedMs);
  const since = (moment: Moment) => doneMs(moment) - message.event.atMs;
  const isSoon = (moment: Moment) => !reaches(since(moment), STAYS_MS, tolerances);
  /** Whether it may have been under way when the client read the message: only running time counts for that. */
  const mayPrecede = (moment: Moment) => {
    return !reaches(runningMs(message.event.atMs, doneMs(moment), play), STAYS_MS, tolerances);
  };
  const isAfter = ({ index }: Moment) => index > message.index && index < trouble;
  const isBefore = ({ index }: Moment) => index <= message.index;
  const next = (lists: readonly (readonly Moment[])[], isPassed = isBefore) => {
    const found = lists.flatMap((list) => list[countWhile(list, isPassed)] ?? []);
    return inOrder(found.filter(isAfter))[0];
  };
  const failure = next(reports.map(({ failures }) => failures));
  if (failure !== undefined && !exceeds(since(failure), STAYS_MS, tolerances)) {
    return { kind: 'fell', at: failure, told: `an error: ${toldOf(failure)}` };
  }
  const left = leavingOf(conversation);
  if (left !== undefined && isAfter(left) && isSoon(left)) {
    const told = `${toldOf(left)}, ${Math.round(since(left))} ms after it`;
    return { kind: isOrderly(left) || isOwnCode(left) ? 'left' : 'fell', at: left, told };
  }
  const sign =
    next([signsOf(conversation)]) ??
    next(reports.map(({ signs }) => signs)) ??
    answerTo(conversation, message);
  if (sign === undefined && left?.event.kind === 'end' && isAfter(left)) {
    return { kind: 'fell', at: left, told: `it did nothing more, and ${toldOf(left)}` };
  }
  // Whatever it did soon after may have been under way before it read the message, as audio usually is.
  const isAsked = left !== undefined && left.event.atMs >= killedMsOf(play) - ASKED_MS;
  const latest = [signsOf(conversation), ...reports.map(({ signs }) => signs)].flatMap(
    (list) => list.findLast(({ index }) => !isAsked || index !== left.index) ?? [],
  );
  const isIdle = latest.every((each) => isBefore(each) || mayPrecede(each));
  const last = end ?? moments.at(-1);
  // What the server did in between is not a reason for the client to leave.
  const troubled = lastBefore(moments, trouble + 1);
  const isTroubled = troubled?.index === trouble && mayPrecede(troubled);
  const isOver = last === undefined || mayPrecede(last);
  const hasStayed = killedMsOf(play) !== Infinity && (left === undefined || isAsked);
  if (isIdle && !isOver && !isTroubled && hasStayed) return HUNG;
  if (!worksIn(conversation)) return UNKNOWN;
  // On a busy machine the end of a process is noticed late, so the time of its last action counts.
  if (left?.event.kind === 'end' && isAfter(left) && leavesEarly(conversation, play)) {
    const final = signsOf(conversation).at(-1);
    if (final === undefined || isSoon(final)) {
      const told = `it did nothing more after ${STAYS_MS} ms, and ${toldOf(left)}`;
      return { kind: 'fell', at: left, told };
    }
  }
  const isBad = !isAsked && endsBadly(conversation, play);
  const ended = failure ?? (isBad ? left : undefined) ?? unseenEnd(conversation, exit);
  if (ended !== undefined && isAfter(ended)) {
    const ranMs = runningMs(message.event.atMs, doneMs(ended), play);
    const told = `${toldOf(ended)}, ${Math.round(since(ended))} ms after it`;
    if (!reaches(ranMs, OUTLIVES_MS, tolerances)) return { kind: 'late', at: ended, told };
  }
  const later = next(
    reports.map(({ others }) => others),
    (report) => isBefore(report) || mayPrecede(report),
  );
  if (later !== undefined) return { kind: 'there', at: later, told: 'it goes on' };
  if (sign === undefined || isOver) return UNKNOWN;
  // It ended the connection itself, later than anything that may have been under way.
  if (left === undefined && isIdle) return UNKNOWN;
  if (isTroubled) return UNKNOWN;
  return { kind: 'there', at: sign, told: 'it goes on' };
}

/** What the aftermath of a message says about a requirement to survive it. */
export function* survived(
  conversation: Conversation,
  play: Play,
  message: Heard,
  aftermath: Aftermath,
  { expected, events, isPlain, isSurvivedElsewhere }: Surviving,
): Iterable<Occasion> {
  const { kind, at, told } = aftermath;
  const all = [...new Set([...events, ...(at === undefined ? [] : [at.index])])].sort((a, b) => a - b);
  if (kind === 'there') yield held(...all);
  if (kind === 'hung') yield unclear(all, expected, told);
  if (kind === 'late') yield unclear(all, expected, `it ended, perhaps because of it: ${told}`);
  if (kind === 'left' && !leavesEarly(conversation, play)) yield unclear(all, expected, `it left: ${told}`);
  else if (kind === 'left' || kind === 'fell') {
    const actual = kind === 'left' ? `it left before its audio was sent: ${told}` : `it failed: ${told}`;
    const usual = isPlain === undefined ? 'stays' : atPlainOnes(play, isPlain);
    if (usual === 'falls')
      yield unclear(all, expected, `${actual}, as it does after other messages of this kind`);
    else if (usual === 'unseen' && isSurvivedElsewhere === true) {
      yield unclear(all, expected, `${actual}; it had survived similar messages, but none of this kind`);
    } else yield broken(all, expected, actual);
  }
}

type IsPlain = (message: Heard, conversation: Conversation) => boolean;

interface Surviving {
  readonly expected: string;
  /** The message and the events that belong to it. */
  readonly events: readonly number[];
  /**
   * Whether another message is of the same kind without the part that should be survived: a client that fails there too
   * fails for another reason. Absent if there is no such message. Results are cached by this function.
   */
  readonly isPlain?: IsPlain;
  /** Whether the client has survived the same in a message of another kind. */
  readonly isSurvivedElsewhere?: boolean;
}

/** How the client reacts to plain messages of the same kind, in any play of the run: it falls if it never stays. */
function atPlainOnes(play: Play, isPlain: IsPlain): 'stays' | 'falls' | 'unseen' {
  return usualIn(isPlain)(othersOf(play));
}

const usualIn = derived((isPlain: IsPlain) =>
  derived((plays: readonly Play[]): 'stays' | 'falls' | 'unseen' => {
    let seen: 'falls' | 'unseen' = 'unseen';
    for (const play of plays) {
      for (const conversation of play.conversations) {
        for (const message of conversation.heard
          .filter((each) => isPlain(each, conversation))
          .slice(-MOST_PLAIN)) {
          const { kind } = aftermathOf(conversation, play, message, until(conversation, message, isPlain));
          if (kind === 'there') return 'stays';
          if (kind === 'fell' || kind === 'left' || kind === 'late') seen = 'falls';
        }
      }
    }
    return seen;
  }),
);

/**
 * The place up to which a plain message is the reason for what follows; the next message of its kind that is not plain
 * may be another reason.
 */
function until(conversation: Conversation, plain: Heard, isPlain: IsPlain): number {
  const next = conversation.heard.find((each) => {
    return (
      each.index > plain.index && each.message.kind === plain.message.kind && !isPlain(each, conversation)
    );
  });
  return Math.min(next?.index ?? Infinity, troubleOf(conversation));
}

/** The maximum number of messages per conversation that are checked. */
const MOST_PLAIN = 20;
/** A client that has sent less than this share of what it sends in the plain scenario has ended early. */
const SENT = 0.8;

/** Whether a client that closed properly here stays longer in the plain scenario. */
function leavesEarly(conversation: Conversation, play: Play): boolean {
  const control = controlOf(conversation, play);
  if (control === undefined) return false;
  const [own, usual] = [bytesIn(conversation), bytesIn(control)];
  if (usual > 0) return own < usual * SENT;
  // Without audio there, nothing shows how long a client stays that sends some here.
  return own === 0 && control.serverClose !== undefined && leavingOf(control) === undefined;
}

/** Whether a client ended its connection before its time, or in no proper way, and not so in the plain scenario. */
function endsBadly(conversation: Conversation, play: Play): boolean {
  if (leavesEarly(conversation, play)) return true;
  const control = controlOf(conversation, play);
  return !isOrderly(leavingOf(conversation)) && (control === undefined || isOrderly(leavingOf(control)));
}

/** Whether it is a proper close; so is none. */
function isOrderly(left: Moment | undefined): boolean {
  return left === undefined || (left.event.kind === 'close' && ORDERLY.includes(left.event.code));
}

/** Whether it is a close with a code whose meaning only the client knows (RFC 6455 §7.4.2), so that it need not be a failure. */
function isOwnCode({ event }: Moment): boolean {
  return event.kind === 'close' && event.code >= 4000 && event.code <= 4999;
}

/** The end of the program, if the end of its connection was not seen. */
function unseenEnd({ end, clientClose, serverClose }: Conversation, exit: Moment | undefined) {
  return end === undefined && clientClose === undefined && serverClose === undefined ? exit : undefined;
}

/** The same in the plain scenario. */
function controlOf({ dialect }: Conversation, play: Play): Conversation | undefined {
  const plain = plainIn(othersOf(play)).find((other) => other !== play);
  return plain?.conversations.find((each) => each.dialect === dialect);
}

const plainIn = derived((plays: readonly Play[]): readonly Play[] =>
  plays.filter((play) => scenarioOf(play) === 'happy-path'),
);

const bytesIn = derived(({ said }: Conversation): number =>
  said.reduce((sum, { message }) => sum + (message.kind === 'audio' ? message.byteCount : 0), 0),
);

/** In stream mode a client's work is reading; otherwise a client that never sends audio does no work. */
function worksIn(conversation: Conversation): boolean {
  const { dialect } = conversation;
  return (dialect !== undefined && DIALECTS[dialect].audio === 'fetched') || bytesIn(conversation) > 0;
}

/** A Close frame in answer to the server's shows that the client has read up to there. */
function answerTo({ clientClose, serverClose }: Conversation, message: Heard): Moment | undefined {
  if (clientClose === undefined || serverClose === undefined) return undefined;
  return serverClose.index > message.index && clientClose.index > serverClose.index ? clientClose : undefined;
}

/** The place of the first event that may be another reason for a client to end; Infinity if there is none. */
export const troubleOf = derived((conversation: Conversation): number => {
  const { heard, end, moments, serverClose, clientClose } = conversation;
  const isFirst = serverClose !== undefined && serverClose.index < (clientClose?.index ?? Infinity);
  const troubles = [
    heard.find(({ message: { kind } }) => kind === 'error' || kind === 'unreadable'),
    moments.find(({ event }) => event.kind === 'bytes' && event.from === 'server'),
    isFirst ? serverClose : undefined,
    end?.event.by === 'client' ? undefined : end,
  ];
  return Math.min(...troubles.map((each) => each?.index ?? Infinity));
});

/**
 * The place of a client's report of a failure that may be the end by the server: that is recorded once the connection is
 * gone, and a client may have reported it by then. Infinity if there is none.
 */
function toldEndIn({ end }: Conversation, reports: readonly SortedReports[]): number {
  if (end?.event.by !== 'server') return Infinity;
  const isLongBefore = ({ event }: Moment) => !mayHaveCrossed(event.atMs, end.event.atMs);
  const told = reports.flatMap(({ failures }) => failures[countWhile(failures, isLongBefore)] ?? []);
  return Math.min(...told.filter(({ index }) => index < end.index).map(({ index }) => index), Infinity);
}

/** What the client did, in order. */
const signsOf = derived(({ moments }: Conversation): readonly Moment[] => moments.filter(isOfClient));

function toldOf({ event }: Moment): string {
  if (event.kind === 'report') return shown(event.report);
  if (event.kind === 'close') return `Close ${event.code}`;
  if (event.kind === 'context') return 'its program ended';
  return event.kind === 'end' ? `the connection ended (${event.how})` : event.kind;
}
