import { leavingOf, OF_SERVICE, serverLeavingOf } from '../../shared/ending.ts';
import type { Conversation } from '../../../conversation/conversation.ts';
import { broken, heldIf, unclear, type Invariant, type Occasion } from '../../../judge/invariant.ts';
import { admissionOf } from '../connecting/admission.ts';
import { perConnection, wasOpen } from '../conversations.ts';
import { evidence } from '../../shared/evidence.ts';

/** How a connection ends (S2:102-106). */
export const closing: readonly Invariant[] = [
  perConnection('SX-ERR-003', serverCloses),
  perConnection('SX-ERR-004', clientCloses),
];

const NORMAL = 1000;
const GOING_AWAY = 1001;

/** Codes that report a fault of the other side (RFC 6455, 7.4.1): such an end is not a normal one. */
const PROTESTS = [1002, 1003, 1007, 1009, 1010];

/**
 * The documents give no other code for a Close frame, and errors have a message. So an end is normal unless it follows
 * an error message or a fault of the client, or there was no session.
 */
function* serverCloses(conversation: Conversation): Iterable<Occasion> {
  const close = serverLeavingOf(conversation);
  if (close === undefined || admissionOf(conversation).kind !== 'started') return;
  const { heard, moments } = conversation;
  const hadError = heard.some(({ message, index }) => message.kind === 'error' && index < close.index);
  const hadFault = moments.some(({ event, index }) => {
    return event.kind === 'fault' && event.from === 'client' && index < close.index;
  });
  const { code } = close.event;
  if (hadError || hadFault || PROTESTS.includes(code)) return;
  // If a service goes away or restarts, the end is not normal. The end of a stream is normal, whatever the code.
  if (OF_SERVICE.includes(code) && !(code === GOING_AWAY && conversation.dialect === 'scriptix-stream')) {
    yield unclear([close.index], 'Close 1000', `Close ${code}, as of a service that goes away`);
    return;
  }
  yield heldIf(code === NORMAL, [close.index], 'Close 1000', () => `Close ${code}`);
}

function* clientCloses(conversation: Conversation): Iterable<Occasion> {
  const left = leavingOf(conversation);
  if (left === undefined || !wasOpen(conversation)) return;
  const { event, index } = left;
  const { heard } = conversation;
  if (event.kind === 'close') {
    if (PROTESTS.includes(event.code)) return;
    yield heldIf(event.code === NORMAL, [index], 'Close 1000', () => `Close ${event.code}`);
    return;
  }
  // After an error message no normal end is expected.
  if (event.kind !== 'end' || heard.some(({ message }) => message.kind === 'error')) return;
  yield broken(
    evidence(index),
    'Close 1000',
    `the end of the connection without a Close frame (${event.how})`,
  );
}
