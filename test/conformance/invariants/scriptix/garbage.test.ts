import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conversationsOf } from '../../../../src/conformance/conversation/conversation.ts';
import {
  SCRIPTIX_INVARIANTS,
  SCRIPTIX_OBSERVATIONS,
} from '../../../../src/conformance/invariants/scriptix/scriptix.ts';
import type { Occasion, Play } from '../../../../src/conformance/judge/invariant.ts';
import { TOLERANCES } from '../../../../src/conformance/judge/tolerances.ts';
import type { TraceEvent, TraceFact } from '../../../../src/wire/trace.ts';
import { at, audio, close, heard, request, response, said } from '../../play.ts';
import { end, MICROPHONE_URL, of, STARTED } from './cases/case.ts';

const CLIENT_SIDE = new Set([
  ...['004', '009', '012', '014', '015', '018', '020', '021'].map((n) => `SX-CONN-${n}`),
  ...['001', '002', '003', '004', '005', '006'].map((n) => `SX-MIC-${n}`),
  ...['001', '003', '004', '005', '006'].map((n) => `SX-STR-${n}`),
  ...['SX-STATE-007', 'SX-MSG-003', 'SX-PART-012', 'SX-FIN-020', 'SX-FIN-021'],
  ...['SX-ERR-004', 'SX-ERR-005', 'SX-ERR-006'],
]);
const BOTH_SIDES = new Set(['SX-CONN-002', 'SX-CONN-003']);

const judged = (play: Play): readonly (Occasion & { id: string })[] =>
  SCRIPTIX_INVARIANTS.flatMap(({ id, judge }) => [...judge(play)].map((occasion) => ({ id, ...occasion })));
const blamed = (play: Play) =>
  new Set(
    judged(play).flatMap(({ id, outcome }) => (outcome === 'broken' || outcome === 'doubtful' ? id : [])),
  );

/** Numbers of every size, infinite ones as JSON reads them, and everything else in JSON. */
const value = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.double(),
  fc.constantFrom(1e308, -1e308, 2 ** 53, 1e999, -0, 0, 1000, 5000, '', ' ', 'hi', null, [], {}),
);
const FIELDS = [
  'text',
  'is_final',
  'offset_ms',
  'stability',
  'words',
  'speaker',
  'state',
  'error',
  'x',
] as const;
/** Messages that look like those of the service, with anything in any field. */
const fields = fc.dictionary(fc.constantFrom(...FIELDS, 'action'), value, {
  maxKeys: 7,
  noNullPrototype: true,
});
const nearly = fc.record({
  text: fc.oneof(value, fc.constantFrom('hi', 'hi how')),
  is_final: fc.oneof(value, fc.boolean()),
  offset_ms: fc.oneof(value, fc.integer({ min: -5, max: 9000 })),
  words: fc.oneof(value, fc.array(fc.oneof(value, fc.tuple(value, value, value, value)), { maxLength: 4 })),
});
const text = fc.oneof(
  fields.map((each) => JSON.stringify(each)),
  nearly.map((each) => JSON.stringify(each)),
  fc.json(),
  fc.string(),
  fc.constantFrom('{"state":"loading"}', '{"state":"listening"}', '{"error":"no"}', '{"offset_ms":1e999}'),
);
const garbage = (from: 'client' | 'server'): fc.Arbitrary<TraceFact> =>
  fc.oneof(
    { weight: 5, arbitrary: text.map((each): TraceFact => ({ kind: 'text', from, text: each })) },
    fc.nat(100_000).map((byteCount): TraceFact => ({ kind: 'binary', from, byteCount })),
    fc.integer({ min: 1000, max: 4999 }).map((code) => close(from, code)),
    fc.constantFrom<TraceFact>(
      { kind: 'ping', from, base64: '' },
      { kind: 'bytes', from, base64: 'AA==' },
      { kind: 'fault', from, message: 'bad' },
    ),
  );
const reports = fields.map((report): TraceFact => ({ kind: 'report', report }));
const context: fc.Arbitrary<TraceFact> = fc
  .record(
    {
      dialect: fc.constantFrom('scriptix' as const, 'scriptix-stream' as const),
      credential: fc.constantFrom('valid' as const, 'missing' as const, 'invalid' as const),
      source: fc.constantFrom('mp3' as const, 'text' as const),
      group: fc.constant('g'),
      role: fc.constantFrom('base', 'chunks', 'speech', 'silence', 'parallel'),
      audio: fc.record({
        bytesPerMs: fc.constantFrom(0, 32),
        content: fc.constantFrom('speech' as const, 'silence' as const, 'unknown' as const),
      }),
    },
    { requiredKeys: [] },
  )
  .map((about) => ({ kind: 'context', about }));
const target = fc.constantFrom(
  MICROPHONE_URL,
  '/v2/client/x?url=%',
  '/v2/realtime?%E0%A4%A',
  '',
  '?',
  '/v2/client/',
);
const anything: fc.Arbitrary<TraceFact> = fc.oneof(
  { weight: 4, arbitrary: garbage('server') },
  { weight: 2, arbitrary: garbage('client') },
  context,
  reports,
  target.map((each) => request(each)),
  fc.constantFrom(101, 101, 200, 401, 500).map((status) => response(status)),
  fc.constantFrom<TraceFact>(end('client', 'fin'), end('server', 'reset'), end(undefined)),
  fc.constantFrom<TraceFact>({ kind: 'note', message: 'gone', dropped: 3 }),
);
const anyEvents = fc
  .array(fc.tuple(anything, fc.constantFrom('s1', 's2', 'h1'), fc.nat(20_000)), { maxLength: 40 })
  .map((all) => {
    let atMs = 0;
    return all.map(([fact, session, afterMs]): TraceEvent => ({ session, atMs: (atMs += afterMs), ...fact }));
  });

describe('any messages on the wire', () => {
  it('are judged without an error, with existing events as evidence and a text for what is wrong', () => {
    fc.assert(
      fc.property(anyEvents, (events) => {
        const play = { name: 'test', conversations: conversationsOf(events), tolerances: TOLERANCES };
        for (const { events: proof, outcome, expected, actual, reading } of judged(play)) {
          expect(proof.length).toBeGreaterThan(0);
          expect(proof).toEqual([...new Set(proof)].sort((a, b) => a - b));
          expect(proof.every((index) => events[index] !== undefined)).toBe(true);
          if (outcome !== 'held') expect([expected, actual].every(Boolean)).toBe(true);
          if (reading !== undefined) expect(reading).toMatch(/^A\d+(?: \([a-z ]+\))?: /);
        }
        for (const observe of SCRIPTIX_OBSERVATIONS) {
          for (const observation of observe(play)) expect(observation.text).not.toBe('');
        }
      }),
      { numRuns: 500 },
    );
  });

  it('from a server are never blamed on its client', () => {
    const bye = [at(2000, close('client')), close('server'), end('client')];
    fc.assert(
      fc.property(fc.array(garbage('server'), { maxLength: 20 }), (facts) => {
        const messages = facts.filter(({ kind }) => kind === 'text' || kind === 'binary');
        const ids = blamed(of(...STARTED, audio(500), ...messages, ...bye));
        expect([...ids].filter((id) => CLIENT_SIDE.has(id) || BOTH_SIDES.has(id))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('from a client are never blamed on its server', () => {
    const hello = [request(MICROPHONE_URL), response(101), heard({ state: 'listening' })];
    const client = fc.array(fc.oneof(garbage('client'), reports), { maxLength: 20 });
    fc.assert(
      fc.property(client, fc.boolean(), (facts, isStarted) => {
        const play = of(...hello, ...(isStarted ? [said({ action: 'start' })] : []), ...facts);
        expect([...blamed(play)].filter((id) => !CLIENT_SIDE.has(id))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('break only requirements on their form when their fields have wrong types', () => {
    const odd = fc.constantFrom(null, '100', true, [], {}, ['x', 1, 2, 3]);
    const words = fc.oneof(odd, fc.array(odd, { maxLength: 3 }));
    const result = fc.record({ text: odd, is_final: fc.boolean(), offset_ms: odd, stability: odd, words });
    const RELATIONS = [
      ...['005', '006', '009', '010', '013', '014'].map((n) => `SX-PART-${n}`),
      ...['008', '009', '010', '011', '012', '013', '014', '015', '016', '017', '018', '023'].map(
        (n) => `SX-FIN-${n}`,
      ),
    ];
    fc.assert(
      fc.property(fc.array(result, { maxLength: 8 }), (messages) => {
        const ids = blamed(of(...STARTED, audio(500), ...messages.map((each) => heard(each))));
        expect(RELATIONS.filter((id) => ids.has(id))).toEqual([]);
      }),
    );
  });
});
