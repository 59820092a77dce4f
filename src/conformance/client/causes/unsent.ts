import { DIALECTS } from '../../../protocol/dialects.ts';
import type { Conversation } from '../../conversation/conversation.ts';
import type { AboutRun, ClientCause } from './cause.ts';
import { audioBytesOf, isLeft, type OpenPlay } from './open-plays.ts';

/** Sending less than this share of the recording in every scenario is reported: a client may stop a little early. */
const MOST = 0.75;
/** With only one play, the scenario itself may be the reason. */
const FEWEST_PLAYS = 2;

/** The cause if a client leaves part of its recording unsent wherever it could have sent all of it. */
export function unsentCause(
  open: readonly OpenPlay[],
  { dialect, recording }: AboutRun,
): readonly ClientCause[] {
  if (recording === undefined || DIALECTS[dialect].audio !== 'sent') return [];
  const shares = open
    .filter(({ sessions }) => sessions.every((session) => isLeft(session) && !hasFailed(session)))
    .map(({ sessions }) => sessions.reduce((sum, session) => sum + shareOf(session, recording), 0));
  const most = Math.max(0, ...shares);
  if (shares.length < FEWEST_PLAYS || most >= MOST || most === 0) return [];
  const percent = Math.max(1, Math.round(100 * most));
  return [
    {
      isReason: false,
      sentence: `The client sent at most ${percent} % of its recording (UNDERSTUDY_AUDIO) in each of the ${shares.length} scenarios that let it send all of it.`,
    },
  ];
}

function hasFailed({ heard }: Conversation): boolean {
  return heard.some(({ message }) => message.kind === 'error');
}

/** The share in time if the client has declared its format, otherwise in bytes. */
function shareOf(session: Conversation, recording: NonNullable<AboutRun['recording']>): number {
  const ms = session.moments.at(-1)?.audio.ms;
  return ms === undefined ? audioBytesOf(session) / recording.byteCount : ms / recording.durationMs;
}
