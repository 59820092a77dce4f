import { seconds } from '../../drawing/axis.ts';
import { firstWhere } from './audio.ts';
import { spanOf } from './lanes.ts';
import type { Mark, MarkKind } from './marks.ts';
import type { Timeline } from './timeline.ts';

const NAMES: Readonly<Record<MarkKind, string>> = {
  partial: 'Partial',
  final: 'Final',
  confirmation: 'Confirmation',
  error: 'Error',
  command: 'Command',
  state: 'State',
  ping: 'Ping',
  fault: 'Fault',
  end: 'End',
};

/** A mark with its times, in a sentence. */
export function sentenceOf(mark: Mark, timeline: Timeline): string {
  const startMs = timeline.startMs ?? 0;
  const { atMs, kind, from, label, fromMs, toMs } = mark;
  const span = spanOf(mark, timeline.audio);
  const told = [`${NAMES[kind]} of the ${from} at ${seconds(Math.round(atMs - startMs))}: ${label}`];
  if (fromMs !== undefined)
    told.push(
      toMs === undefined
        ? `of audio from ${seconds(fromMs)} on`
        : `of audio ${seconds(fromMs)} to ${seconds(toMs)}`,
    );
  if (span !== undefined) {
    const sinceMs = span.coveredMs ?? span.fromMs;
    told.push(
      `${Math.round(atMs - sinceMs)} ms after its ${span.coveredMs === undefined ? 'beginning' : 'end'} was sent`,
    );
  }
  return told.join(', ');
}

/** A description of a time without a mark. */
export function placeAt(timeline: Timeline, atMs: number): string {
  const { pieces, speech } = timeline.audio;
  const told = [`At ${seconds(Math.round(atMs - (timeline.startMs ?? 0)))}`];
  const piece = pieces[firstWhere(pieces, ({ untilMs }) => untilMs >= atMs)];
  if (piece === undefined || piece.sinceMs > atMs) return `${told.join('')}: no audio`;
  const part = piece.untilMs === piece.sinceMs ? 0 : (atMs - piece.sinceMs) / (piece.untilMs - piece.sinceMs);
  const audioMs = piece.fromMs + (piece.toMs - piece.fromMs) * part;
  told.push(`${seconds(Math.round(audioMs))} of audio`);
  const decibels =
    piece.decibels?.[Math.min(piece.decibels.length - 1, Math.floor(part * piece.decibels.length))];
  if (decibels !== undefined) told.push(`${decibels} dBFS`);
  const span = speech[firstWhere(speech, ([, to]) => to > audioMs)];
  if (span !== undefined && span[0] <= audioMs) told.push('speech');
  return told.join(', ');
}
