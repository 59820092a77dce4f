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
    if (audio === undefined || !isWhole(conversation)) return;
    yield heldIf(
      start !== undefined && start.index < audio.index,
      evidence(audio.index, start?.index),
      'start before the first audio',
      () => (start === undefined ? 'audio without start' : 'audio before start'),
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
      else if (message.kind === 'other' && AUDIO_AS_TEXT.test(message.text)) {
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

/** Also finds one in a binary message, whose wrong type SX-MIC-002 reports. */
function startOf({ said }: Conversation): Said | undefined {
  return said.find(({ message }) => {
    return message.kind === 'start' || (message.kind === 'in-binary' && message.is === 'start');
  });
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
  // It was refused.
  if (heard.some(({ message }) => message.kind === 'error')) return;
  const audio = firstSaid(conversation, 'audio');
  const expected = 'start after the connection is open';
  if (audio !== undefined) yield broken(evidence(opened, audio.index), expected, 'audio without start');
  const end = endOf(conversation, play);
  const openMs = (end?.event.atMs ?? 0) - (response?.event.atMs ?? Infinity);
  if (audio === undefined && reaches(openMs, play.tolerances.livenessMs, play.tolerances)) {
    yield broken(evidence(opened, end?.index), expected, `no start within ${Math.round(openMs)} ms`);
  }
}

/** Start commands, and the first message of the client if it contains the word, which was then meant as one. */
function* startForm({ said }: Conversation): Iterable<Occasion> {
  const expected = 'a text message with the JSON object {"action":"start"}';
  const starts = said.filter(({ message }) => message.kind === 'start');
  for (const { index } of starts) yield held(index);
  const [first] = said;
  if (first === undefined || starts.length > 0) return;
  const { event, index } = first;
  const text = event.kind === 'text' ? event.text : (textOfBinary(event) ?? '');
  if (!/\bstart\b/i.test(text)) return;
  const what = event.kind === 'text' ? 'text' : 'a binary message with';
  yield broken([index], expected, `${what} ${shown(text)}`);
}

function* texts({ said }: Conversation): Iterable<Occasion> {
  for (const { index, message } of said) {
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
