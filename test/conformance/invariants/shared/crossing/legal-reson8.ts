import type { TraceEvent, TraceFact } from '../../../../../src/wire/trace.ts';
import { events } from '../../../play.ts';
import { confirmed, flush, switched, transcript, upgrade } from '../../reson8/cases/building.ts';
import { hasHeard, hearing, leave, pause, PAUSE_MS } from './hearing.ts';

/** What happens next at the server: it reads something from the client, or sends something by itself. */
export const HAPPENINGS = [
  'speech',
  'more speech',
  'silence',
  'interim',
  'final',
  'flush',
  'flush with an id',
  'confirmation',
  'pause',
  'leave',
] as const;

type Happening = (typeof HAPPENINGS)[number];

/** A way in which a server may behave. */
export interface Habits {
  readonly hasInterims: boolean;
  readonly hasTimes: boolean;
  /** A17: a flush with nothing buffered gets an empty transcript. */
  readonly answersEmptyFlushes: boolean;
  /** It returns what was buffered at once, and confirms the flush later. */
  readonly confirmsLate: boolean;
  /** Whether all words are the same. */
  readonly isRepetitive: boolean;
  /** It leaves a client that sends no audio for a long time, whatever else it sends. */
  readonly countsAudioOnly: boolean;
}

const SENTENCES = ['yes I would', 'please hold the line', 'yes I would like that', 'please hold the line'];

/** A conversation with a conforming server of Reson8 as that server sees it: everything is answered when it is read. */
export function legalReson8(happenings: readonly Happening[], habits: Habits): readonly TraceEvent[] {
  const { hasInterims, hasTimes, answersEmptyFlushes, confirmsLate, isRepetitive, countsAudioOnly } = habits;
  const query = [
    ...(hasInterims ? ['include_interim=true'] : []),
    ...(hasTimes ? ['include_timestamps=true'] : []),
  ];
  const server = hearing(upgrade(query.join('&')), switched());
  const { facts } = server;
  const pending: TraceFact[] = [];
  let finals = 0;
  const say = (text: string, isFinal: boolean) => {
    const times = { start_ms: server.startMs, duration_ms: text === '' ? 0 : server.speechMs };
    facts.push(
      transcript(text, { ...(hasInterims ? { is_final: isFinal } : {}), ...(hasTimes ? times : {}) }),
    );
  };
  const sentence = () => SENTENCES[isRepetitive ? 1 : finals % SENTENCES.length] ?? '';
  const finish = () => {
    if (server.speechMs === 0) return;
    say(sentence(), true);
    finals += 1;
    server.speechMs = 0;
  };
  for (const [i, happening] of happenings.entries()) {
    if (hasHeard(server, happening)) continue;
    switch (happening) {
      case 'interim':
        if (hasInterims && server.speechMs > 0) say(sentence(), false);
        break;
      case 'final':
        finish();
        break;
      case 'flush':
      case 'flush with an id': {
        const id = happening === 'flush' ? undefined : `id ${i}`;
        facts.push(flush(id));
        if (server.speechMs === 0 && answersEmptyFlushes) say('', true);
        finish();
        pending.push(confirmed(id ?? null));
        if (!confirmsLate) facts.push(...pending.splice(0));
        break;
      }
      case 'confirmation':
        facts.push(...pending.splice(0, 1));
        break;
      case 'pause':
        // Recognised words do not wait this long.
        finish();
        facts.push(...pending.splice(0));
        pause(server);
        break;
      case 'leave':
        finish();
        facts.push(...pending.splice(0));
        if (!countsAudioOnly || server.idleMs < PAUSE_MS) pause(server);
        return leave(server, happenings.slice(i + 1), flush());
    }
  }
  return events(facts);
}
