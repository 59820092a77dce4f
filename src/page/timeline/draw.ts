import { seconds, ticksOf } from '../../drawing/axis.ts';
import { MARKS } from '../../drawing/marks.ts';
import { firstWhere, type AudioLine } from './audio.ts';
import { HEIGHT, LANES, laneOf, spanOf, STEPS, stepTop } from './lanes.ts';
import type { Mark } from './marks.ts';
import type { Timeline } from './timeline.ts';
import type { View } from './view.ts';

/** Colours of the page, by their purpose. */
export interface Colours {
  readonly text: string;
  readonly quiet: string;
  readonly line: string;
  readonly tint: string;
  readonly accent: string;
  readonly good: string;
  readonly bad: string;
}

/** What is drawn. */
export interface Drawn {
  readonly timeline: Timeline;
  readonly view: View;
  readonly width: number;
  readonly colours: Colours;
  /** The index in the trace of the selected event. */
  readonly chosen: number | undefined;
  /** Where the user points. */
  readonly pointedMs: number | undefined;
}

/** Quieter windows are not drawn. */
const FLOOR_DB = -70;
/** This many marks after the visible part are also drawn, since their bars may begin in it. */
const MARKS_AFTER = 60;
const PX_PER_TICK = 110;

/** Draws the visible part of a timeline. */
export function draw(context: CanvasRenderingContext2D, drawn: Drawn): void {
  const { timeline, view, width, colours, chosen, pointedMs } = drawn;
  const xOf = scaleOf(view, width);
  context.clearRect(0, 0, width, HEIGHT);
  context.font = '12px system-ui, sans-serif';
  context.textBaseline = 'alphabetic';
  axis(context, drawn, xOf);
  audio(context, drawn, xOf);
  const { marks } = timeline;
  const first = firstWhere(marks, ({ atMs }) => atMs >= view.fromMs);
  const last = Math.min(marks.length, firstWhere(marks, ({ atMs }) => atMs > view.toMs) + MARKS_AFTER);
  const seen = marks.slice(first, last);
  for (const mark of seen) result(context, mark, timeline.audio, colours, xOf);
  events(context, seen, drawn, xOf);
  const mark = chosen === undefined ? undefined : seen.find(({ index }) => index === chosen);
  if (mark !== undefined) upright(context, xOf(mark.atMs), colours.accent, 2);
  if (pointedMs !== undefined) upright(context, xOf(pointedMs), colours.quiet, 1);
}

/** The pixels of times in a view. */
export function scaleOf({ fromMs, toMs }: View, width: number): (ms: number) => number {
  return (ms) => ((ms - fromMs) / (toMs - fromMs)) * width;
}

type Scale = (ms: number) => number;

function axis(
  context: CanvasRenderingContext2D,
  { timeline, view, width, colours }: Drawn,
  xOf: Scale,
): void {
  const { top } = LANES.axis;
  const startMs = timeline.startMs ?? 0;
  context.fillStyle = colours.line;
  for (const lane of [LANES.audio, LANES.partials, LANES.finals, LANES.line])
    context.fillRect(0, lane.top + lane.height + 3, width, 1);
  context.fillStyle = colours.quiet;
  context.textAlign = 'center';
  const most = Math.max(2, Math.floor(width / PX_PER_TICK));
  for (const ms of ticksOf(view.fromMs - startMs, view.toMs - view.fromMs, most)) {
    const x = xOf(ms + startMs);
    context.fillRect(Math.round(x), top, 1, 4);
    if (x > 18 && x < width - 18) context.fillText(seconds(Math.round(ms)), x, top + 17);
  }
}

function audio(
  context: CanvasRenderingContext2D,
  { timeline, view, width, colours }: Drawn,
  xOf: Scale,
): void {
  const { top, height } = LANES.audio;
  const { audio: line } = timeline;
  context.fillStyle = colours.tint;
  for (const [from, to] of line.speech.slice(
    firstWhere(line.speech, (span) => (line.timeOf(span[1]) ?? 0) >= view.fromMs),
  )) {
    const left = xOf(line.timeOf(from) ?? 0);
    if (left > width) break;
    context.fillRect(left, top, Math.max(1, xOf(line.timeOf(to) ?? 0) - left), height);
  }
  const tops = new Float32Array(Math.ceil(width)).fill(-1);
  context.fillStyle = colours.line;
  for (
    let i = firstWhere(line.pieces, ({ untilMs }) => untilMs >= view.fromMs);
    i < line.pieces.length;
    i++
  ) {
    const piece = line.pieces[i];
    if (piece === undefined || piece.sinceMs > view.toMs) break;
    const [left, right] = [xOf(piece.sinceMs), xOf(piece.untilMs)];
    // No one was watching when it arrived: it is only known that there was audio.
    if (piece.decibels === undefined) {
      context.fillRect(left, top + height - 8, Math.max(1, right - left), 8);
      continue;
    }
    const { length } = piece.decibels;
    for (const [place, decibels] of piece.decibels.entries()) {
      const loud = Math.max(0, 1 - decibels / FLOOR_DB);
      const begin = Math.floor(left + ((right - left) * place) / length);
      const end = Math.max(begin + 1, Math.ceil(left + ((right - left) * (place + 1)) / length));
      for (let x = Math.max(0, begin); x < Math.min(tops.length, end); x++)
        tops[x] = Math.max(tops[x] ?? -1, loud);
    }
  }
  context.fillStyle = colours.good;
  for (const [x, loud] of tops.entries()) {
    if (loud < 0) continue;
    const tall = Math.max(1, loud * height);
    context.fillRect(x, top + height - tall, 1, tall);
  }
}

function result(
  context: CanvasRenderingContext2D,
  mark: Mark,
  line: AudioLine,
  colours: Colours,
  xOf: Scale,
): void {
  const x = xOf(mark.atMs);
  const span = spanOf(mark, line);
  if (mark.kind === 'partial') {
    const tall = LANES.partials.height / STEPS - 2;
    bar(context, mark, span, stepTop(mark.step), tall, colours.accent, xOf);
    context.fillStyle = colours.accent;
    context.fillRect(x - 1, stepTop(mark.step) - 1, 2, tall + 2);
    return;
  }
  if (laneOf(mark.kind) !== 'finals') return;
  const foot = LANES.finals.top + LANES.finals.height;
  if (mark.kind === 'final') bar(context, mark, span, foot - 6, 6, colours.accent, xOf);
  const shape = mark.kind === 'confirmation' || mark.kind === 'final' ? mark.kind : 'error';
  stamp(
    context,
    x,
    foot,
    MARKS[shape],
    shape === 'error' ? colours.bad : shape === 'final' ? colours.accent : colours.good,
    shape !== 'error',
  );
}

/** From the audio that a result covers to its arrival; the light part is the time that it took. */
function bar(
  context: CanvasRenderingContext2D,
  { atMs }: Mark,
  span: ReturnType<typeof spanOf>,
  top: number,
  tall: number,
  colour: string,
  xOf: Scale,
): void {
  if (span === undefined) return;
  context.fillStyle = colour;
  const left = xOf(span.fromMs);
  context.globalAlpha = 0.3;
  context.fillRect(left, top, xOf(atMs) - left, tall);
  if (span.coveredMs !== undefined) {
    context.globalAlpha = 0.75;
    context.fillRect(left, top, xOf(span.coveredMs) - left, tall);
  }
  context.globalAlpha = 1;
}

function stamp(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  path: string,
  colour: string,
  isFilled: boolean,
): void {
  const shape = new Path2D(path);
  context.save();
  context.translate(x, y);
  context.strokeStyle = colour;
  context.fillStyle = colour;
  context.lineWidth = 1.75;
  context.stroke(shape);
  if (isFilled) context.fill(shape);
  context.restore();
}

const ABOVE: ReadonlySet<string> = new Set(['state', 'end']);

/**
 * Events other than results, with words if there is room for them; those of the server are above those of the client.
 */
function events(
  context: CanvasRenderingContext2D,
  marks: readonly Mark[],
  { colours, width }: Drawn,
  xOf: Scale,
): void {
  const { top, height } = LANES.line;
  const ends = { client: -Infinity, server: -Infinity };
  context.textAlign = 'left';
  for (const { kind, from, label, atMs } of marks) {
    if (laneOf(kind) !== 'line') continue;
    const x = xOf(atMs);
    const isBad = kind === 'fault' || (kind === 'end' && !/^Close 1000|^close, 1000/.test(label));
    const colour = isBad
      ? colours.bad
      : kind === 'ping'
        ? colours.quiet
        : from === 'client'
          ? colours.good
          : colours.accent;
    const y = top + (from === 'server' ? 0 : height / 2);
    context.fillStyle = colour;
    context.fillRect(x - (ABOVE.has(kind) ? 1 : 0.5), y, ABOVE.has(kind) ? 2 : 1, height / 2 - 2);
    if (kind === 'ping') continue;
    const words = label.length > 24 ? `${label.slice(0, 23)}…` : label;
    const wide = context.measureText(words).width;
    // At the right edge the words are before their mark.
    const left = x + 4 + wide > width ? x - 4 - wide : x + 4;
    if (left < ends[from]) continue;
    context.fillStyle = isBad ? colours.bad : colours.text;
    context.fillText(words, left, y + height / 2 - 5);
    ends[from] = Math.max(x, left + wide) + 6;
  }
}

function upright(context: CanvasRenderingContext2D, x: number, colour: string, wide: number): void {
  context.fillStyle = colour;
  context.fillRect(x - wide / 2, 0, wide, LANES.axis.top);
}
