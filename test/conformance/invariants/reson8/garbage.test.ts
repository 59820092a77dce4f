import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  RESON8_INVARIANTS,
  RESON8_OBSERVATIONS,
} from '../../../../src/conformance/invariants/reson8/reson8.ts';
import type { Occasion, Play } from '../../../../src/conformance/judge/invariant.ts';
import type { TraceEvent, TraceFact } from '../../../../src/wire/trace.ts';
import { play } from '../../play.ts';

/** Values that the protocol has, and values that no protocol has. */
const value = fc.oneof(
  fc.constantFrom<unknown>(
    true,
    false,
    null,
    0,
    -1,
    0.5,
    1,
    300,
    1200,
    1e308,
    -1e308,
    Number.MAX_SAFE_INTEGER,
  ),
  fc.constantFrom<unknown>(
    '',
    ' ',
    'a',
    'b',
    'the patient',
    'the patient presented',
    'UNAUTHORIZED',
    '1',
    [],
    {},
  ),
  fc.jsonValue({ maxDepth: 2 }),
);
const word = fc.oneof(
  value,
  fc.record({ text: value, start_ms: value, duration_ms: value, confidence: value }, { requiredKeys: [] }),
);
const message = fc.oneof(
  fc.record(
    {
      type: fc.oneof(
        fc.constantFrom('transcript', 'flush_confirmation', 'flush_request', 'error', 'hint'),
        value,
      ),
      id: value,
      text: value,
      is_final: value,
      start_ms: value,
      duration_ms: value,
      words: fc.oneof(value, fc.array(word, { maxLength: 4 })),
      code: value,
      error: value,
      __proto__: value,
    },
    { requiredKeys: ['type'], noNullPrototype: false },
  ),
  value,
);
/** Also what JSON.stringify would not write. */
const text = fc.oneof(
  message.map((each) => JSON.stringify(each)),
  fc.constantFrom('', '{', '{"type":"transcript","start_ms":1e999,"duration_ms":-1e999}', '"', '\u0000'),
  fc.string(),
);
const peer = fc.constantFrom('client', 'server');
const headers = fc.dictionary(
  fc.constantFrom('authorization', 'sec-websocket-protocol', 'upgrade', 'x-error-message'),
  fc.oneof(
    fc.constantFrom('ApiKey redacted-1', 'Bearer redacted-1', 'bearer, redacted-1', 'bearer'),
    fc.string(),
  ),
);
const target = fc.oneof(
  fc
    .array(
      fc.tuple(
        fc.constantFrom(
          'encoding',
          'sample_rate',
          'channels',
          'include_words',
          'include_interim',
          'include_timestamps',
        ),
        fc.constantFrom('true', 'false', 'pcm_s16le', '2', '0', '-1', '1e400', '', '%E0%A4%A', 'NaN'),
      ),
    )
    .map((pairs) => `/v1/speech-to-text/realtime?${pairs.map((pair) => pair.join('=')).join('&')}`),
  fc.string(),
);
const fact: fc.Arbitrary<TraceFact> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('text' as const), from: peer, text }) },
  {
    weight: 3,
    arbitrary: fc.record(
      {
        kind: fc.constant('binary' as const),
        from: peer,
        byteCount: fc.constantFrom(0, 1, 640, 32_000, 64_001, 1e15),
        frameCount: fc.constantFrom(0, 1, 7),
      },
      { requiredKeys: ['kind', 'from', 'byteCount'] },
    ),
  },
  fc.record({ kind: fc.constant('request' as const), method: fc.constant('GET'), target, headers }),
  fc.record(
    {
      kind: fc.constant('response' as const),
      status: fc.constantFrom(101, 200, 400, 401, 403, 404, 429, 500, 0, -1),
      headers,
      body: text,
    },
    { requiredKeys: ['kind', 'status', 'headers'] },
  ),
  fc.record({ kind: fc.constant('close' as const), from: peer, code: fc.integer(), reason: fc.string() }),
  fc.record(
    {
      kind: fc.constant('end' as const),
      by: peer,
      how: fc.constantFrom('close', 'fin', 'reset', 'silence', 'refused'),
      code: fc.integer(),
    },
    { requiredKeys: ['kind', 'how', 'code'] },
  ),
  fc.record({
    kind: fc.constant('report' as const),
    report: fc.dictionary(
      fc.constantFrom('event', 'text', 'code'),
      fc.oneof(fc.constantFrom('final', 'display', 'error'), value),
    ),
  }),
  fc.record(
    { kind: fc.constant('note' as const), message: fc.string(), dropped: fc.nat() },
    { requiredKeys: ['kind', 'message'] },
  ),
  fc.record({
    kind: fc.constant('context' as const),
    about: fc.record(
      {
        credential: fc.constantFrom('valid', 'invalid', 'missing', 'user'),
        group: fc.constantFrom('g', 'h'),
        role: fc.constantFrom('speech', 'silence', 'base', 'parallel'),
        audio: fc.record({
          bytesPerMs: fc.constantFrom(0, 32, 1e-300),
          content: fc.constantFrom('speech', 'silence', 'noise', 'unknown'),
        }),
      },
      { requiredKeys: [] },
    ),
  }),
);
const OPENING: readonly TraceFact[] = [
  { kind: 'context', about: { dialect: 'reson8', credential: 'valid' } },
  {
    kind: 'request',
    method: 'GET',
    target: '/v1/speech-to-text/realtime?include_interim=true&include_words=true&include_timestamps=true',
    headers: { authorization: 'ApiKey redacted-1' },
  },
  { kind: 'response', status: 101, headers: { upgrade: 'websocket' } },
  { kind: 'context', about: { audio: { bytesPerMs: 32, content: 'speech' } } },
];
/** A few connections, mixed; some are opened correctly, and most follow a known protocol. */
const garbage: fc.Arbitrary<Play> = fc
  .tuple(
    fc.array(fc.boolean(), { minLength: 1, maxLength: 3 }),
    fc.array(fc.tuple(fc.nat({ max: 2 }), fc.nat({ max: 7000 }), fact), { maxLength: 40, size: 'max' }),
  )
  .map(([opened, facts]) => {
    let atMs = 0;
    const events: TraceEvent[] = [];
    for (const [at, isOpened] of opened.entries()) {
      const known: TraceFact = { kind: 'context', about: { dialect: 'reson8' } };
      for (const each of isOpened ? OPENING : [known]) events.push({ session: `s${at + 1}`, atMs, ...each });
    }
    for (const [at, afterMs, each] of facts) {
      atMs += afterMs;
      events.push({ session: `s${at + 1}`, atMs, ...each });
    }
    return play(events);
  });

describe('whatever a trace contains', () => {
  it('every invariant yields occasions that a report can show', () => {
    fc.assert(
      fc.property(garbage, (given) => {
        const last = Math.max(
          ...given.conversations.flatMap(({ moments }) => moments.map(({ index }) => index)),
        );
        const flaws: string[] = [];
        for (const { id, judge } of RESON8_INVARIANTS) {
          for (const occasion of judge(given)) {
            const flaw = flawOf(occasion, last);
            if (flaw !== undefined) flaws.push(`${id}: ${flaw}`);
          }
        }
        // Only once: an expectation costs more than judging.
        expect(flaws).toEqual([]);
      }),
      { numRuns: 1500 },
    );
  });

  it('every invariant yields the same for the same play', () => {
    fc.assert(
      fc.property(garbage, (given) => {
        for (const { judge } of RESON8_INVARIANTS) expect([...judge(given)]).toEqual([...judge(given)]);
      }),
      { numRuns: 200 },
    );
  });

  it('every observation is a short text', () => {
    fc.assert(
      fc.property(garbage, (given) => {
        for (const observe of RESON8_OBSERVATIONS) {
          for (const { text } of observe(given)) {
            expect(text).not.toBe('');
            expect(text.length).toBeLessThan(1000);
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});

/** What is wrong with an occasion, whatever it is about. */
function flawOf({ outcome, events, expected, actual, reading }: Occasion, last: number): string | undefined {
  if (events.length === 0) return 'no evidence';
  if (
    !events.every((index, at) => Number.isInteger(index) && index <= last && index > (events[at - 1] ?? -1))
  ) {
    return `evidence that does not ascend: ${events.join(', ')}`;
  }
  if (outcome !== 'held' && (!expected || !actual)) return 'no words';
  return reading === undefined || /^A\d+(?: \([a-z ]+\))?: /.test(reading)
    ? undefined
    : `the reading ${reading}`;
}
