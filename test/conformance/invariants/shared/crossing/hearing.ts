import type { TraceEvent, TraceFact } from '../../../../../src/wire/trace.ts';
import { at, audio, close, events, SILENCE, SPEECH } from '../../../play.ts';

/** A conversation as recorded at the server, and what the server has heard so far. */
export interface Hearing {
  readonly facts: (TraceFact & { readonly afterMs?: number })[];
  content: 'speech' | 'silence';
  sentMs: number;
  /** Speech that has not been recognised yet, and where it began. */
  speechMs: number;
  startMs: number;
  /** The silence at the end. */
  silentMs: number;
  /** How long nothing was heard at all. */
  idleMs: number;
}

/** Long enough for a server to leave a client that sends nothing. */
export const PAUSE_MS = 6000;

/** A conversation that begins with these facts, with audio that is speech. */
export function hearing(...opening: readonly TraceFact[]): Hearing {
  const facts = [...opening, SPEECH];
  return { facts, content: 'speech', sentMs: 0, speechMs: 0, startMs: 0, silentMs: 0, idleMs: 0 };
}

/** What a client may do next. */
const SOUNDS = {
  speech: ['speech', 1200],
  'more speech': ['speech', 2400],
  silence: ['silence', 1200],
  'long silence': ['silence', PAUSE_MS],
} as const;

/** Takes in what happens, if it is audio. */
export function hasHeard<Happening extends string>(
  server: Hearing,
  happening: Happening,
): happening is Extract<Happening, keyof typeof SOUNDS> {
  if (!Object.hasOwn(SOUNDS, happening)) return false;
  const [content, ms] = SOUNDS[happening as keyof typeof SOUNDS];
  hear(server, content, ms);
  return true;
}

function hear(server: Hearing, content: Hearing['content'], ms: number): void {
  if (server.content !== content) server.facts.push(content === 'speech' ? SPEECH : SILENCE);
  server.content = content;
  if (content === 'speech' && server.speechMs === 0) server.startMs = server.sentMs;
  server.facts.push(audio(ms));
  server.sentMs += ms;
  server.idleMs = 0;
  server.silentMs = content === 'silence' ? server.silentMs + ms : 0;
  if (content === 'speech') server.speechMs += ms;
}

export function pause(server: Hearing): void {
  server.facts.push(at(PAUSE_MS, { kind: 'note', message: 'nothing happens' }));
  server.idleMs += PAUSE_MS;
}

/** The server leaves, and never reads what is still on its way: flushes and speech. */
export function leave(server: Hearing, later: readonly string[], flush: TraceFact): readonly TraceEvent[] {
  server.facts.push(close('server'));
  for (const happening of later) {
    if (happening === 'more speech') hasHeard(server, happening);
    if (happening === 'flush') server.facts.push(flush);
  }
  // The client's Close frame answers the server's, however late that comes.
  server.facts.push(at(1000, close('client')), { kind: 'end', by: 'server', how: 'close', code: 1000 });
  return events(server.facts);
}
