import { describe, expect, it } from 'vitest';
import type { TraceFact } from '../../../src/wire/trace.ts';
import type { Play } from '../../../src/conformance/judge/invariant.ts';
import { extensions } from '../../../src/conformance/invariants/transport/extensions.ts';
import { at, close, events, heard, judge, MICROPHONE, play, request, response, said } from '../play.ts';

type Side = 'client' | 'server';
const SIDES: readonly Side[] = ['client', 'server'];

const fault = (from: Side, message: string): TraceFact => ({ kind: 'fault', from, message });
const ping = (from: Side, text = ''): TraceFact => ({ kind: 'ping', from, base64: btoa(text) });
const pong = (from: Side, text = ''): TraceFact => ({ kind: 'pong', from, base64: btoa(text) });
const bytes = (from: Side, hex: string): TraceFact => ({
  kind: 'bytes',
  from,
  base64: Buffer.from(hex.replaceAll(' ', ''), 'hex').toString('base64'),
});
const end = (by: Side | undefined, how: 'close' | 'fin' | 'reset', code = 1006): TraceFact => ({
  kind: 'end',
  ...(by === undefined ? {} : { by }),
  how,
  code,
});
const other = (side: Side): Side => (side === 'client' ? 'server' : 'client');

/** The outcome for an open connection on which this happens, as `server held`. */
function told(id: string, ...facts: readonly TraceFact[]): readonly string[] {
  return judge(id, play(events([...MICROPHONE, ...facts]))).map(
    ({ by, outcome }) => `${by ?? 'nobody'} ${outcome}`,
  );
}

/** The place of the first of the facts. */
const FIRST = MICROPHONE.length;

describe.each(SIDES)('TR-001, of the %s: local codes are not sent', (side) => {
  it.each<[what: string, fact: TraceFact]>([
    ['a Close with 1000', close(side, 1000)],
    ['a Close with a code of its own', close(side, 4000)],
    ['a Close without a code, which a trace writes as 1005', close(side, 1005)],
    ['raw bytes of a Close with 1000', bytes(side, '88 02 03e8')],
    ['raw bytes of a Close without a code', bytes(side, '88 00')],
    ['a fault about another code', fault(side, 'close-code: 999 is below 1000')],
  ])('is held by %s', (_what, fact) => {
    expect(told('TR-001', fact)).toEqual([`${side} held`]);
  });

  it.each<[what: string, fact: TraceFact]>([
    ['a Close event', close(side, 1006)],
    ['raw bytes', bytes(side, '88 0a 03ee 61626e6f726d616c')],
    ['raw bytes that are masked', bytes(side, '88 82 01020304 02ec')],
    ['raw bytes after another frame', bytes(side, '81 02 6869 88 02 03f7')],
    ['a fault in the words of our peer', fault(side, 'close-code: 1005 must not be sent')],
    ['a fault in the words of ws', fault(side, 'Invalid WebSocket frame: invalid status code 1006')],
    [
      'a fault in the words of a browser',
      fault(side, 'Received a broken close frame containing a reserved status code.'),
    ],
  ])('is broken by a local code in %s', (_what, fact) => {
    expect(told('TR-001', fact)).toEqual([`${side} broken`]);
  });

  it('names the code, and counts it once where our peer writes it twice', () => {
    const given = play(
      events([...MICROPHONE, close(side, 1015), fault(side, 'close-code: 1015 must not be sent')]),
    );
    expect(judge('TR-001', given)).toMatchObject([
      { by: side, events: [FIRST, FIRST + 1], actual: 'a Close frame with 1015' },
    ]);
  });

  it('is unclear where a trace has the error without the code', () => {
    expect(told('TR-001', fault(side, 'WS_ERR_INVALID_CLOSE_CODE'))).toEqual([`${side} unclear`]);
  });

  it('is held by half a code, which is not a code, and wrong for another reason', () => {
    expect(
      told('TR-001', close(side, 1005), fault(side, 'close-code: a Close frame with half a code')),
    ).toEqual([`${side} held`]);
  });

  it('is not about the code that a dropped connection ends with, nor about other faults', () => {
    expect(told('TR-001', fault(side, 'bad-opcode: 3'), end(side, 'reset', 1006))).toEqual([]);
  });
});

describe.each(SIDES)('TR-002, of the %s: a Ping is answered', (side) => {
  const asks = ping(other(side), 'a');

  it('is held by a Pong with the same payload', () => {
    const given = play(events([...MICROPHONE, asks, pong(side, 'a')]));
    expect(judge('TR-002', given)).toEqual([{ outcome: 'held', by: side, events: [FIRST, FIRST + 1] }]);
  });

  it.each<[what: string, facts: readonly TraceFact[]]>([
    ['nothing', [at(5000, heard({ state: 'listening' }))]],
    ['a Pong with another payload', [pong(side, 'b'), at(5000, heard({}))]],
    ['a Pong from the side that sent the Ping', [pong(other(side), 'a'), at(5000, heard({}))]],
    ['a Pong before it', []],
  ])('is broken by %s', (what, facts) => {
    const before = what === 'a Pong before it' ? [pong(side, 'a')] : [];
    expect(told('TR-002', ...before, asks, ...facts, at(5000, end(undefined, 'fin')))).toEqual([
      `${side} broken`,
    ]);
  });

  it('is seen in the bytes of several Pongs that were written at once', () => {
    const frame = (payload: string) => Buffer.from([0x89, payload.length, ...Buffer.from(payload)]);
    const both = Buffer.concat([frame('a'), frame('b')]).toString('base64');
    const asked: TraceFact = { kind: 'bytes', from: other(side), base64: both };

    expect(told('TR-002', asked, pong(side, 'b'))).toEqual([`${side} held`, `${side} held`]);
    expect(told('TR-002', asked, pong(side, 'a'), at(6000, heard({})))).toEqual([
      `${side} held`,
      `${side} broken`,
    ]);
  });

  it('is held by a Pong that the observer wrote down directly before the Ping, and not by an older one', () => {
    const early = [pong(side, 'a'), at(0.4, asks)];

    expect(told('TR-002', ...early, at(9000, heard({})))).toEqual([`${side} held`]);
    expect(told('TR-002', pong(side, 'b'), at(0.4, asks), at(9000, heard({})))).toEqual([`${side} broken`]);
    expect(told('TR-002', pong(side, 'a'), heard({}), at(0.4, asks), at(9000, heard({})))).toEqual([
      `${side} broken`,
    ]);
    // A Pong answers once.
    expect(told('TR-002', ...early, at(0.1, asks), at(9000, heard({})))).toEqual([
      `${side} held`,
      `${side} broken`,
    ]);
  });

  it('allows an answer to the latest of several Pings only, but not to the first only', () => {
    const asked = [asks, ping(other(side), 'b')];

    expect(told('TR-002', ...asked, pong(side, 'b'))).toEqual([`${side} held`, `${side} held`]);
    expect(told('TR-002', ...asked, pong(side, 'a'), at(6000, heard({})))).toEqual([
      `${side} held`,
      `${side} broken`,
    ]);
  });

  it.each<[what: string, facts: readonly TraceFact[]]>([
    ['the connection ended soon', [at(4000, end(undefined, 'fin'))]],
    ['a Close came soon', [at(4000, close(side)), at(9000, end(side, 'close', 1000))]],
    ['one side broke the protocol', [fault(side, 'bad-opcode: 3'), at(9000, end(side, 'fin'))]],
    ['the trace has gaps', [{ kind: 'note', message: 'full', dropped: 3 }, at(9000, end(side, 'fin'))]],
  ])('is not exercised where %s', (_what, facts) => {
    expect(told('TR-002', asks, ...facts)).toEqual([]);
  });
});

describe.each(SIDES)('TR-003, of the %s: text is UTF-8', (side) => {
  const text: TraceFact = { kind: 'text', from: side, text: '{"é":1}' };
  /** An open connection on which nothing was said yet. */
  const judged = (...facts: readonly TraceFact[]) =>
    judge('TR-003', play(events([...MICROPHONE.slice(0, 2), ...facts]))).map(
      ({ by, outcome }) => `${by ?? 'nobody'} ${outcome}`,
    );

  it('is held by every text that came through', () => {
    expect(judged(text, text)).toEqual([`${side} held`]);
    expect(judged(bytes(side, '81 02 c3a9'))).toEqual([`${side} held`]);
  });

  it.each<[what: string, fact: TraceFact]>([
    ['our peer says so', fault(side, 'bad-utf8: byte 3 of a text message')],
    ['ws says so', fault(side, 'Invalid WebSocket frame: invalid UTF-8 sequence')],
    ['ws gives its code', fault(side, 'WS_ERR_INVALID_UTF8')],
    ['a browser says so', fault(side, 'Could not decode a text frame as UTF-8.')],
    ['raw bytes show it', bytes(side, '81 02 c328')],
  ])('is broken where %s', (_what, fact) => {
    expect(judged(text, fact)).toEqual([`${side} broken`]);
  });

  it('is not about other faults, nor about a fragment that ends within a character', () => {
    expect(judged(fault(side, 'bad-opcode: 3'))).toEqual([]);
    expect(judged(bytes(side, '01 01 c3'))).toEqual([]);
  });
});

describe.each(SIDES)('TR-004, of the %s: nothing after a Close', (side) => {
  const text: TraceFact = { kind: 'text', from: side, text: '{}' };
  const audio: TraceFact = { kind: 'binary', from: side, byteCount: 640 };

  it('is held when nothing follows, whatever the other side sends', () => {
    const others: TraceFact = { kind: 'text', from: other(side), text: '{}' };
    expect(told('TR-004', text, close(side), others, pong(side))).toEqual([`${side} held`]);
  });

  it.each<[what: string, facts: readonly TraceFact[]]>([
    ['text', [close(side), text]],
    ['binary data', [close(side), audio]],
    ['raw bytes', [close(side), bytes(side, '81 02 6869')]],
    ['raw bytes of both frames at once', [bytes(side, '88 02 03e8 81 02 6869')]],
    ['a fault that our peer has recorded', [close(side), fault(side, 'data-after-close: a text frame')]],
  ])('is broken by %s', (_what, facts) => {
    expect(told('TR-004', ...facts)).toEqual([`${side} broken`]);
  });

  it('is held by data and Close in one piece', () => {
    expect(told('TR-004', bytes(side, '81 02 6869 88 02 03e8'))).toEqual([`${side} held`]);
  });
});

describe.each(SIDES)('TR-005, of the %s: a Close is answered', (side) => {
  const asks = close(other(side));

  it('is held by a Close, and does not apply to the side that closed first', () => {
    expect(told('TR-005', asks, close(side))).toEqual([`${side} held`]);
  });

  it.each<[what: string, facts: readonly TraceFact[]]>([
    ['the connection stays open', [at(5000, end(other(side), 'fin'))]],
    ['it sends messages instead', [at(5000, { kind: 'text', from: side, text: '{}' })]],
  ])('is broken where none comes and %s', (_what, facts) => {
    expect(told('TR-005', asks, ...facts)).toEqual([`${side} broken`]);
  });

  it('is unclear where the side that has to answer ends the connection at once', () => {
    expect(told('TR-005', asks, end(side, 'fin'))).toEqual([`${side} unclear`]);
  });

  it.each<[what: string, facts: readonly TraceFact[]]>([
    ['the side that closed first did not wait', [end(other(side), 'fin')]],
    ['the trace stops', []],
    ['the trace has gaps', [{ kind: 'note', message: 'full', dropped: 3 }, at(9000, end(side, 'fin'))]],
    ['the Close was broken', [fault(other(side), 'close-code: 1006'), at(9000, end(side, 'fin'))]],
  ])('is not exercised where %s', (_what, facts) => {
    expect(told('TR-005', asks, ...facts)).toEqual([]);
  });
});

it('both sides of one connection are distinguished', () => {
  const facts = [ping('server', 'x'), pong('client', 'x'), said('{}'), close('server'), close('client')];

  expect(told('TR-001', ...facts)).toEqual(['client held', 'server held']);
  expect(told('TR-002', ...facts)).toEqual(['client held']);
  expect(told('TR-003', ...facts)).toEqual(['client held', 'server held']);
  expect(told('TR-005', ...facts)).toEqual(['client held']);
});

describe('TR-I01: extensions that were not offered or are misused', () => {
  const OFFER = 'permessage-deflate; client_max_window_bits';
  const opened = (offer: string | undefined, answer: string | undefined, key = 'redacted-1'): Play => {
    const name = 'Sec-WebSocket-Extensions';
    const asked = { 'Sec-WebSocket-Key': key, ...(offer === undefined ? {} : { [name]: offer }) };
    const answered = answer === undefined ? {} : { [name]: answer };
    return play(events([request('/v2/realtime', asked), response(101, undefined, answered)]));
  };
  const textsOf = (given: Play) => extensions(given).map(({ text }) => text);

  it.each([
    ['no extensions without an offer', undefined, undefined],
    ['no extensions after an offer', OFFER, undefined],
    ['an offered extension', OFFER, 'permessage-deflate; client_max_window_bits=12'],
  ])('an answer with %s is not reported', (_what, offer, answer) => {
    expect(extensions(opened(offer, answer))).toEqual([]);
  });

  it.each([
    ['an extension without an offer', undefined, 'permessage-deflate', /agreed on .*not offered/],
    ['an invalid parameter', OFFER, 'permessage-deflate; server_max_window_bits=7', /does not have/],
    [
      'a parameter that was not offered',
      'permessage-deflate',
      'permessage-deflate; client_max_window_bits=12',
      /other parameters/,
    ],
  ])('an answer with %s is reported', (_what, offer, answer, text) => {
    expect(textsOf(opened(offer, answer))).toEqual([expect.stringMatching(text)]);
  });

  it('an answer is not judged if the trace does not have the whole head of the request', () => {
    expect(extensions(opened(undefined, 'permessage-deflate', ''))).toEqual([]);
  });

  it.each([
    'bad-opcode: a reserved bit is set and no extension was agreed on',
    'deflate: a message that cannot be inflated (invalid stored block lengths)',
    'Invalid WebSocket frame: RSV1 must be clear',
  ])('frames that do not follow the agreement are reported: %s', (message) => {
    const asked = request('/v2/realtime', { 'Sec-WebSocket-Key': 'redacted-1' });
    const given = (from: Side) => play(events([asked, response(101), fault(from, message)]));

    expect(textsOf(given('server'))).toEqual([`the server sent frames that were not agreed on: ${message}`]);
    expect(textsOf(given('client'))).toEqual([]);
  });
});
