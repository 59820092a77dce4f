import type { TraceFact } from '../../../wire/trace.ts';
import type { ClientMessage, Fields, ServerMessage } from '../../conversation/read-message.ts';
import { shown } from '../../text/shown.ts';
import type { AudioRun, SequenceRow } from './rows.ts';

type Labelled = Pick<SequenceRow, 'label' | 'heard'>;

/**
 * The short label of an event in a diagram, unescaped: not yet safe to show.
 * @param message the content of the event, if it is a message
 */
export function labelOf(fact: TraceFact, message: ServerMessage | ClientMessage | undefined): Labelled {
  switch (fact.kind) {
    case 'text':
    case 'binary':
      if (message === undefined) return other(fact.kind);
      return message.from === 'server' ? serverLabel(message) : other(clientLabel(message));
    case 'request':
      return other(`${fact.method} ${fact.target}`);
    case 'response':
      return other(`HTTP ${fact.status} ${fact.status === 101 ? '' : (fact.body ?? '')}`.trimEnd());
    case 'ping':
    case 'pong':
      return other(fact.kind);
    case 'close':
      return other(`Close ${fact.code} ${fact.reason}`.trimEnd());
    case 'bytes':
      return other(`raw bytes ${fact.base64}`);
    case 'fault':
      return other(`breaks the protocol: ${fact.message}`);
    case 'context':
      return other(`known: ${JSON.stringify(fact.about)}`);
    case 'report':
      return other(`the client reports ${JSON.stringify(fact.report)}`);
    case 'note':
      return other(fact.message);
    case 'end':
      return other(endLabel(fact));
  }
}

/** How a conversation ended, for a diagram. */
export function endLabel({ how, code, by }: Extract<TraceFact, { kind: 'end' }>): string {
  return `end: ${how}, ${code}${by === undefined ? '' : `, by the ${by}`}`;
}

/** Such as `audio 12 x 100 ms = 1.2 s of speech`. */
export function audioLabel({ content, byteCount, frameCount, ms, isEven }: AudioRun): string {
  const total = ms === undefined ? `${byteCount} bytes` : duration(ms);
  const each = ms === undefined ? `${byteCount / frameCount} bytes` : duration(ms / frameCount);
  const amount =
    frameCount === 1
      ? total
      : isEven
        ? `${frameCount} x ${each} = ${total}`
        : `${frameCount} messages, ${total}`;
  return content === 'unknown' ? `audio ${amount}` : `audio ${amount} of ${content}`;
}

/** Such as `100 ms` or `1.2 s`. */
export function duration(ms: number): string {
  return ms < 1000 ? `${Number(ms.toFixed(1))} ms` : `${Number((ms / 1000).toFixed(2))} s`;
}

function serverLabel(message: ServerMessage): Labelled {
  switch (message.kind) {
    case 'partial':
    case 'final':
      return { heard: message.kind, label: `${message.kind} ${resultText(message.fields)}` };
    case 'state':
      return other(`state ${shown(message.fields['state'])}`);
    case 'error': {
      const { error, code, message: text } = message.fields;
      return { heard: 'error', label: `error ${[error, code, text].filter(isThere).map(shown).join(' ')}` };
    }
    case 'confirmation':
      return other(`flush_confirmation ${shown(message.fields['id'])}`);
    case 'turn_start':
    case 'turn_continuation':
    case 'turn_end':
      return other(message.kind);
    case 'turn_end_candidate':
      return { heard: 'partial', label: `${message.kind} ${resultText(message.fields)}` };
    case 'other':
      return other(message.text);
    case 'unreadable':
      return other(message.text === '' ? message.why : message.text);
  }
}

function resultText(fields: Fields): string {
  const { text, offset_ms: offsetMs, start_ms: startMs } = fields;
  const at = offsetMs ?? startMs;
  return at === undefined ? shown(text) : `at ${shown(at)} ms ${shown(text)}`;
}

function clientLabel(message: ClientMessage): string {
  switch (message.kind) {
    case 'audio':
      return `audio ${message.byteCount} bytes`;
    case 'start':
    case 'stop':
      return message.kind;
    case 'flush':
      return `flush_request ${isThere(message.fields?.['id']) ? shown(message.fields?.['id']) : ''}`.trimEnd();
    case 'in-binary':
      return `in a binary message ${message.text}`;
    case 'other':
      return message.text;
  }
}

function other(label: string): Labelled {
  return { label, heard: 'other' };
}

function isThere(value: unknown): boolean {
  return value !== undefined;
}
