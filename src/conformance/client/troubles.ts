import { messageOf, UserError } from '../../runtime/errors.ts';
import type { TraceEvent } from '../../wire/trace.ts';
import type { AttachedPlay } from './attach.ts';
import type { Played } from './play-all.ts';
import type { ClientPlay } from './play-client.ts';

/** What went wrong with plays beside the requirements. */
export interface Troubles {
  readonly notes: readonly string[];
  /** Something was not played to its end: whatever the verdicts are, it is no success. */
  readonly isCutShort: boolean;
  /** The runner or the fake is to blame. */
  readonly isOurs: boolean;
}

/** @throws UserError for a program that there is not, and for a scenario that cannot be played */
export function troublesOf(all: readonly Played[], timeoutMs: number): Troubles {
  const notes: string[] = [];
  let isOurs = false;
  let isCutShort = false;
  for (const one of all) {
    if (one.kind === 'played') {
      const own = troublesOfRun(one.play, timeoutMs);
      notes.push(...own.fatal, ...own.others);
      isCutShort ||= own.fatal.length > 0;
      continue;
    }
    isCutShort = true;
    if (one.kind === 'not-played') notes.push(`${one.name} was not played.`);
    else if (one.error instanceof UserError) throw one.error;
    else {
      isOurs = true;
      notes.push(`${one.name} could not be played: ${messageOf(one.error)}`);
    }
  }
  return { notes, isCutShort, isOurs };
}

function troublesOfRun(play: ClientPlay, timeoutMs: number) {
  const { name, outcome, events, leftProcesses, faults, faultCount } = play;
  const fatal: string[] = [];
  const others: string[] = [];
  if (outcome.kind === 'not-started') throw new UserError(`The client was not started: ${outcome.reason}`);
  if (outcome.kind === 'signal') fatal.push(`${name}: the client was killed by ${outcome.signal}.`);
  if (outcome.kind === 'timeout') {
    fatal.push(`${name}: the client had not ended after ${timeoutMs / 1000} s (--timeout), and was killed.`);
  }
  if (outcome.kind === 'stopped') fatal.push(`${name}: the client was stopped, as the run was.`);
  if (!hasActed(events)) fatal.push(`${name}: the client neither connected nor called anything.`);
  if (leftProcesses) others.push(`${name}: processes of the client outlived it, and were killed.`);
  const [fault] = faults;
  if (fault !== undefined) {
    const more = faultCount > 1 ? `, and ${faultCount - 1} more` : '';
    others.push(`${name}: reports of the client could not be read. ${fault}${more}.`);
  }
  return { fatal, others };
}

/** Of scenarios for a client that somebody else starts. Those without a play were not come to. */
export function troublesOfAttached(
  names: readonly string[],
  plays: readonly AttachedPlay[],
  timeoutMs: number,
): Troubles {
  const notes = names.flatMap((name): readonly string[] => {
    switch (plays.find((play) => play.name === name)?.outcome) {
      case 'quiet':
        return [];
      case 'timeout':
        return [`${name}: the client still talked after ${timeoutMs / 1000} s (--timeout), and was cut off.`];
      case 'nobody':
        return [`${name}: nobody connected.`];
      case 'stopped':
        return [`${name}: the run was stopped.`];
      case undefined:
        return [`${name} was not played.`];
    }
  });
  return { notes, isCutShort: notes.length > 0, isOurs: false };
}

/** Whether there is anything of the client's on the wire. */
function hasActed(events: readonly TraceEvent[]): boolean {
  return events.some(({ kind }) => kind === 'request');
}
