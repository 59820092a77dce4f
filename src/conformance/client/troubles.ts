import { messageOf, UserError } from '../../runtime/errors.ts';
import type { AttachedPlay } from './attach.ts';
import type { Kept } from './kept.ts';
import type { ScenarioOutcome } from './play-all.ts';
import type { ClientPlay } from './play-client.ts';

/** Problems with plays other than the requirements, and other than what the plays themselves show. */
export interface Troubles {
  readonly notes: readonly string[];
  /** Why less was played than planned, in a sentence. */
  readonly cause?: string;
  /** What followed from the causes that the plays show, in a sentence. */
  readonly consequence?: string;
  /** Something was not played to its end, so the run is no success whatever the verdicts are. */
  readonly isCutShort: boolean;
  /** The runner or the fake is to blame. */
  readonly isOurs: boolean;
}

/**
 * @param isHopeless whether the rest was not played because of what had been seen
 * @throws UserError for a program that does not exist, and for a scenario that cannot be played
 */
export function troublesOf(all: readonly ScenarioOutcome[], isHopeless: boolean): Troubles {
  const notes: string[] = [];
  let isOurs = false;
  let isCutShort = false;
  for (const one of all) {
    if (one.kind === 'played') {
      notes.push(...notesOfRun(one.play));
      isCutShort ||= one.play.dropped > 0;
      continue;
    }
    isCutShort = true;
    if (one.kind === 'not-played') continue;
    if (one.error instanceof UserError) throw one.error;
    isOurs = true;
    notes.push(`${one.name} could not be played: ${messageOf(one.error)}`);
  }
  const missing = all.filter(({ kind }) => kind === 'not-played').length;
  const rest = missing === 1 ? 'the other scenario' : `the other ${missing} scenarios`;
  const isStopped = missing > 0 && !isHopeless;
  const plays = all.flatMap((one) => (one.kind === 'played' ? [one.play] : []));
  const sentences = [
    ...floodSentence(plays, all.length),
    ...(isStopped ? [stopSentence(missing, all.length)] : []),
  ];
  return {
    notes,
    isCutShort,
    isOurs,
    ...(sentences.length > 0 && { cause: sentences.join(' ') }),
    ...(missing > 0 && isHopeless && { consequence: `It was not started for ${rest}.` }),
  };
}

/** @param of the number of scenarios of the run */
function floodSentence(plays: readonly Pick<Kept, 'dropped'>[], of: number): readonly string[] {
  const flooded = plays.filter(({ dropped }) => dropped > 0);
  if (flooded.length === 0) return [];
  const events = flooded.reduce((sum, { dropped }) => sum + dropped, 0);
  return [
    `More events than are kept were sent in ${flooded.length} of ${of} scenarios: ${events} events were dropped.`,
  ];
}

function stopSentence(missing: number, of: number): string {
  return `The run was stopped before its end: ${missing} of ${of} scenarios were not played.`;
}

function notesOfRun({ name, outcome, leftProcesses, faults, faultCount }: ClientPlay): readonly string[] {
  const notes: string[] = [];
  if (outcome.kind === 'not-started') throw new UserError(`The client was not started: ${outcome.reason}`);
  if (leftProcesses) notes.push(`${name}: processes of the client outlived it, and were killed.`);
  const [fault] = faults;
  if (fault !== undefined) {
    const more = faultCount > 1 ? `, and ${faultCount - 1} more` : '';
    notes.push(`${name}: reports of the client could not be read. ${fault}${more}.`);
  }
  return notes;
}

/** The same for an externally started client. Scenarios without a play were not reached. */
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
        return [
          `${name}: the client was still active after ${timeoutMs / 1000} s (--timeout) and was disconnected.`,
        ];
      case 'nobody':
        return [`${name}: no one connected.`];
      case 'stopped':
        return [`${name}: the run was stopped.`];
      case undefined:
        return [`${name} was not played.`];
    }
  });
  const missing = names.length - plays.length;
  // If no one connected, that is a note.
  const isStopped = missing > 0 && plays.at(-1)?.outcome !== 'nobody';
  const sentences = [
    ...floodSentence(plays, names.length),
    ...(isStopped ? [stopSentence(missing, names.length)] : []),
  ];
  return {
    notes,
    isCutShort: notes.length + sentences.length > 0,
    isOurs: false,
    ...(sentences.length > 0 && { cause: sentences.join(' ') }),
  };
}

/** A sentence saying that the time was used up. */
export function timeNote(maxTimeMs = 0): string {
  return `The time was up (--max-time ${maxTimeMs / 1000}s): the rest was not played or not judged.`;
}
