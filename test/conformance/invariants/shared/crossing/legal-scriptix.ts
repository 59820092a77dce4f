import type { TraceEvent } from '../../../../../src/wire/trace.ts';
import { close, context, events, heard, request, response, said } from '../../../play.ts';
import { end, final, MICROPHONE_URL, partial, STREAM_URL } from '../../scriptix/cases/case.ts';
import { hasHeard, hearing, leave, pause, type Hearing } from './hearing.ts';

/** What happens next at the server: it reads something from the client, or sends something by itself. */
export const SCRIPTIX_HAPPENINGS = [
  'speech',
  'more speech',
  'silence',
  'partial',
  'final',
  'pause',
  'stop',
  'error',
  'hang up',
  'leave',
] as const;

type Happening = (typeof SCRIPTIX_HAPPENINGS)[number];

/** A way in which a server may behave. */
export interface ScriptixHabits {
  /** In stream mode it fetches its audio, which the trace does not show. */
  readonly isStream: boolean;
  /** When it sends the state loading. In the later editions it sends that to every client that connects, if at all. */
  readonly loads: 'at once' | 'when started' | 'never';
  readonly edition: 'documents' | 'examples';
  readonly listens: boolean;
  /** A7: word times count from the beginning of the stream. */
  readonly isAbsolute: boolean;
  /** A4: the offset moves with the words. */
  readonly isAdvancing: boolean;
  /** Whether all words are the same. */
  readonly isRepetitive: boolean;
}

const LOADING = heard({ state: 'loading' });
const LISTENING = heard({ state: 'listening', session_id: 'abc' });
const WORD_MS = 200;
const SENTENCES = ['yes I would', 'please hold the line', 'yes I would like that', 'please hold the line'];

/** A conversation with a conforming server of Scriptix as that server sees it: everything is answered when it is read. */
export function legalScriptix(
  happenings: readonly Happening[],
  habits: ScriptixHabits,
): readonly TraceEvent[] {
  const { isStream } = habits;
  const server = isStream ? fetching() : hearing(...opening(habits));
  const { facts } = server;
  if (isStream) facts.push(LISTENING);
  const { partly, finish } = saying(server, habits);
  // Within 15 s it sends something.
  const isMute = () => facts.every((fact) => !('from' in fact) || fact.from === 'client' || fact === LOADING);
  for (const [i, happening] of happenings.entries()) {
    if (isStream && isAudio(happening)) {
      // The server fetches the audio.
      if (happening !== 'silence') server.speechMs += 1200;
      continue;
    }
    if (hasHeard(server, happening)) continue;
    switch (happening) {
      case 'partial':
        partly();
        break;
      case 'final':
        finish();
        break;
      case 'pause':
        if (isMute()) facts.push(LISTENING);
        finish();
        pause(server);
        break;
      case 'stop':
        if (isStream) break;
        facts.push(said({ action: 'stop' }));
        finish();
        facts.push(heard({ state: 'stopped' }));
        return leave(server, [], said({ action: 'stop' }));
      case 'error':
        facts.push(heard({ error: 'no more' }));
        return leave(server, isStream ? [] : happenings.slice(i + 1), said({ action: 'stop' }));
      case 'hang up':
        // Messages that it sent before it read this reach a client that is closing.
        facts.push(close('client'), close('server'), end('client'));
        return events(facts);
      case 'leave':
        if (isMute()) facts.push(LISTENING);
        finish();
        pause(server);
        return leave(server, isStream ? [] : happenings.slice(i + 1), said({ action: 'stop' }));
    }
  }
  return events(facts);
}

function opening({ loads, edition, listens }: ScriptixHabits) {
  const isLate = loads === 'when started' && edition === 'documents';
  return [
    context({ edition, dialect: 'scriptix' }),
    request(MICROPHONE_URL),
    response(101),
    ...(loads === 'at once' ? [LOADING] : []),
    said({ action: 'start' }),
    ...(isLate ? [LOADING] : []),
    ...(listens || edition === 'examples' ? [LISTENING] : []),
  ];
}

/** Neither the source behind the URL nor the token is known: either may be bad. */
function fetching(): Hearing {
  return hearing(request(STREAM_URL), response(101));
}

function isAudio(happening: Happening): boolean {
  return happening === 'speech' || happening === 'more speech' || happening === 'silence';
}

/** What it sends about the speech that it has heard since the last final. */
function saying(server: Hearing, { isStream, isAbsolute, isAdvancing, isRepetitive }: ScriptixHabits) {
  const { facts } = server;
  let finals = 0;
  let partials = 0;
  let fetchedMs = 0;
  const startMs = () => (isStream ? fetchedMs : server.startMs);
  const sentence = () => SENTENCES[isRepetitive ? 1 : finals % SENTENCES.length] ?? '';
  const offsetOf = (count: number) => startMs() + (isAdvancing ? (count - 1) * WORD_MS : 0);
  const partly = () => {
    if (server.speechMs === 0) return;
    const words = sentence().split(' ');
    partials = Math.min(partials + 1, words.length);
    facts.push(partial(words.slice(0, partials).join(' '), offsetOf(partials)));
  };
  const finish = () => {
    if (server.speechMs === 0) return;
    // The first results of a segment are partials.
    if (partials === 0) partly();
    const count = sentence().split(' ').length;
    facts.push(final(sentence(), offsetOf(count), {}, isAbsolute ? startMs() : 0));
    fetchedMs += server.speechMs;
    finals += 1;
    [server.speechMs, partials] = [0, 0];
  };
  return { partly, finish };
}
