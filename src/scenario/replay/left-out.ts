import { grouped } from '../../runtime/grouped.ts';
import type { TraceEvent } from '../../wire/trace.ts';
import { dialectAtPath, MOST_ATTEMPTS, requestOf } from './answers.ts';

/** What a trace holds that a scenario made from it does not, a sentence each. */
export function leftOut(events: readonly TraceEvent[]): readonly string[] {
  const sessions = grouped(events, ({ session }) => session);
  const dialects = grouped([...sessions.values()], (session) => dialectAtPath(requestOf(session)));
  const hashed = events.filter((event) => isOfServer(event, 'binary') && event.base64 === undefined).length;
  const faults = events.filter((event) => isOfServer(event, 'fault')).length;
  return [
    ...[...dialects].flatMap(([dialect, { length }]) => {
      if (dialect === undefined) return [`Left out: ${counted(length, 'session')} at unknown paths`];
      const more = length - MOST_ATTEMPTS;
      return more > 0
        ? [`Left out: the last ${counted(more, 'session')} of ${dialect}, beyond ${MOST_ATTEMPTS}`]
        : [];
    }),
    ...(hashed === 0
      ? []
      : [`Left out: ${counted(hashed, 'binary message')} of the server, of which the trace has only a hash`]),
    ...(faults === 0
      ? []
      : [
          `Replaced: ${counted(faults, 'invalid frame')}, whose bytes are not in the trace, by another invalid one`,
        ]),
  ];
}

function isOfServer<Kind extends 'binary' | 'fault'>(
  event: TraceEvent,
  kind: Kind,
): event is Extract<TraceEvent, { kind: Kind }> {
  return event.kind === kind && 'from' in event && event.from === 'server';
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
