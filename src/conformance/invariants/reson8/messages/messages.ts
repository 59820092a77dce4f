import { reportsIn } from '../../shared/client-reports.ts';
import {
  broken,
  doubtful,
  held,
  heldIf,
  withReading,
  type Invariant,
  type Occasion,
  type Play,
} from '../../../judge/invariant.ts';
import type { Fields } from '../../../conversation/read-message.ts';
import type { Heard } from '../../../conversation/conversation.ts';
import { shown } from '../../../text/shown.ts';
import { undisturbed } from '../client/client-reaction.ts';
import { errorNameOf, isDocumentedName, isError } from './error-name.ts';
import { perRealtime, type Realtime } from '../realtime.ts';
import { AMBIGUITIES } from '../../../../protocol/ambiguities.ts';
import { fieldsAskedFor, strangeFields } from './strange-fields.ts';

const TYPES = ['transcript', 'flush_confirmation'];

/** The kinds of messages (S4:65-76,84-125). */
export const messages: readonly Invariant[] = [
  perRealtime('R8-MSG-001', function* ({ heard }) {
    for (const { index, message } of heard) {
      const type = message.fields?.['type'];
      yield heldIf(typeof type === 'string', [index], 'text with a JSON object that has a string type', () =>
        message.kind === 'unreadable' ? message.why : `type: ${shown(type)}`,
      );
    }
  }),
  perRealtime('R8-MSG-002', function* ({ heard }) {
    for (const { index, message } of heard) {
      const type = message.fields?.['type'];
      if (typeof type === 'string' && message.fields !== undefined)
        yield ofKnownType(index, type, message.fields);
    }
  }),
  perRealtime('R8-MSG-003', function* ({ said }) {
    for (const { index, message } of said) {
      if (message.kind === 'audio') yield held(index);
      else if (message.kind === 'other' && holdsAudio(message.text)) {
        yield broken(
          [index],
          'audio as binary messages',
          `text that looks like audio: ${shown(message.text)}`,
        );
      }
    }
  }),
  perRealtime('R8-MSG-004', function* ({ said }) {
    for (const { index, message } of said) {
      // A flush that is not text is reported only by R8-FL-001, and audio that is text only by R8-MSG-003.
      if (message.kind === 'audio' || (message.kind === 'in-binary' && message.is === 'flush')) continue;
      if (message.kind === 'other' && holdsAudio(message.text)) continue;
      const expected = 'no command but {"type":"flush_request"}';
      yield heldIf(message.kind === 'flush', [index], expected, () => shown(message.text));
    }
  }),
  perRealtime('R8-MSG-005', function* (realtime, _tolerances, play) {
    const asked = fieldsAskedFor(realtime.query);
    const strange = realtime.heard.find((heard) => isStrange(heard, asked));
    if (strange === undefined) return;
    const isShown = wasShown(strange, realtime, play);
    if (isShown === undefined) yield* undisturbed(realtime, play, strange);
    else {
      const actual = `it showed ${shown(strange.message.fields?.['text'])}`;
      yield broken([strange.index, isShown], 'a client that ignores a type that it does not know', actual);
    }
  }),
];

/** S4 has no error message. One with a name that S4 gives to errors is a possible reading (A14). */
function ofKnownType(index: number, type: string, fields: Fields): Occasion {
  if (TYPES.includes(type)) return held(index);
  const expected = `type: ${TYPES.join(' or ')}`;
  if (type !== 'error') return broken([index], expected, `type: ${shown(type)}`);
  const name = errorNameOf(fields);
  return name !== undefined && isDocumentedName(name)
    ? withReading(held(index), AMBIGUITIES.A14.readings.inBand)
    : withReading(
        doubtful([index], expected, 'an error without a documented name'),
        AMBIGUITIES.A14.readings.inBand,
      );
}

/** Shorter text is not audio. */
const SHORTEST_AUDIO = 200;
const BASE64 = new RegExp(
  `"[A-Za-z0-9+/_-]{${SHORTEST_AUDIO},}={0,2}"|^[A-Za-z0-9+/_-]{${SHORTEST_AUDIO},}={0,2}$`,
);
const NUMBERS = /(?<!\d)(?:-?\d{1,40}(?:\.\d{1,40})?\s{0,8},\s{0,8}){100}/;

/** A text with much base64, or with samples as numbers. */
function holdsAudio(text: string): boolean {
  return BASE64.test(text) || NUMBERS.test(text);
}

/** Of an undocumented type, or with fields that are neither documented nor asked for. */
function isStrange({ message }: Heard, asked: readonly string[]): boolean {
  const { kind, fields } = message;
  if (fields === undefined || isError(message)) return false;
  if (kind === 'other') return typeof fields['type'] === 'string';
  return strangeFields(kind, fields, asked).length > 0;
}

/** Where the text of a message of an unknown type was shown to the user, unless a transcript has the same text. */
function wasShown(
  { index, message }: Heard,
  realtime: Realtime,
  { conversations }: Play,
): number | undefined {
  const text = message.fields?.['text'];
  if (message.kind !== 'other' || typeof text !== 'string' || text.trim() === '') return undefined;
  if (realtime.transcripts.some((transcript) => transcript.text?.includes(text) === true)) return undefined;
  return reportsIn(conversations).find(
    (report) => report.index > index && report.text?.includes(text) === true,
  )?.index;
}
