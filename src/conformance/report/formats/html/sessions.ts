import { audioAmount } from '../../audio-amount.ts';
import type { TraceEvent } from '../../../../wire/trace.ts';
import { visible } from '../../../../runtime/text/plain.ts';
import type { Report, SessionSummary } from '../../report.ts';
import { conversationsIn, type RecordedPlay } from '../../../conversation/recorded-play.ts';
import type { Conversation } from '../../../conversation/conversation.ts';
import { sequenceOf } from '../../drawing/sequence.ts';
import type { SequenceRow } from '../../drawing/rows.ts';
import { thinned } from '../../drawing/thinned.ts';
import type { Anchors } from './anchors.ts';
import { html, raw, type Markup } from './template.ts';
import { timelineOf } from './timeline.ts';

/** A page with more or longer sessions is slow to open and no one reads it. */
export const MOST_SESSIONS = 60;
/** The maximum number of lines of a session's diagram. */
export const MOST_ROWS = 200;
/**
 * The maximum number of events per session that become lines; longer sessions show their beginning, their end and the
 * evidence.
 */
export const MOST_EVENTS = 5000;
const LONGEST_LABEL = 160;
const LONGEST_MESSAGE = 1200;
/** The maximum per line: consecutive audio may be many events. */
const MOST_PROOFS = 8;

/** The sessions of a page. */
export interface Drawn {
  readonly markup: readonly Markup[];
  /** The ids of the events that can be linked to. */
  readonly anchors: ReadonlySet<string>;
  readonly shown: number;
  readonly all: number;
}

interface Session {
  readonly play: RecordedPlay;
  readonly conversation: Conversation;
  /** The requirements for which something in it is evidence. */
  readonly proven: readonly string[];
}

/** Every session as a diagram; those with evidence come first and are open. */
export function sessionSections(report: Report, plays: readonly RecordedPlay[], anchors: Anchors): Drawn {
  const sessions = plays.flatMap((play) =>
    conversationsIn(play).map((conversation): Session => {
      const proven = new Set<string>();
      for (const { index } of conversation.moments) {
        for (const id of anchors.provenBy(play.name, index)) proven.add(id);
      }
      return { play, conversation, proven: [...proven] };
    }),
  );
  const first = [
    ...sessions.filter(({ proven }) => proven.length > 0),
    ...sessions.filter(({ proven }) => proven.length === 0),
  ];
  const shown = first.slice(0, MOST_SESSIONS);
  const linked = new Set<string>();
  const summaries = new Map(report.sessions.map((each) => [JSON.stringify([each.play, each.session]), each]));
  const markup = shown.map((session) => {
    const key = JSON.stringify([session.play.name, session.conversation.session]);
    return sessionMarkup(session, summaries.get(key), anchors, linked);
  });
  return { markup, anchors: linked, shown: shown.length, all: sessions.length };
}

function proves({ indices }: SequenceRow, proofs: ReadonlySet<number>): boolean {
  return indices.some((index) => proofs.has(index));
}

/** A flood is drawn only at its beginning and its end: all of it would take seconds that a run may not have. */
function shortened(conversation: Conversation, proofs: ReadonlySet<number>): Conversation {
  const { moments } = conversation;
  if (moments.length <= MOST_EVENTS) return conversation;
  const edge = MOST_EVENTS / 2;
  const isDrawn = (place: number) => place < edge || place >= moments.length - edge;
  return { ...conversation, moments: moments.filter(({ index }, i) => isDrawn(i) || proofs.has(index)) };
}

function sessionMarkup(
  { play, conversation, proven }: Session,
  summary: SessionSummary | undefined,
  anchors: Anchors,
  linked: Set<string>,
): Markup {
  const proofs = anchors.proofs(play.name);
  const drawn = shortened(conversation, proofs);
  const sequence = sequenceOf(drawn);
  const { session, dialect, rows } = sequence;
  const undrawn = conversation.moments.length - drawn.moments.length;
  const worthALine = rows.filter((row) => !row.isAside || proves(row, proofs));
  const lines = thinned(worthALine, (row) => proves(row, proofs), MOST_ROWS);
  const facts = [
    dialect ?? 'no known dialect',
    ...(summary?.closeCode === undefined ? [] : [`close code ${summary.closeCode}`]),
    ...(summary === undefined || (summary.audioMs === 0 && summary.audioBytes === undefined)
      ? []
      : [`${audioAmount(summary)} of audio`]),
    `${worthALine.length} lines`,
    ...(summary?.trace === undefined ? [] : [summary.trace]),
  ];
  const left = lines.reduce((sum, line) => sum + (line.kind === 'gap' ? line.count : 0), 0);
  return html`<details class="session" ${proven.length > 0 ? html` open` : undefined}>
    <summary>
      <strong>${play.name}</strong> ${session}
      <span class="facts">${facts.join(', ')}</span
      >${proven.length > 0 ? html` <span class="here">proves ${proven.join(', ')}</span>` : undefined}
    </summary>
    ${timelineOf(sequence)}
    ${undrawn === 0 ? undefined : html`<p class="note">${undrawn} of ${conversation.moments.length} events in the middle of this session are not drawn. The trace has all of them.</p>`}
    ${left === 0 ? undefined : html`<p class="note">This session is long: ${left} of ${worthALine.length} lines are left out. The trace has all of them.</p>`}
    <div class="sequence">
      <div class="heads" aria-hidden="true"><span>client</span><span>server</span></div>
      <ol>
        ${lines.map((line) =>
          line.kind === 'gap'
            ? html`<li class="gap">
                <span class="time"></span><span class="lane">… ${line.count} lines left out</span>
              </li> `
            : rowMarkup(line.row, play, anchors, linked),
        )}
      </ol>
    </div>
  </details> `;
}

const WAYS = { client: 'client to server', server: 'server to client' } as const;

function rowMarkup(row: SequenceRow, play: RecordedPlay, anchors: Anchors, linked: Set<string>): Markup {
  const { kind, from, label, atMs, heard = 'other' } = row;
  const marked = row.indices
    .filter((index) => anchors.provenBy(play.name, index).length > 0)
    .slice(0, MOST_PROOFS);
  const way = kind === 'message' && from !== undefined ? WAYS[from] : undefined;
  const classes = [
    kind === 'message' ? (from ?? 'note') : kind,
    heard,
    ...(marked.length > 0 ? ['proof'] : []),
  ];
  for (const index of marked) linked.add(anchors.event(play.name, index));
  return html`<li class="${classes.join(' ')}">
    <span class="time">${(atMs / 1000).toFixed(3)} s</span>
    <span class="lane"
      >${way === undefined ? undefined : html`<span class="unseen">${way}: </span>`}<span class="label"
        >${visible(label, LONGEST_LABEL)}</span
      >${marked.map((index) => proof(index, play, anchors))}</span
    >
  </li> `;
}

/** What an event proves, with the original message. */
function proof(index: number, { name, events }: RecordedPlay, anchors: Anchors): Markup {
  const links = anchors
    .provenBy(name, index)
    .map((id) => html` <a href="#${anchors.requirement(id)}">${id}</a>`);
  const message = messageOf(events[index]);
  return html`<span class="proves" id="${anchors.event(name, index)}" tabindex="-1"
    >event ${index}
    proves${links}${message === undefined ? undefined : html`<code>${visible(message, LONGEST_MESSAGE)}</code>`}</span
  >`;
}

function messageOf(event: TraceEvent | undefined): string | undefined {
  return event?.kind === 'text' ? event.text : undefined;
}

/** Fill patterns for the timelines; once per page. */
export const PATTERNS = raw(`<svg width="0" height="0" aria-hidden="true" class="unseen"><defs>
<pattern id="hatched" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="6" height="6" class="ground"/><rect width="2.5" height="6" class="ink"/></pattern>
<pattern id="dotted" width="6" height="6" patternUnits="userSpaceOnUse"><rect width="6" height="6" class="ground"/><circle cx="3" cy="3" r="1.3" class="ink"/></pattern>
</defs></svg>
`);
