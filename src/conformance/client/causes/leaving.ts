import { DIALECTS } from '../../../protocol/dialects.ts';
import type { Conversation } from '../../conversation/conversation.ts';
import { mostCommon, ofScenarios, type AboutRun, type ClientCause } from './cause.ts';
import { audioBytesOf, isLeft, type OpenPlay } from './open-plays.ts';

const FEWEST_PLAYS = 2;

/** The cause if a client never does its work: it sends no audio, or waits for no result of a stream. */
export function leavingCause(
  open: readonly OpenPlay[],
  { dialect }: AboutRun,
  playCount: number,
): readonly ClientCause[] {
  const { audio } = DIALECTS[dialect];
  if (audio === undefined) return [];
  const sends = audio === 'sent';
  // In stream mode, only a client that ended the session itself has waited too little.
  const own = sends
    ? open
    : open.filter(({ sessions }) => sessions.some((each) => isLeft(each) || hasResults(each)));
  const isIdle = (session: Conversation) =>
    sends ? audioBytesOf(session) === 0 : isLeft(session) && !hasResults(session);
  // With only one play, the scenario itself may be the reason.
  if (own.length < Math.max(FEWEST_PLAYS, playCount / 2)) return [];
  if (!own.every(({ sessions }) => sessions.every(isIdle))) return [];
  const what = sends ? 'sent no audio' : 'waited for no result';
  const left = own.flatMap(({ sessions }) => {
    const last = sessions.findLast(isLeft);
    return last === undefined ? [] : [lastHeard(last)];
  });
  const { value, count } = mostCommon(left);
  const where = ofScenarios(own.length, playCount);
  const sentence =
    count === 0
      ? `The client ${what} in ${where}.`
      : count === own.length
        ? `The client closed after ${value} in ${where} and ${what}.`
        : `The client ${what} in ${where}; it closed after ${value} in ${count} of them.`;
  return [{ sentence, isReason: true }];
}

/** Whether results came before it left. */
function hasResults(session: Conversation): boolean {
  const left = leftAt(session);
  return session.heard.some(
    ({ index, message: { kind } }) => index < left && (kind === 'partial' || kind === 'final'),
  );
}

function leftAt({ clientClose, end }: Conversation): number {
  return (clientClose ?? end)?.index ?? Infinity;
}

const LONGEST_STATE = 40;

/** The last thing that the client received before it left. */
function lastHeard(session: Conversation): string {
  const left = leftAt(session);
  const last = session.heard.findLast(({ index }) => index < left)?.message;
  if (last === undefined) return 'the upgrade';
  switch (last.kind) {
    case 'state': {
      const state = last.fields['state'];
      return typeof state === 'string' ? `\`${state.slice(0, LONGEST_STATE)}\`` : 'a state';
    }
    case 'partial':
    case 'final':
    case 'turn_end_candidate':
      return 'a result';
    case 'error':
      return 'an error';
    case 'confirmation':
      return 'a confirmation';
    default:
      return 'a message';
  }
}
