import type { Peer } from '../../../wire/trace.ts';
import type { Moment } from '../../conversation/conversation.ts';
import {
  broken,
  doneBy,
  held,
  perConversation,
  unclear,
  type Invariant,
  type Occasion,
} from '../../judge/invariant.ts';
import { controlsOf } from './controls.ts';
import { badCloseCodeOf } from './faults.ts';
import { closeCodeOf, framesIn, CLOSE } from './raw-frames.ts';
import { PEERS } from './sides.ts';

/** Codes that an endpoint reports to itself and that no Close frame carries (RFC 6455 §7.4.1). */
const LOCAL: readonly (number | string)[] = [1005, 1006, 1015, 'reserved'];
const EXPECTED = 'no Close frame with 1005, 1006 or 1015';

type Code = number | 'none' | 'reserved' | 'unknown';

interface Sent {
  readonly index: number;
  readonly code: Code;
}

/**
 * The codes of Close frames. The code with which the connection ended for the observer is a separate question, and may
 * be 1006. Libraries neither send nor pass on such a frame, so this looks at raw bytes and at the error texts of
 * libraries.
 */
export const closeCodes: Invariant = perConversation('TR-001', function* (conversation) {
  for (const by of PEERS) {
    const sent = controlsOf(conversation).flatMap((moment) => codesOf(moment, by));
    if (sent.length > 0) yield doneBy(by, judged(sent));
  }
});

function judged(sent: readonly Sent[]): Occasion {
  const wrong = sent.filter(({ code }) => LOCAL.includes(code));
  const [first] = wrong;
  if (first !== undefined) {
    const code = typeof first.code === 'number' ? String(first.code) : 'a code that is reserved';
    return broken(indices(wrong), EXPECTED, `a Close frame with ${code}`);
  }
  if (sent.some(({ code }) => code === 'unknown')) {
    const actual = 'a Close frame with a code that must not be sent; the trace does not show which';
    return unclear(indices(sent), EXPECTED, actual);
  }
  return held(...indices(sent));
}

function codesOf({ event, index }: Moment, by: Peer): readonly Sent[] {
  if (!('from' in event) || event.from !== by) return [];
  switch (event.kind) {
    case 'close':
      // In a trace 1005 means that there was no code. An observer that saw this code on the wire also records a fault.
      return [{ index, code: event.code === 1005 ? 'none' : event.code }];
    case 'bytes':
      return framesIn(event.base64)
        .filter(({ opcode }) => opcode === CLOSE)
        .map((frame) => ({ index, code: closeCodeOf(frame) ?? 'none' }));
    case 'fault': {
      const code = badCloseCodeOf(event.message);
      return code === undefined ? [] : [{ index, code }];
    }
    default:
      return [];
  }
}

function indices(sent: readonly Sent[]): readonly number[] {
  return sent.map(({ index }) => index);
}
