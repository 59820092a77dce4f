import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffShapes, isSameShape } from '../../../../src/conformance/report/diff/diff-shapes.ts';
import { shapeDiffText } from '../../../../src/conformance/report/diff/diff-text.ts';
import { MOST_FACTS, shapesOf, type ShapeKind } from '../../../../src/conformance/report/diff/shape.ts';
import type { TraceEvent, TraceFact } from '../../../../src/wire/trace.ts';
import { at, audio, close, events, heard, MICROPHONE, request, response, said } from '../../play.ts';
import { hostileSample } from '../hostile.ts';
import { DICTATION, FLUSHED, REFUSED } from '../sample.ts';

const of = (...facts: readonly TraceFact[]) => shapesOf([{ name: 'a.ndjson', events: events(facts) }]);
const texts = (facts: readonly TraceFact[], kind: ShapeKind, dialect = 'scriptix') =>
  [
    ...(of(...facts)
      .byDialect.get(dialect)
      ?.values() ?? []),
  ]
    .filter((each) => each.kind === kind)
    .map(({ text }) => text);
const final = { text: 'hi', is_final: true, offset_ms: 0, words: [['hi', 0, 100, 0.5]] };

describe('the shape of traces', () => {
  it('has the openings: methods, names of headers and parameters, statuses', () => {
    const facts = [
      request('/v2/realtime?token=redacted-1&type=fast', { 'x-api-key': 'redacted-1' }),
      response(101, undefined, { upgrade: 'websocket' }),
    ];

    expect(texts(facts, 'handshake')).toEqual([
      'GET of the client',
      'request header x-api-key',
      'request parameter token',
      'request parameter type',
      'answer 101',
      'answer 101 header upgrade',
    ]);
    expect(texts([request('/v2/realtime')], 'handshake')).toContain('no answer to the request');
  });

  it('has the keys of bodies, and distinguishes the two calls of the REST API', () => {
    const facts = [request('/api/v4/realtime/initialize', {}, 'POST'), response(401, { detail: 'no' })];
    expect(texts(facts, 'message', 'scriptix-rest')).toEqual([
      'answer 401 to POST body',
      'answer 401 to POST body: detail is string',
    ]);
  });

  it('has the fields of messages with their types, and those of lists in lists by position', () => {
    const facts = [
      ...MICROPHONE.slice(0, 2),
      heard(final),
      heard({ ...final, speaker: 'S1' }),
      said({ action: 'start' }),
    ];
    expect(texts(facts, 'message')).toEqual([
      'server final',
      'server final: text is string',
      'server final: is_final is boolean',
      'server final: offset_ms is number',
      'server final: words is a list',
      'server final: words[] is a list of 4',
      'server final: words[][0] is string',
      'server final: words[][1] is number',
      'server final: words[][2] is number',
      'server final: words[][3] is number',
      'server final: words[][3] is a number with a fraction at times',
      'server final: speaker is string',
      'server final: speaker is not always there',
      'client start',
      'client start: action is string',
    ]);
  });

  it('has which message follows which on each side, however the sides interleave', () => {
    const before = [...MICROPHONE, audio(100), audio(100), heard(final), audio(100), close('client')];
    const after = [...MICROPHONE, heard(final), audio(100), audio(100), audio(50), close('client')];

    expect(texts(before, 'order')).toEqual([
      'client: opening, then start',
      'server: opening, then state listening',
      'client: start, then audio',
      'server: state listening, then final',
      'client: audio, then Close 1000',
      'client: Close 1000, then nothing',
      'server: final, then nothing',
    ]);
    expect(new Set(texts(after, 'order'))).toEqual(new Set(texts(before, 'order')));
  });

  it('leaves out pings, which come at any time', () => {
    const ping = { kind: 'ping', from: 'server', base64: '' } as const;
    const pong = { kind: 'pong', from: 'client', base64: '' } as const;
    const pinged = texts([...MICROPHONE, ping, pong, heard(final)], 'order');

    expect(pinged).toEqual(texts([...MICROPHONE, heard(final)], 'order'));
  });

  it('has close codes and the end', () => {
    const facts = [
      ...MICROPHONE,
      close('server', 1001),
      { kind: 'end', how: 'fin', code: 1001, by: 'server' } as const,
    ];
    expect(texts(facts, 'end')).toEqual(['server sends Close 1001', 'ends by fin, code 1001, of the server']);
  });

  it('is separate for each dialect, with counts and the place where something was seen first', () => {
    const shapes = shapesOf([
      { name: 'a', events: DICTATION.events },
      { name: 'b', events: [...FLUSHED.events] },
      { name: 'c', events: REFUSED.events },
    ]);
    expect([...shapes.byDialect.keys()]).toEqual(['scriptix', 'reson8', 'scriptix-rest']);
    expect(shapes.byDialect.get('scriptix')?.get('server final')).toEqual({
      kind: 'message',
      text: 'server final',
      count: 3,
      first: 'a, s1',
    });

    const [speaker] = [...of(heard(final), heard({ ...final, speaker: 'x' })).byDialect.values()];
    expect(speaker?.get('server final: speaker is not always there')).toMatchObject({ count: 1 });
    expect(shapes.byDialect.get('scriptix')?.get('server error')).toMatchObject({ count: 1, first: 'a, s2' });
    expect(shapes.byDialect.get('scriptix')?.get('answer 401')).toMatchObject({ count: 1, first: 'c, s2' });
  });

  it('does not depend on times, words, or the size of audio frames', () => {
    const cut = (ms: number, count: number) => Array.from({ length: count }, () => at(ms * 3, audio(ms)));
    const one = of(...MICROPHONE, ...cut(100, 4), heard(final));
    const other = of(
      ...MICROPHONE,
      ...cut(20, 50),
      at(9999, heard({ ...final, text: 'bye', offset_ms: 40 })),
    );

    expect(isSameShape(diffShapes(one, other))).toBe(true);
  });

  it('is limited in size, whatever peers send', () => {
    const many = Array.from({ length: 200 }, (_, i) =>
      heard(Object.fromEntries(Array.from({ length: 150 }, (__, j) => [`f${i}-${j}`, 1]))),
    );
    const shapes = of(...MICROPHONE, ...many);
    expect(shapes.isCut).toBe(true);
    expect(shapes.byDialect.get('scriptix')?.size).toBe(MOST_FACTS);

    let deep: unknown = 1;
    for (let i = 0; i < 1000; i++) deep = { a: deep };
    expect(texts([...MICROPHONE.slice(0, 2), heard(deep)], 'message').length).toBeLessThan(10);
  });

  it('does not differ from itself, and is plain text, whatever was sent', () => {
    fc.assert(
      fc.property(hostileSample, ({ plays }) => {
        const shapes = shapesOf(plays);
        const diff = diffShapes(shapes, shapes);
        expect(isSameShape(diff)).toBe(true);
        const against = diffShapes(shapes, shapesOf([]));
        const text = shapeDiffText(against, { a: plays[0]?.name ?? '', b: '' });
        expect(text).not.toMatch(/[^\P{Cc}\n]|\p{Cs}|##\[/u);
        expect(text).not.toMatch(/^\s*::/m);
      }),
      { numRuns: 30 },
    );
  });
});

describe('the difference between two shapes', () => {
  const differing = (a: readonly TraceEvent[], b: readonly TraceEvent[]) =>
    diffShapes(shapesOf([{ name: 'a', events: a }]), shapesOf([{ name: 'b', events: b }]));

  it('shows what A does and B does not, and the other way round', () => {
    const a = events([...MICROPHONE, heard({ ...final, speaker: 'S1' })]);
    const b = events([...MICROPHONE, heard({ ...final, offset_ms: '0' }), heard({ state: 'stopped' })]);
    const [diff] = differing(a, b);

    expect(diff?.onlyA.map(({ text }) => text)).toEqual([
      'server: final, then nothing',
      'server final: offset_ms is number',
      'server final: speaker is string',
    ]);
    expect(diff?.onlyB.map(({ text }) => text)).toEqual([
      'server: final, then state stopped',
      'server: state stopped, then nothing',
      'server final: offset_ms is string',
      'server state stopped',
      'server state stopped: state is string',
    ]);
    expect(shapeDiffText([...differing(a, b)], { a: 'real', b: 'fake' })).toMatch(
      /^A {2}real\nB {2}fake\n\nscriptix: \d+ in common, 3 only in A, 5 only in B\n\nOnly A, and B does not: messages \(2\)\n {2}server final: offset_ms is number \(1 x, first in a, s1\)\n/,
    );
  });

  it('includes dialects that only one of them has', () => {
    const diffs = differing(FLUSHED.events, REFUSED.events);

    expect(diffs.map(({ dialect, onlyA, onlyB }) => [dialect, onlyA.length > 0, onlyB.length > 0])).toEqual([
      ['reson8', true, false],
      ['scriptix', false, true],
      ['scriptix-rest', false, true],
    ]);
    expect(isSameShape(diffs)).toBe(false);
  });
});
