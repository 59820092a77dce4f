import { endOf } from '../../shared/ending.ts';
import { textOfBinary } from '../../../../wire/binary-fact.ts';
import type { Conversation, Said } from '../../../conversation/conversation.ts';
import {
  broken,
  doubtful,
  held,
  heldIf,
  type Invariant,
  type Occasion,
  type Play,
} from '../../../judge/invariant.ts';
import { shown } from '../../../text/shown.ts';
import { reaches } from '../../../judge/tolerances.ts';
import { perMicrophone, wasOpen } from '../conversations.ts';
import { evidence } from '../../shared/evidence.ts';
import { isWhole } from '../../shared/whole.ts';
import { AMBIGUITIES } from '../../../../protocol/ambiguities.ts';
import { resultsOf } from '../results.ts';

/** What is sent on a microphone connection, and in what order (S1:19-21; S2:31-41,124). */
export const microphone: readonly Invariant[] = [
  perMicrophone('SX-MIC-001', starts),
  perMicrophone('SX-MIC-002', startForm),
  perMicrophone('SX-MIC-003', function* (conversation) {
    const audio = firstSaid(conversation, 'audio');
    const start = startOf(conversation);
    // SX-MIC-001 reports a client that never sends start.
    if (audio === undefined || start === undefined || !isWhole(conversation)) return;
    yield heldIf(
      start.index < audio.index,
      [audio.index, start.index].sort((a, b) => a - b),
      'start before the first audio',
      () => 'audio before start',
    );
  }),
  perMicrophone('SX-MIC-004', function* ({ said }) {
    const [first, ...more] = said.filter(({ message }) => message.kind === 'start');
    if (first === undefined) return;
    if (more.length === 0) yield held(first.index);
    for (const { index } of more) yield broken([first.index, index], 'one start', 'start again');
  }),
  perMicrophone('SX-MIC-005', function* ({ said }) {
    for (const { index, message } of said) {
      if (message.kind === 'audio') yield held(index);
      else if (message.kind === 'other' && isAudioAsText(message)) {
        yield broken([index], 'audio as binary messages', `text that holds audio: ${shown(message.text)}`);
      }
    }
  }),
  perMicrophone('SX-MIC-006', texts),
  perMicrophone('SX-MIC-007', function* (conversation) {
    const [first] = resultsOf(conversation);
    if (first === undefined || !isWhole(conversation)) return;
    const audio = firstSaid(conversation, 'audio');
    const events = evidence(first.index, audio?.index);
    yield heldIf(
      audio !== undefined && audio.index < first.index,
      events,
      'results after audio',
      () => 'a result before any audio',
    );
  }),
];

/** Bytes as base64, alone or in JSON; shorter texts may be anything. */
const AUDIO_AS_TEXT = /(?:^|")[A-Za-z0-9+/_-]{256,}={0,2}(?:"|$)/;

function isAudioAsText(message: Said['message']): boolean {
  return message.kind === 'other' && AUDIO_AS_TEXT.test(message.text);
}

/** Also finds one of a wrong type or form, which SX-MIC-002 reports. */
function startOf(conversation: Conversation): Said | undefined {
  return firstSaid(conversation, 'start') ?? meantAsStart(conversation);
}

/** The first message of a client that never sends start, if it contains the word, or a start in a binary message. */
function meantAsStart({ said }: Conversation): Said | undefined {
  if (said.some(({ message }) => message.kind === 'start')) return undefined;
  const [first] = said;
  if (first !== undefined && /\bstart\b/i.test(textOf(first))) return first;
  return said.find(({ message }) => message.kind === 'in-binary' && message.is === 'start');
}

function textOf({ event }: Said): string {
  return event.kind === 'text' ? event.text : (textOfBinary(event) ?? '');
}

function firstSaid({ said }: Conversation, kind: Said['message']['kind']): Said | undefined {
  return said.find(({ message }) => message.kind === kind);
}

/** A client that leaves soon has not started, and did not have to. */
function* starts(conversation: Conversation, play: Play): Iterable<Occasion> {
  const { request, response, heard } = conversation;
  if (!wasOpen(conversation) || !isWhole(conversation)) return;
  const start = startOf(conversation);
  const opened = response?.index ?? request?.index;
  if (start !== undefined) {
    yield held(...evidence(opened, start.index));
    return;
  }
  const audio = firstSaid(conversation, 'audio');
  const error = heard.find(({ message }) => message.kind === 'error');
  const expected = 'start after the connection is open';
  if (audio !== undefined && audio.index < (error?.index ?? Infinity)) {
    yield broken(evidence(opened, audio.index), expected, 'audio without start');
    return;
  }
  // It was refused.
  if (error !== undefined) return;
  const end = endOf(conversation, play);
  const openMs = (end?.event.atMs ?? 0) - (response?.event.atMs ?? Infinity);
  if (reaches(openMs, play.tolerances.livenessMs, play.tolerances)) {
    yield broken(evidence(opened, end?.index), expected, `no start within ${Math.round(openMs)} ms`);
  }
}

/** Start commands, and what was meant as one. */
function* startForm(conversation: Conversation): Iterable<Occasion> {
  const expected = 'a text message with the JSON object {"action":"start"}';
  for (const { index, message } of conversation.said) if (message.kind === 'start') yield held(index);
  const meant = meantAsStart(conversation);
  if (meant === undefined) return;
  const what = meant.event.kind === 'text' ? 'text' : 'a binary message with';
  yield broken([meant.index], expected, `${what} ${shown(textOf(meant))}`);
}

/** Without what was meant as start (SX-MIC-002) or as audio (SX-MIC-005). */
function* texts(conversation: Conversation): Iterable<Occasion> {
  const meant = meantAsStart(conversation);
  for (const { index, message } of conversation.said) {
    if (index === meant?.index || isAudioAsText(message)) continue;
    if (message.kind === 'start') yield held(index);
    else if (message.kind === 'stop') yield { ...held(index), reading: AMBIGUITIES.A10.readings.stop };
    else if (message.kind === 'in-binary') {
      const actual = `a binary message with ${shown(message.text)}`;
      if (message.is !== 'start') yield doubtful([index], 'no command but start', actual);
    } else if (message.kind !== 'audio') {
      yield doubtful([index], 'no text but start', `text ${shown(message.text)}`);
    }
  }
}
