import type { TraceEvent } from '../../wire/trace.ts';
import { plain } from '../session/frames.ts';

/** The kinds of marks. */
export type MarkKind =
  | 'partial'
  | 'final'
  | 'confirmation'
  | 'error'
  | 'command'
  | 'state'
  | 'ping'
  | 'fault'
  | 'end';

/** Something that happened, as it is drawn. */
export interface Mark {
  /** The index of its event in the trace. */
  readonly index: number;
  readonly atMs: number;
  readonly kind: MarkKind;
  readonly from: 'client' | 'server';
  /** A few words, safe to show. */
  readonly label: string;
  /** Where the audio of a result begins and ends on the audio clock, as far as it says so. */
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
  /** The number of partials of the same segment before it. */
  readonly step: number;
}

const LONGEST_LABEL = 120;

/** The mark of an event; undefined if it has none. */
export function markOf(event: TraceEvent, index: number, step: number): Mark | undefined {
  const mark = (kind: MarkKind, label: string, from: 'client' | 'server', more: object = {}): Mark => ({
    ...{ index, atMs: event.atMs, kind, from, step, ...more },
    label: plain(label.slice(0, LONGEST_LABEL)),
  });
  switch (event.kind) {
    case 'text': {
      const { from } = event;
      const said = from === 'server' ? saidBy(event.text) : commandIn(event.text);
      return said === undefined ? undefined : mark(said.kind, said.label, from, said.span);
    }
    case 'ping':
    case 'pong':
      return mark('ping', event.kind, event.from);
    case 'fault':
      return mark('fault', event.message, event.from);
    case 'bytes':
      return mark('fault', 'bytes below the level of messages', event.from);
    case 'close':
      return mark('end', `Close ${event.code} ${event.reason}`.trimEnd(), event.from);
    case 'end':
      return mark('end', `${event.how}, ${event.code}`, event.by ?? 'server');
    case 'response':
      return event.status === 101 ? undefined : mark('error', `status ${event.status}`, 'server');
    default:
      return undefined;
  }
}

interface AudioSpan {
  readonly fromMs: number | undefined;
  readonly toMs: number | undefined;
}

interface Said {
  readonly kind: MarkKind;
  readonly label: string;
  readonly span?: AudioSpan;
}

const RESULTS = new Set(['transcript', 'turn_end_candidate']);

function saidBy(text: string): Said {
  const fields = fieldsIn(text);
  const { type, state } = fields;
  if (typeof state === 'string') return { kind: 'state', label: state };
  if (type === 'flush_confirmation') return { kind: 'confirmation', label: 'flush confirmed' };
  if (typeof fields['error'] === 'string' || type === 'error') return { kind: 'error', label: text };
  const isResult =
    typeof fields['text'] === 'string' &&
    (type === undefined || (typeof type === 'string' && RESULTS.has(type)));
  if (isResult) {
    const isFinal =
      fields['is_final'] === true || (type === 'transcript' && fields['is_final'] === undefined);
    return { kind: isFinal ? 'final' : 'partial', label: String(fields['text']), span: spanOf(fields) };
  }
  return { kind: 'state', label: typeof type === 'string' ? type : text };
}

function commandIn(text: string): Said | undefined {
  const { action, type } = fieldsIn(text);
  const name = typeof action === 'string' ? action : typeof type === 'string' ? type : text;
  return { kind: 'command', label: name };
}

/** The span given by its own times, or otherwise by those of its words. */
function spanOf(fields: Readonly<Record<string, unknown>>): AudioSpan {
  const start = numberIn(fields, 'start_ms') ?? numberIn(fields, 'offset_ms');
  const length = numberIn(fields, 'duration_ms');
  const words = Array.isArray(fields['words']) ? (fields['words'] as readonly unknown[]) : [];
  const first = asFields(words[0]);
  const last = asFields(words.at(-1));
  const lastStart = numberIn(last, 'start_ms') ?? numberIn(last, 'offset_ms');
  const lastEnd = lastStart === undefined ? undefined : lastStart + (numberIn(last, 'duration_ms') ?? 0);
  const fromMs = start ?? numberIn(first, 'start_ms') ?? numberIn(first, 'offset_ms');
  const toMs = start !== undefined && length !== undefined ? start + length : lastEnd;
  return { fromMs, toMs };
}

function numberIn(fields: Readonly<Record<string, unknown>>, name: string): number | undefined {
  const value = fields[name];
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

function fieldsIn(text: string): Readonly<Record<string, unknown>> {
  try {
    return asFields(JSON.parse(text));
  } catch {
    return {};
  }
}

function asFields(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : {};
}
