import { isFields } from '../../../../runtime/json/fields.ts';
import type { Fields } from '../../../conversation/read-message.ts';
import {
  broken,
  doubtful,
  held,
  heldIf,
  unclear,
  type Invariant,
  type Occasion,
  type Play,
} from '../../../judge/invariant.ts';
import { normalise } from '../../../text/normalise.ts';
import { shown } from '../../../text/shown.ts';
import { headerOf } from '../../shared/header-of.ts';
import { isValid } from '../opening/credentials.ts';
import { isNumber } from '../realtime.ts';
import { isAnswerBesideThePoint, isSuccess, perCall, type Call } from './calls.ts';
import { isAcceptedElsewhere, isInvalidAccepted } from './credentials.ts';
import { askedIn, impossibleIn } from './recording-query.ts';

/** How a server transcribes recordings, and which it refuses. */
export const recordings: readonly Invariant[] = [
  perCall('R8-PRE-001', 'prerecorded', function* (call, play) {
    if (!isValid(call) || sizeOf(call) !== 'some' || askedIn(call.query) === undefined) return;
    yield transcribing(call, play);
  }),
  perCall('R8-PRE-002', 'prerecorded', function* (call) {
    const asked = askedIn(call.query);
    const transcript = transcriptIn(call);
    if (asked === undefined || transcript === undefined) return;
    const words = wordsIn(transcript);
    const isEmpty = transcript['text'] === '';
    const follows = (isAsked: boolean, about: FieldsAsked) => following({ ...about, isAsked, isEmpty }, call);
    yield follows(asked.include_timestamps, {
      what: 'times',
      inAll: [transcript, ...words],
      names: ['start_ms', 'duration_ms'],
      isOne: isNumber,
    });
    yield follows(asked.include_words, {
      what: 'words',
      inAll: [transcript],
      names: ['words'],
      isOne: (value) => isWords(value),
    });
    yield follows(asked.include_language, {
      what: 'language',
      inAll: [transcript],
      names: ['language'],
      isOne: (value) => typeof value === 'string',
    });
    // Without words there is nothing that could be more or less certain.
    if (words.length === 0) return;
    yield follows(asked.include_confidence, {
      what: 'confidence',
      inAll: words,
      names: ['confidence'],
      isOne: isNumber,
    });
  }),
  perCall('R8-PRE-003', 'prerecorded', function* (call, play) {
    const due = refusalDue(call);
    if (due === undefined) return;
    const { status, events } = call;
    const expected = `HTTP ${due.status} to ${due.to}`;
    const actual = `HTTP ${status}`;
    if (status === due.status) yield held(...events);
    else if (isAnswerBesideThePoint(call)) yield unclear(events, expected, actual);
    // A key that the socket accepts may be valid, and one that it refuses may be invalid.
    else if (due.status === 401 && isInvalidAccepted(play)) yield unclear(events, expected, actual);
    else if (due.status === 400 && isUnauthorized(call) && !isAcceptedElsewhere(call, play))
      yield unclear(events, expected, actual);
    else yield broken(events, expected, actual);
  }),
  perCall('R8-PRE-004', 'prerecorded', function* (call) {
    const transcript = transcriptIn(call);
    if (askedIn(call.query)?.diarize !== true || transcript === undefined) return;
    const { text, segments } = transcript;
    const expected = 'segments whose texts together are the text';
    if (segments === undefined && text === '') return;
    const texts = textsOf(segments);
    if (texts === undefined) yield broken(call.events, expected, `segments: ${shown(segments)}`);
    else {
      const isWhole = normalise(texts.join(' ')) === normalise(String(text));
      yield heldIf(isWhole, call.events, expected, () => `segments with ${shown(texts.join(' '))}`);
    }
  }),
];

function transcribing(call: Call, play: Play): Occasion {
  const { status, body, events, context } = call;
  const expected = 'HTTP 200 with a JSON object that has a text';
  if (status === 200) {
    if (body.kind === 'unknown') return unclear(events, expected, body.why);
    if (body.kind === 'wrong') return broken(events, expected, body.why);
    const { text } = body.fields;
    return heldIf(typeof text === 'string', events, expected, () => `text: ${shown(text)}`);
  }
  const actual = `HTTP ${status}`;
  if (isSuccess(call)) return broken(events, expected, actual);
  const isUndecided =
    isAnswerBesideThePoint(call) ||
    // The limits on the length of a recording, and on how slowly it may be sent, are not public.
    status === 408 ||
    status === 413 ||
    (isUnauthorized(call) && !isAcceptedElsewhere(call, play)) ||
    // The observer may not know what was sent.
    context.audio === undefined;
  return isUndecided ? unclear(events, expected, actual) : broken(events, expected, actual);
}

function isUnauthorized({ status }: Call): boolean {
  return status === 401 || status === 403;
}

/** The refusal that a call must get, and why; undefined if none is required, or if several would be right. */
function refusalDue(call: Call): { readonly status: 400 | 401; readonly to: string } | undefined {
  const isInOrder = askedIn(call.query) !== undefined;
  const size = sizeOf(call);
  if (call.context.credential === 'invalid') {
    return isInOrder && size === 'some' ? { status: 401, to: 'a bad credential' } : undefined;
  }
  if (!isValid(call)) return undefined;
  if (size === 'none') return isInOrder ? { status: 400, to: 'an empty body' } : undefined;
  const [wrong] = size === 'some' ? impossibleIn(call.query) : [];
  return wrong === undefined ? undefined : { status: 400, to: `${wrong}=${call.query.get(wrong) ?? ''}` };
}

/** Whether a call brings any audio, as far as the recorded headers show. */
function sizeOf({ request }: Call): 'none' | 'some' | 'unknown' {
  const { headers } = request.event;
  if (headerOf(headers, 'transfer-encoding') !== '') return 'some';
  const length = headerOf(headers, 'content-length').trim();
  if (length === '') return 'unknown';
  return Number(length) === 0 ? 'none' : 'some';
}

/** A transcript with a text, on which its other fields depend. */
function transcriptIn({ status, body }: Call): Fields | undefined {
  if (status !== 200 || body.kind !== 'object') return undefined;
  return typeof body.fields['text'] === 'string' ? body.fields : undefined;
}

function wordsIn({ words }: Fields): readonly Fields[] {
  return Array.isArray(words) ? words.filter(isFields) : [];
}

function isWords(value: unknown): boolean {
  return Array.isArray(value) && value.every((word) => isFields(word) && typeof word['text'] === 'string');
}

/** The texts of segments; undefined for anything else. */
function textsOf(segments: unknown): readonly string[] | undefined {
  if (!Array.isArray(segments)) return undefined;
  const texts = segments.map((each: unknown) => (isFields(each) ? each['text'] : undefined));
  return texts.every((text) => typeof text === 'string') ? texts : undefined;
}

/** Fields that a flag adds. */
interface FieldsAsked {
  readonly what: string;
  readonly inAll: readonly Fields[];
  readonly names: readonly string[];
  readonly isOne: (value: unknown) => boolean;
}

/** Whether fields are present if they were asked for, and absent otherwise. Null may stand for an absent value. */
function following(
  {
    what,
    inAll,
    names,
    isOne,
    isAsked,
    isEmpty,
  }: FieldsAsked & { readonly isAsked: boolean; readonly isEmpty: boolean },
  { events }: Call,
): Occasion {
  const all = inAll.flatMap((fields) => names.map((name) => ({ name, value: fields[name] })));
  const present = all.filter(({ value }) => value !== undefined);
  const told = (wrong: typeof all) => wrong.map(({ name, value }) => `${name}: ${shown(value)}`).join(', ');
  if (isAsked) {
    // A recording in which nothing was heard has no words, and so no beginning of words.
    if (isEmpty && present.length === 0) return held(...events);
    const wrong = all.filter(({ value }) => !isOne(value));
    return heldIf(wrong.length === 0, events, `${what}, as asked for`, () => told(wrong.slice(0, 2)));
  }
  if (present.length === 0) return held(...events);
  const expected = `no ${what} unless asked for`;
  const isNull = present.every(({ value }) => value === null);
  return (isNull ? doubtful : broken)(events, expected, told(present.slice(0, 2)));
}
