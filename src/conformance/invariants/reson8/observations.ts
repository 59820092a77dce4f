import type { TopicId } from '../../../protocol/requirements.ts';
import type { Observe } from '../../judge/invariant.ts';
import { firstAfter } from '../../conversation/ordered.ts';
import { headerOf } from '../shared/header-of.ts';
import { errorBodyOf, isError } from './messages/error-name.ts';
import { endingOf } from '../shared/ending.ts';
import { flushesOf } from './flushes/flush-exchange.ts';
import { realtimesOf, spanOf, type Realtime } from './realtime.ts';
import { sentAudioOf } from './transcripts/sound.ts';
import { fieldsAskedFor, strangeFields } from './messages/strange-fields.ts';
import { allWordsIn } from './transcripts/words.ts';

/** Facts about a Reson8 server or client that reports show and that affect no verdict. */
export const RESON8_OBSERVATIONS: readonly Observe[] = [
  perRealtime('R8-I01', function* (realtime) {
    if (realtime.query.has('custom_model_id')) yield `custom_model_id was sent and ${fateOf(realtime)}`;
  }),
  perRealtime('R8-I02', function* (realtime) {
    const { query } = realtime;
    const encoding = query.get('encoding') ?? 'auto';
    if (encoding === 'auto' && query.has('sample_rate')) {
      yield `sample_rate was sent with encoding auto and ${fateOf(realtime)}`;
    }
  }),
  perRealtime('R8-I03', function* (realtime) {
    const { flags, transcripts } = realtime;
    if (flags.include_confidence !== true || flags.include_words !== false) return;
    if (transcripts.length === 0) return;
    const isThere = allWordsIn(realtime).some(({ fields }) => fields?.['confidence'] !== undefined);
    yield `include_confidence was sent without include_words, and ${isThere ? 'words with confidence came anyway' : 'no confidence came'}`;
  }),
  perRealtime('R8-I04', function* (realtime) {
    const { serverClose, end } = realtime;
    if (!realtime.isOpen) return;
    const by = endingOf(realtime)?.by;
    if (serverClose !== undefined) {
      const first = by === 'server' ? 'of its own accord' : `after the client's ${codeOf(realtime)}`;
      yield `the server closed with ${serverClose.event.code} ${first}`;
    } else if (end !== undefined && by === 'server') {
      yield `the server ended the connection without a Close frame (${end.event.how})`;
    }
  }),
  perRealtime('R8-I05', function* (realtime) {
    yield* emptyFlushes(realtime);
  }),
  perRealtime('R8-I06', function* ({ response, heard }) {
    if (response !== undefined && response.event.status >= 400) {
      const { status, headers, body = '' } = response.event;
      const isUnread = response.event.body === undefined && headerOf(headers, 'content-encoding') !== '';
      const fields = errorBodyOf(body);
      const shape =
        fields !== undefined
          ? `a JSON object with ${listed(Object.keys(fields))}`
          : body === ''
            ? isUnread
              ? 'a body that was not read'
              : 'no body'
            : 'a body that is not a JSON object';
      const header = headerOf(headers, 'x-error-message') === '' ? '' : ', and the header X-Error-Message';
      yield `HTTP ${status} came with ${shape}${header}`;
    }
    for (const { message } of heard) {
      if (isError(message)) yield `an error message carried ${listed(Object.keys(message.fields ?? {}))}`;
    }
  }),
  perRealtime('R8-I07', function* (realtime) {
    const spans = [
      ...realtime.transcripts.map(({ span }) => span),
      ...allWordsIn(realtime).map(({ fields }) => (fields === undefined ? undefined : spanOf(fields))),
    ];
    const isFraction = spans.some((span) => {
      return span !== undefined && !(Number.isInteger(span.startMs) && Number.isInteger(span.endMs));
    });
    if (isFraction) yield 'times had fractions of a millisecond';
  }),
  perRealtime('R8-I08', function* ({ heard, query }) {
    const asked = fieldsAskedFor(query);
    for (const { message } of heard) {
      if (message.fields === undefined) continue;
      const names = strangeFields(message.kind, message.fields, asked);
      const what = message.kind === 'confirmation' ? 'flush_confirmation' : 'transcript';
      for (const name of names) yield `a ${what} carried the field ${name}`;
    }
  }),
];

/** Reports every text once, however often it was seen. */
function perRealtime(id: TopicId, observe: (realtime: Realtime) => Iterable<string>): Observe {
  return (play) => {
    const texts = new Set(realtimesOf(play).flatMap((realtime) => [...observe(realtime)]));
    return [...texts].map((text) => ({ id, text }));
  };
}

function fateOf({ response }: Realtime): string {
  if (response === undefined) return 'not answered';
  return response.event.status === 101 ? 'accepted' : `refused with ${response.event.status}`;
}

function codeOf({ clientClose }: Realtime): string {
  return clientClose === undefined ? 'end' : String(clientClose.event.code);
}

/** Flushes before which only silence was sent, since the beginning or the previous flush. */
function* emptyFlushes(realtime: Realtime): Iterable<string> {
  const sounds = sentAudioOf(realtime).filter(({ content }) => content !== 'silence');
  let before = -1;
  let settledAt = -1;
  for (const { request, confirmation } of flushesOf(realtime).flushes) {
    const { index } = request;
    const isEmpty = !((firstAfter(sounds, before)?.index ?? Infinity) < index);
    // While an earlier flush is pending, results belong to it.
    const from = Math.max(index, settledAt);
    const until = confirmation?.index ?? Infinity;
    before = index;
    settledAt = until;
    if (!isEmpty) continue;
    const next = firstAfter(realtime.transcripts, from);
    const result = (next?.index ?? Infinity) < until ? next : undefined;
    const answers = [
      ...(result === undefined ? [] : [result.saysSomething ? 'a transcript' : 'an empty transcript']),
      ...(confirmation === undefined ? [] : ['a confirmation']),
    ];
    yield `a flush with nothing buffered brought ${answers.length === 0 ? 'nothing' : answers.join(' and ')}`;
  }
}

/** The maximum number of field names, since the peer may send any number of them. */
const MOST_NAMES = 12;
const LONGEST_NAME = 40;

function listed(names: readonly string[]): string {
  const told = names.slice(0, MOST_NAMES).map((name) => name.slice(0, LONGEST_NAME));
  if (names.length > MOST_NAMES) told.push(`${names.length - MOST_NAMES} more`);
  return told.length === 0 ? 'no fields' : told.join(', ');
}
