import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/runtime/errors.ts';
import {
  encodeEvent,
  encodeHeader,
  linesIn,
  LONGEST_LINE,
  readTrace,
  readTraceLines,
} from '../../src/wire/trace-file.ts';
import type { TraceEvent, TraceHeader } from '../../src/wire/trace.ts';

const HEADER: TraceHeader = {
  kind: 'trace',
  version: 1,
  tool: 'understudy 1.2.3',
  startedAt: '2025-01-31T12:00:00.000Z',
};
const FIRST = encodeHeader(HEADER);

const text = fc.string({
  unit: fc.constantFrom('a', 'é', '漢', '𝄞', '"', '\\', '\n', '\u2028', '\ud800', ' '),
  maxLength: 12,
});
const peer = fc.constantFrom('client' as const, 'server' as const);
const headers = fc.dictionary(fc.constantFrom('a', 'host', '__proto__'), text).map((given) => ({ ...given }));
const bytes = fc.uint8Array({ maxLength: 9 }).map((given) => Buffer.from(given).toString('base64'));
const code = fc.nat(65_535);
const fact = fc.oneof(
  fc.record({ kind: fc.constant('note' as const), message: text, dropped: fc.nat() }),
  fc.record({
    kind: fc.constant('note' as const),
    message: text,
    stall: fc.record({ fromMs: fc.nat(500), untilMs: fc.integer({ min: 500, max: 9999 }), readFrom: peer }),
  }),
  fc.record({ kind: fc.constant('request' as const), method: text, target: text, headers }),
  fc.record({ kind: fc.constant('request' as const), method: text, target: text, headers, body: text }),
  fc.record({
    kind: fc.constant('response' as const),
    status: fc.integer({ min: 100, max: 599 }),
    headers,
    body: text,
  }),
  fc.record({ kind: fc.constant('text' as const), from: peer, text }),
  fc.record({
    kind: fc.constant('binary' as const),
    from: peer,
    byteCount: fc.nat(),
    sha256: fc.constant('0123456789abcdef'),
  }),
  fc.record({
    kind: fc.constant('binary' as const),
    from: peer,
    byteCount: fc.nat(),
    sha256: fc.constant('0123456789abcdef'),
    base64: bytes,
  }),
  fc.record({
    kind: fc.constantFrom('ping' as const, 'pong' as const, 'bytes' as const),
    from: peer,
    base64: bytes,
  }),
  fc.record({ kind: fc.constant('close' as const), from: peer, code, reason: text }),
  fc.record({ kind: fc.constant('fault' as const), from: peer, message: text }),
  fc.record({
    kind: fc.constant('end' as const),
    how: fc.constantFrom(
      'close' as const,
      'fin' as const,
      'reset' as const,
      'silence' as const,
      'refused' as const,
    ),
    code,
  }),
  fc.record({ kind: fc.constant('end' as const), by: peer, how: fc.constant('fin' as const), code }),
);
const event: fc.Arbitrary<TraceEvent> = fc
  .tuple(fc.constantFrom('s1', 's22'), fc.double({ min: 0, max: 1e9, noNaN: true }), fact)
  .map(([session, atMs, given]) => ({ session, atMs: Math.abs(atMs), ...given }));

function written(events: readonly TraceEvent[]): string {
  return FIRST + events.map(encodeEvent).join('');
}

function problem(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('a trace file', () => {
  it('gives back every event that was written', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 8 }), (events) => {
        const expected = { header: HEADER, events, faults: [] };
        expect(readTrace(written(events))).toEqual(expected);
        expect(readTrace(written(events).split('\n'))).toEqual(expected);
        expect(readTrace(written(events).replaceAll('\n', '\r\n\r\n'))).toEqual(expected);
      }),
    );
  });

  it('is read up to the place at which it was cut off', () => {
    fc.assert(
      fc.property(fc.array(event, { minLength: 1, maxLength: 3 }), (events) => {
        const whole = Buffer.from(written(events));
        const ends = events.map((_, count) => Buffer.byteLength(written(events.slice(0, count + 1))));
        for (let length = Buffer.byteLength(FIRST) - 1; length <= whole.length; length++) {
          const { events: got, faults } = readTrace(whole.subarray(0, length).toString());
          // A line without its line break is complete.
          const count = ends.filter((end) => end <= length + 1).length;
          expect(got).toEqual(events.slice(0, count));
          const isWhole =
            length + 1 === Buffer.byteLength(FIRST) ||
            [Buffer.byteLength(FIRST), ...ends].some((end) => end === length || end === length + 1);
          expect(faults.length).toBe(isWhole ? 0 : 1);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('says which line was cut off', () => {
    expect(readTrace(`${FIRST}{"kind":"te`, 'a.ndjson').faults).toEqual([
      'a.ndjson:2: the last line is cut off (11 characters) and was left out',
    ]);
  });

  it('is read up to the zeros that a damaged file system has left', () => {
    const whole = written([{ session: 's1', atMs: 1, kind: 'text', from: 'client', text: 'x' }]);
    expect(readTrace(`${whole}\0\0\0`)).toEqual(readTrace(whole));
  });

  it('is read the same in pieces, wherever it is divided', () => {
    const events = ['', '{"kind":"te', '\0\0'].map(
      (end) => written([{ session: 's1', atMs: 1, kind: 'text', from: 'client', text: 'x' }]) + end,
    );
    for (const whole of events) {
      for (let at = FIRST.length - 2; at < whole.length; at++) {
        const parts = [whole.slice(0, at), whole.slice(at, at + 1), '', whole.slice(at + 1)];
        expect(readTraceLines(linesIn(parts), 'a.ndjson')).toEqual(readTrace(whole, 'a.ndjson'));
      }
    }
  });

  it('may have unknown fields', () => {
    const line = '{"session":"s1","atMs":0,"kind":"text","from":"client","text":"x","new":1}\n';
    expect(readTrace(FIRST + line).events).toEqual([
      { session: 's1', atMs: 0, kind: 'text', from: 'client', text: 'x' },
    ]);
  });

  it.each([
    ['with what a stream fetched', { fetched: { recording: 'a.mp3', ms: 3024 } }, true],
    ['with a text for what was fetched', { fetched: 'a.mp3' }, false],
    ['with a length in a text', { fetched: { recording: 'a.mp3', ms: '3024' } }, false],
    ['without the name of what was fetched', { fetched: { ms: 3024 } }, false],
    ['with audio', { audio: { bytesPerMs: 32, content: 'speech', recording: 'a.wav' } }, true],
    ['with a number for a recording', { audio: { bytesPerMs: 32, content: 'speech', recording: 1 } }, false],
  ])('has its contexts checked: one %s', (_name, about, isRead) => {
    const line = `${JSON.stringify({ session: 's1', atMs: 0, kind: 'context', about })}\n`;
    if (isRead) expect(readTrace(FIRST + line).events).toMatchObject([{ about }]);
    else
      expect(problem(() => readTrace(FIRST + line, 't'))).toContain(' about: expected an object of strings');
  });

  const TAIL = '{"session":"s1","atMs":0,"kind":"text","from":"client","text":"x"}\n';
  it.each([
    ['', 't:1:1: the file is empty, expected the header of a trace'],
    ['{"kind":"tr', 't:1:9: not JSON: expected a value'],
    [
      '{"log":{}}\n',
      't:1:1: expected the header of a trace, {"kind":"trace","version":1,…}: is this a trace?',
    ],
    [FIRST.replace('1', '2'), 't:1:17: version: expected 1, the only version that is read, got 2'],
    [`${FIRST}{"session":s1}\n${TAIL}`, 't:2:12: not JSON: expected a value'],
    [`${FIRST}[1,]\n`, 't:2:4: not JSON: expected a value'],
    [`${FIRST}[]\n`, 't:2:1: expected an event, an object'],
    [`${FIRST}${TAIL.replace('text', 'telex')}`, /^t:2:26: kind: expected request, .*, got "telex"$/],
    [`${FIRST}${TAIL.replace('0', '-1')}`, 't:2:17: atMs: expected a number, 0 or more, got -1'],
    [
      `${FIRST}{"session":"s1","atMs":0,"kind":"note","message":"x","stall":{"fromMs":9,"untilMs":1,"readFrom":"client"}}\n`,
      /^t:2:\d+: stall: expected a span such as {"fromMs":100,"untilMs":1600,"readFrom":"client"}, or nothing, got an object$/,
    ],
    [
      `${FIRST}${TAIL.replace('client', 'me and you')}`,
      't:2:40: from: expected "client" or "server", got another string',
    ],
    [
      `${FIRST}${TAIL.replace('"s1"', '["s1"]')}`,
      't:2:2: session: expected the name of a session, such as "s1", got a list',
    ],
    [`${FIRST}${TAIL.replace('"text":"x"', '"t":1')}`, /^t:2:\d+: text: expected a string, got nothing$/],
    [
      `${FIRST}${TAIL.replace('"text":"x"', '"__proto__":{"text":"x"}')}`,
      /text: expected a string, got nothing$/,
    ],
  ])('is refused: %s', (given, expected) => {
    const said = problem(() => readTrace(given, 't'));
    if (typeof expected === 'string') expect(said).toBe(expected);
    else expect(said).toMatch(expected);
  });

  it('is refused when a line is too long', () => {
    expect(problem(() => readTrace(`${FIRST}"${'x'.repeat(LONGEST_LINE)}"\n`, 't'))).toMatch(
      /^t:2:16777217: the line has 16777218 characters; at most 16777216 are read$/,
    );
  });

  it('is refused when it has too many events', () => {
    const end = '{"session":"s1","atMs":0,"kind":"end","how":"fin","code":1006}';
    const lines = (count: number) => [FIRST, ...Array<string>(count).fill(end)];

    expect(readTrace(lines(1000), 't', 1000).events).toHaveLength(1000);
    expect(problem(() => readTrace(lines(1001), 't', 1000))).toMatch(
      /^t:1002:1: the file has more than 1000 events/,
    );
  });
});
