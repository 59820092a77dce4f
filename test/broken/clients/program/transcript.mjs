import { makes, tell, tellError } from './common.mjs';

const KNOWN_FIELDS = ['text', 'is_final', 'offset_ms', 'stability', 'words', 'speaker'];

/** The line that is shown when the next result has come, which replaces the one before. */
export function lineAfter(line, text) {
  if (makes('appends') && line !== '') return `${line} ${text}`;
  if (makes('appends-tightly')) return line + text;
  if (makes('prepends') && line !== '') return `${text}\n${line}`;
  return text;
}

/** What is shown of Scriptix results: the line that is being spoken, and the finals. */
export class Transcript {
  line = '';
  finals = [];
  #places = new Set();
  #attempt = 0;

  /** Begins another connection, in which the line will not be finished. */
  begin() {
    this.#attempt += 1;
    if (makes('keeps-partial')) return;
    if (this.line !== '') tell({ event: 'display', text: '' });
    this.line = '';
  }

  hear(message, connection) {
    if (makes('needs-known-fields') && Object.keys(message).some((key) => !KNOWN_FIELDS.includes(key))) {
      return void connection.ws.terminate();
    }
    const place = `${this.#attempt}/${message.offset_ms}`;
    if (!message.is_final) {
      if (this.#places.has(place)) return;
      this.line = lineAfter(this.line, message.text);
      return tell({ event: 'display', text: this.line });
    }
    if (makes('needs-speaker') && message.speaker === undefined) tellError('other', 'no speaker');
    if (makes('needs-no-speaker') && message.speaker !== undefined) tellError('other', 'a speaker');
    const isKnown = makes('finals-by-text') ? this.finals.includes(message.text) : this.#places.has(place);
    if (isKnown && !makes('counts-twice')) return;
    this.#places.add(place);
    this.line = '';
    this.finals.push(message.text);
    const text = makes('edits-finals') ? message.text.toUpperCase().replace(/ \w+$/, '') : message.text;
    tell({ event: 'final', text });
    if (makes('counts-every-final-twice')) tell({ event: 'final', text });
    if (makes('falls-at-finals')) process.exit(1);
  }
}

export function messageOf(text) {
  try {
    const message = JSON.parse(text);
    return typeof message === 'object' && message !== null ? message : undefined;
  } catch {
    return undefined;
  }
}

const KNOWN_STATES = [
  'connecting',
  'loading',
  'listening',
  'transcribing',
  'stopping',
  'stopped',
  'idle',
  'error',
];

/** Reports a state, known or not. */
export function hearState(state, connection) {
  if (makes('needs-known-states') && !KNOWN_STATES.includes(state)) return void connection.ws.terminate();
  if (makes('leaves-at-first-state')) connection.ws.close(1000);
  tell({ event: 'state', state });
}
