import { vendorOfLife } from '../../protocol/dialects.ts';
import { numberOf, type Journal } from '../journal/journal.ts';
import type { SessionLog } from '../journal/session-log.ts';
import type { Happening, Session } from '../open-session.ts';
import { fits, type SessionFilter } from '../session-filter.ts';

/** A connection as the control API shows it. Without a log, only what is known of an open connection. */
export function describeSession(
  session: Session,
  log: SessionLog | undefined,
): Readonly<Record<string, unknown>> {
  const { id, life, edition, language, scenario, isOpen, closeCode, audioMs, results } = session;
  // One literal, since a thousand of them may be in an answer. JSON leaves out what is undefined.
  return {
    id,
    dialect: vendorOfLife(life),
    life,
    edition,
    language: language === undefined ? undefined : log?.shownLanguage(language),
    scenario,
    isOpen,
    closeCode,
    audioMs,
    results,
    received: {
      start: session.count('start'),
      audio: session.count('audio'),
      flush: session.count('flush'),
      stop: session.count('stop'),
      close: session.count('close'),
      frame: session.count('frame'),
      unreadable: session.count('unreadable'),
    } satisfies Record<Happening, number>,
    openedMs: log?.openedMs,
    events: log?.total,
    droppedEvents: log?.dropped,
  };
}

/** A refused upgrade or a call over HTTP. */
export function describeRequest(log: SessionLog): Readonly<Record<string, unknown>> {
  const events = log.events();
  const request = events.find((event) => event.kind === 'request');
  const isRefused = events.some((event) => event.kind === 'end' && event.how === 'refused');
  const response = events.find((event) => event.kind === 'response');
  return {
    id: log.id,
    ...(request === undefined ? {} : { method: request.method, target: request.target }),
    ...(response === undefined ? {} : { status: response.status }),
    ...(isRefused ? { isRefused } : {}),
    openedMs: log.openedMs,
  };
}

/** Which connections are listed; all of them without any of these. */
export interface ListQuery extends SessionFilter {
  /** The maximum number of connections. */
  readonly limit?: number | undefined;
  /** Only connections that came after the one with this id. */
  readonly after?: string | undefined;
}

/** Connections in the order in which they came. */
export interface Listed {
  readonly sessions: readonly Readonly<Record<string, unknown>>[];
  /** If there are more connections: the id after which they come. */
  readonly next?: string;
}

/** The connections of this process, as the control API shows them. */
export function listed(sessions: readonly Session[], journal: Journal, query: ListQuery): Listed {
  const { limit, after = 's0', ...filter } = query;
  const afterNumber = numberOf(after);
  const meant = sessions.filter(({ id }) => numberOf(id) > afterNumber);
  const found = meant.filter((session) => fits(session, filter));
  return cut(
    found.map((session) => describeSession(session, journal.get(session.id))),
    limit,
  );
}

/** Joins the lists of several processes, each of which has cut its own to the same `limit`. */
export function listedTogether(lists: readonly Listed[], limit: number | undefined): Listed {
  const all = lists.flatMap(({ sessions }) => sessions).sort((a, b) => numberOf(idOf(a)) - numberOf(idOf(b)));
  const together = cut(all, limit);
  const last = together.sessions.at(-1);
  const hasMore = lists.some(({ next }) => next !== undefined);
  return hasMore && last !== undefined ? { ...together, next: idOf(last) } : together;
}

function cut(sessions: Listed['sessions'], limit = Infinity): Listed {
  const shown = sessions.slice(0, limit);
  const last = shown.at(-1);
  return sessions.length > shown.length && last !== undefined
    ? { sessions: shown, next: idOf(last) }
    : { sessions: shown };
}

function idOf(session: Readonly<Record<string, unknown>>): string {
  return String(session['id']);
}
