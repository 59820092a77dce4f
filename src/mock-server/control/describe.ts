import { vendorOfLife } from '../../protocol/dialects.ts';
import type { SessionLog } from '../journal/session-log.ts';
import type { Session } from '../open-session.ts';
import { HAPPENINGS } from './values.ts';

/** A connection as the control API shows it; without a log, only what is known of an open one. */
export function describeSession(
  session: Session,
  log: SessionLog | undefined,
): Readonly<Record<string, unknown>> {
  const { id, life, edition, language, scenario, isOpen, closeCode, audioMs, results } = session;
  const received = Object.fromEntries(HAPPENINGS.map((what) => [what, session.count(what)]));
  return {
    id,
    dialect: vendorOfLife(life),
    life,
    edition,
    // Whatever the client wrote there.
    ...(language === undefined || log === undefined ? {} : { language: log.redact(language) }),
    ...(scenario === undefined ? {} : { scenario }),
    isOpen,
    ...(closeCode === undefined ? {} : { closeCode }),
    audioMs,
    results,
    received,
    ...(log === undefined ? {} : { openedMs: log.openedMs, events: log.total, droppedEvents: log.dropped }),
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
