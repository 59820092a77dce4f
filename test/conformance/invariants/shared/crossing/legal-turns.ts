import type { TraceEvent } from '../../../../../src/wire/trace.ts';
import { events, request, response } from '../../../play.ts';
import { candidate, END, FLUSH, GOES_ON, PATH, START } from '../../reson8-turns/cases/session.ts';
import { hasHeard, hearing, leave, pause, PAUSE_MS } from './hearing.ts';

/** What happens next at the server: it reads something from the client, or sends something by itself. */
export const TURN_HAPPENINGS = [
  'speech',
  'more speech',
  'silence',
  'long silence',
  'start',
  'candidate',
  'continuation',
  'end',
  'flush',
  'pause',
  'leave',
] as const;

type Happening = (typeof TURN_HAPPENINGS)[number];

/** A way in which a server of turns may behave. */
export interface TurnHabits {
  readonly hasTimes: boolean;
  /** A flush with nothing buffered gets a turn without words. */
  readonly answersEmptyFlushes: boolean;
  /** It leaves after a long silence, and otherwise only when nothing comes. */
  readonly leavesSilence: boolean;
  /** It leaves a client that sends no audio for a long time, whatever else it sends. */
  readonly countsAudioOnly: boolean;
}

/** A conversation with a conforming server of turns as that server sees it: everything is answered when it is read. */
export function legalTurns(happenings: readonly Happening[], habits: TurnHabits): readonly TraceEvent[] {
  const { hasTimes, answersEmptyFlushes, leavesSilence, countsAudioOnly } = habits;
  const server = hearing(request(hasTimes ? `${PATH}?include_timestamps=true` : PATH), response(101));
  const { facts } = server;
  const turn = { isOpen: false, isCandidate: false };
  const start = () => {
    facts.push(START);
    turn.isOpen = true;
  };
  const propose = (text = 'one two three') => {
    const times = hasTimes && text !== '' ? { start_ms: server.startMs, duration_ms: server.speechMs } : {};
    facts.push(candidate(text, times));
    turn.isCandidate = true;
  };
  const goOn = () => {
    facts.push(GOES_ON);
    turn.isCandidate = false;
  };
  const end = () => {
    facts.push(END);
    [turn.isOpen, turn.isCandidate, server.speechMs] = [false, false, 0];
  };
  const finish = (text?: string) => {
    if (!turn.isOpen) start();
    if (!turn.isCandidate) propose(text);
    end();
  };
  for (const [i, happening] of happenings.entries()) {
    const isEmpty = !turn.isOpen && server.speechMs === 0;
    if (hasHeard(server, happening)) continue;
    switch (happening) {
      case 'start':
        if (!turn.isOpen && !isEmpty) start();
        break;
      case 'candidate':
        if (turn.isOpen) propose();
        break;
      case 'continuation':
        if (turn.isCandidate) goOn();
        break;
      case 'end':
        if (turn.isCandidate) end();
        break;
      case 'flush':
        facts.push(FLUSH);
        if (!isEmpty) finish();
        else if (answersEmptyFlushes) finish('');
        break;
      case 'pause':
        pause(server);
        break;
      case 'leave':
        if (!isEmpty || (leavesSilence && server.silentMs < PAUSE_MS)) break;
        if (!leavesSilence && (!countsAudioOnly || server.idleMs < PAUSE_MS)) pause(server);
        return leave(server, happenings.slice(i + 1), FLUSH);
    }
  }
  return events(facts);
}
