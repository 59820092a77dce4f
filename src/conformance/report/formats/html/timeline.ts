import { seconds, ticksOf } from '../../../../drawing/axis.ts';
import { MARKS } from '../../../../drawing/marks.ts';
import { duration } from '../../drawing/labels.ts';
import type { AudioContent, Sequence, SequenceRow } from '../../drawing/rows.ts';
import { html, type Markup } from './template.ts';

/** Audio with a shorter pause is drawn as one piece. */
const PAUSE_MS = 400;
/** With more marks than this the drawing is just a black bar. */
const MOST_MARKS = 400;
const MOST_TICKS = 6;

interface Piece {
  readonly content: AudioContent;
  readonly fromMs: number;
  readonly toMs: number;
  readonly audioMs: number | undefined;
  readonly byteCount: number;
}

/** When the client sent audio and when results arrived. Nothing for a session without either. */
export function timelineOf({ rows }: Sequence): Markup | undefined {
  const pieces = piecesOf(rows);
  const results = rows.filter(({ heard }) => heard === 'partial' || heard === 'final' || heard === 'error');
  if (pieces.length === 0 && results.length === 0) return undefined;
  const startMs = rows[0]?.atMs ?? 0;
  const lengthMs = Math.max(1, ...rows.map(({ untilMs }) => untilMs - startMs));
  const percent = (ms: number) => `${Number(((100 * (ms - startMs)) / lengthMs).toFixed(3))}%`;
  const width = (piece: Piece) =>
    `${Number(Math.max(0.3, (100 * (piece.toMs - piece.fromMs)) / lengthMs).toFixed(3))}%`;
  const contents = [...new Set(pieces.map(({ content }) => content))];
  const shown = results.slice(0, MOST_MARKS);
  const left = results.length - shown.length;
  const told = caption(pieces, results);
  return html`<figure class="timeline">
    <figcaption>
      ${told}${left > 0 ? ` Only the first ${shown.length} results are drawn.` : undefined}
    </figcaption>
    <svg role="img" aria-label="${told}" height="92">
      <text class="track" x="0" y="10">audio sent</text>
      ${pieces.map(
        (piece) =>
          html`<rect
            class="${piece.content}"
            x="${percent(piece.fromMs)}"
            y="15"
            width="${width(piece)}"
            height="18"
            ><title>${amountOf(piece)}, from ${seconds(piece.fromMs)}</title></rect
          > `,
      )}
      <text class="track" x="0" y="49">results</text>
      ${shown.map((row) => resultMark(row, percent(row.atMs)))}
      <line class="axis" x1="0" x2="100%" y1="74" y2="74" />
      ${ticksOf(startMs, lengthMs, MOST_TICKS).map((ms) => tick(ms, percent))}
    </svg>
    <ul class="legend">
      ${contents.map(
        (content) =>
          html`<li>
            <svg width="22" height="12" aria-hidden="true">
              <rect class="${content}" x="1" y="1" width="20" height="10" />
            </svg>
            ${content === 'unknown' ? 'audio of unknown content' : content}
          </li>`,
      )}${legendOf(results)}
    </ul>
  </figure> `;
}

const NAMES = { partial: 'partial', final: 'final', error: 'error' } as const;

function legendOf(results: readonly SequenceRow[]): readonly Markup[] {
  return Object.entries(NAMES).flatMap(([kind, name]) =>
    results.some(({ heard }) => heard === kind)
      ? [
          html`<li>
            <svg width="14" height="16" aria-hidden="true">
              <svg x="7" y="-54" overflow="visible">${shapeOf(kind)}</svg>
            </svg>
            ${name}
          </li>`,
        ]
      : [],
  );
}

function resultMark({ heard = 'other', label, atMs }: SequenceRow, x: string): Markup {
  return html`<svg x="${x}" overflow="visible">
    <g>
      <title>${label}, at ${seconds(atMs)}</title>
      ${shapeOf(heard)}
    </g>
  </svg> `;
}

/** On the foot of its lane. */
function shapeOf(heard: string): Markup {
  const kind = heard === 'partial' || heard === 'final' ? heard : 'error';
  return html`<path class="${kind}" d="${MARKS[kind]}" transform="translate(0 70)" />`;
}

function tick(ms: number, percent: (ms: number) => string): Markup {
  const x = percent(ms);
  const place = Number.parseFloat(x);
  const anchor = place < 5 ? 'start' : place > 95 ? 'end' : 'middle';
  return html`<line class="axis" x1="${x}" x2="${x}" y1="71" y2="77" />
    <text x="${x}" y="89" text-anchor="${anchor}">${seconds(ms)}</text> `;
}

function piecesOf(rows: readonly SequenceRow[]): readonly Piece[] {
  const pieces: Piece[] = [];
  for (const { audio, atMs, untilMs } of rows) {
    if (audio === undefined) continue;
    const last = pieces.at(-1);
    const joins = last?.content === audio.content && atMs - last.toMs <= PAUSE_MS;
    const piece: Piece = {
      content: audio.content,
      fromMs: joins ? last.fromMs : atMs,
      toMs: untilMs,
      audioMs: joins ? sum(last.audioMs, audio.ms) : audio.ms,
      byteCount: audio.byteCount + (joins ? last.byteCount : 0),
    };
    if (joins) pieces[pieces.length - 1] = piece;
    else pieces.push(piece);
  }
  return pieces;
}

function sum(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a + b;
}

function amountOf({ content, audioMs, byteCount }: Piece): string {
  const amount = audioMs === undefined ? `${byteCount} bytes` : duration(audioMs);
  return content === 'unknown' ? `${amount} of audio` : `${amount} of ${content}`;
}

function caption(pieces: readonly Piece[], results: readonly SequenceRow[]): string {
  const byContent = new Map<AudioContent, Piece>();
  for (const piece of pieces) {
    const before = byContent.get(piece.content);
    byContent.set(piece.content, {
      ...piece,
      audioMs: before === undefined ? piece.audioMs : sum(before.audioMs, piece.audioMs),
      byteCount: piece.byteCount + (before?.byteCount ?? 0),
    });
  }
  const sent = [...byContent.values()].map(amountOf);
  const count = (kind: string) => results.filter(({ heard }) => heard === kind).length;
  const heard = Object.entries(NAMES).flatMap(([kind, name]) => {
    const number = count(kind);
    return number === 0 ? [] : [`${number} ${name}${number === 1 ? '' : 's'}`];
  });
  return `Over time: the client sent ${sent.length === 0 ? 'no audio' : sent.join(', ')}; ${heard.length === 0 ? 'no results' : heard.join(', ')} came.`;
}
