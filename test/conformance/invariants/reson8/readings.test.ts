import { describe, expect, it } from 'vitest';
import { resultOf } from '../../../../src/conformance/judge/judge.ts';
import { RESON8_REQUIREMENTS } from '../../../../src/protocol/reson8/requirements/requirements.ts';
import { at, audio, close, heard, judge, outcomes, response } from '../../play.ts';
import {
  ALL,
  confirmed,
  end,
  flush,
  INTERIM,
  probe,
  session,
  SMALL,
  switched,
  TIMES,
  transcript,
  upgrade,
  withWords,
  WORDS,
} from './cases/building.ts';

const AUDIO = audio(4000);
const error = (fields: Record<string, unknown>) => heard({ type: 'error', ...fields });

describe('A13: the id of a confirmation when the request had none:', () => {
  it('null is held, as in the table', () => {
    expect(judge('R8-FL-004', session('', flush(), confirmed(null)))).toEqual([
      { outcome: 'held', events: [3, 4], reading: expect.stringMatching(/^A13: .* null/) as string },
    ]);
  });

  it('no id is doubtful, as the text may mean that', () => {
    expect(judge('R8-FL-004', session('', flush(), confirmed()))).toMatchObject([
      { outcome: 'doubtful', events: [3, 4], reading: expect.stringMatching(/^A13: .* no id/) as string },
    ]);
  });

  it.each([
    ['an empty text', ''],
    ['an invented id', 'invented'],
    ['a number', 0],
    ['a boolean', false],
  ])('%s is broken', (_what, id) => {
    expect(outcomes('R8-FL-004', session('', flush(), confirmed(id)))).toEqual(['broken']);
  });

  it('an id that was given and does not come back is broken', () => {
    expect(outcomes('R8-FL-003', session('', flush('a'), confirmed()))).toEqual(['broken']);
  });
});

describe.each([
  ['R8-AUTH-007', 'invalid', '', 'UNAUTHORIZED', 401],
  ['R8-AUTH-008', 'missing', '', 'UNAUTHORIZED', 401],
  ['R8-QRY-005', 'valid', 'include_words=perhaps', 'INVALID_REQUEST', 400],
] as const)('A14: how %s is refused', (id, credential, query, name, status) => {
  const opened = (...facts: Parameters<typeof probe>[1][]) =>
    judge(id, probe(credential, upgrade(query), ...facts));

  it('over HTTP is held', () => {
    expect(opened(response(status))).toMatchObject([{ outcome: 'held', events: [1, 2] }]);
    expect(opened(response(status))[0]?.reading).toMatch(/^A1[45]: /);
  });

  it.each([
    ['the name as its code', { code: name }],
    ['the name as its error', { error: name }],
    ['the status as its code', { code: status }],
    ['the name as the code of its error', { error: { code: name } }],
  ])('by a message with %s and the end of the connection is a reading', (_what, fields) => {
    expect(opened(switched(), error(fields), close('server', 1008))).toMatchObject([
      { outcome: 'held', events: [1, 2, 3], reading: 'A14: errors are messages after the upgrade' },
    ]);
  });

  it('by a message without a type is a reading', () => {
    const facts = [switched(), heard({ error: `${name}: no` }), close('server', 1008)];
    expect(opened(...facts)).toMatchObject([{ outcome: 'held' }]);
  });

  it('by a message with another error is doubtful', () => {
    expect(opened(switched(), error({ message: 'no' }), close('server', 1008))).toMatchObject([
      { outcome: 'doubtful' },
    ]);
  });

  it('by a message after which the connection stays open is doubtful', () => {
    expect(opened(switched(), error({ code: name }), close('client'))).toMatchObject([
      { outcome: 'doubtful' },
    ]);
  });

  it('by ending the connection without a message is doubtful', () => {
    expect(opened(switched(), close('server', 1008))).toMatchObject([{ outcome: 'doubtful' }]);
  });

  it('is broken if a session begins, whether it is used or only open', () => {
    expect(opened(switched(), flush(), confirmed(null))).toMatchObject([{ outcome: 'broken' }]);
    expect(opened(switched(), at(6000, close('client')))).toMatchObject([{ outcome: 'broken' }]);
  });

  it('is unclear if the client leaves the session at once', () => {
    expect(opened(switched(), close('client'))).toMatchObject([{ outcome: 'unclear' }]);
  });

  it.each([429, 500, 503])('is not decided by HTTP %i', (other) => {
    expect(opened(response(other))).toMatchObject([{ outcome: 'unclear' }]);
  });

  it('by HTTP 404 is broken', () => {
    expect(opened(response(404))).toMatchObject([{ outcome: 'broken' }]);
  });
});

describe('A15: missing credentials:', () => {
  it.each([
    [400, 'A15: missing credentials are INVALID_REQUEST, 400'],
    [403, 'A15: missing credentials are 403'],
  ])('refusing them with HTTP %i is doubtful', (status, reading) => {
    expect(judge('R8-AUTH-008', probe('missing', upgrade('', {}), response(status)))).toMatchObject([
      { outcome: 'doubtful', reading },
    ]);
  });

  it('refusing invalid ones with 403 is broken', () => {
    expect(outcomes('R8-AUTH-007', probe('invalid', upgrade(), response(403)))).toEqual(['broken']);
  });
});

describe('A16: confidence', () => {
  const confidences = (...values: readonly number[]) =>
    session(ALL, AUDIO, heard(withWords((word, place) => ({ ...word, confidence: values[place] ?? 0 }))));

  it('that looks logarithmic is reported as such, and is a named deviation that can be accepted', () => {
    const seen = judge('R8-W-006', confidences(-0.01, -0.02, 0, -3));

    expect(seen.map(({ outcome }) => outcome)).toEqual([
      'broken',
      'broken',
      'held',
      'broken',
      'held',
      'held',
    ]);
    expect(seen[0]).toMatchObject({
      deviation: 'reson8-confidence-logprob',
      reading: 'A16: confidence is a natural log-probability',
      actual: expect.stringContaining('natural log-probabilities') as string,
    });
  });

  it('that is now below and now above 0 is not this deviation', () => {
    const [first] = judge('R8-W-006', confidences(-0.01, 0.5));
    expect(first).toEqual({
      outcome: 'broken',
      events: [4],
      expected: 'confidence: from 0 to 1',
      actual: 'confidence: -0.01',
    });
  });
});

describe('A17: an empty transcript', () => {
  const empty = transcript('');
  const begun = transcript('hi', { is_final: false });

  it.each([
    ['while the flush is under way', [flush('a'), empty, confirmed('a')]],
    ['right after the confirmation', [flush('a'), confirmed('a'), empty]],
    ['for the second flush', [AUDIO, flush('a'), transcript('hi'), confirmed('a'), flush('b'), empty]],
    ['for each of two', [flush('a'), flush('b'), empty, confirmed('a'), empty, confirmed('b')]],
  ])('%s means that nothing was buffered', (_when, facts) => {
    const seen = judge('R8-TR-012', session('', ...facts)).filter(({ reading }) => reading !== undefined);
    expect(seen.length).toBeGreaterThan(0);

    for (const occasion of seen) expect(occasion).toMatchObject({ outcome: 'held' });
    expect(outcomes('R8-TR-012', session('', ...facts))).not.toContain('broken');
  });

  it.each([
    ['without a flush', [AUDIO, empty]],
    ['for a flush with speech', [AUDIO, flush('a'), empty, confirmed('a')]],
    ['for a flush with speech, after an interim', [AUDIO, flush('a'), begun, empty, confirmed('a')]],
    ['for the first of two', [AUDIO, flush('a'), flush('b'), empty, confirmed('a'), confirmed('b')]],
    ['long after the flush', [flush('a'), confirmed('a'), audio(20), empty]],
  ])('%s is broken', (_when, facts) => {
    expect(outcomes('R8-TR-012', session('', ...facts))).toContain('broken');
  });

  // The server may have sent the words before it read the request, and then had nothing left to flush.
  it.each([
    ['before the confirmation', [AUDIO, flush('a'), transcript('hi'), empty, confirmed('a')]],
    ['after it', [AUDIO, flush('a'), transcript('hi'), confirmed('a'), empty]],
    ['of two', [AUDIO, flush('a'), flush('b'), transcript('hi'), empty, confirmed('a'), confirmed('b')]],
  ])('after words that may have crossed the flush, %s, is undecided', (_when, facts) => {
    expect(outcomes('R8-TR-012', session('', ...facts))).toEqual(['held', 'unclear']);
  });

  it('is not a result of silence', () => {
    const facts = [flush('a'), confirmed('a'), audio(20), empty];
    expect(outcomes('R8-FL-010', session('', ...facts))).toEqual([]);
  });
});

describe('A18: the fields of interims:', () => {
  const query = `${INTERIM}&${TIMES}&${WORDS}`;
  const interim = (more: Record<string, unknown> = {}) =>
    session(query, AUDIO, transcript('hi', { is_final: false, ...more }));

  it.each(['R8-TR-005', 'R8-TR-007'])('%s is doubtful if an interim lacks the field', (id) => {
    expect(judge(id, interim())).toMatchObject([
      { outcome: 'doubtful', reading: expect.stringMatching(/^A18 .* lack /) as string },
    ]);
  });

  it('words of interims may lack times', () => {
    expect(judge('R8-W-002', interim({ words: [{ text: 'hi' }] }))).toMatchObject([
      { outcome: 'doubtful', reading: expect.stringMatching(/^A18 .* lack /) as string },
    ]);
  });

  it.each([
    ['R8-TR-005', 'an interim whose times are null', { start_ms: null, duration_ms: null }],
    ['R8-TR-007', 'an interim whose words are not a list', { words: 'hi' }],
    [
      'R8-W-002',
      'an interim with a word whose start is a text',
      { words: [{ text: 'hi', start_ms: '0', duration_ms: 1 }] },
    ],
  ])('%s is broken by %s', (id, _what, more) => {
    expect(outcomes(id, interim(more))).toEqual(['broken']);
  });

  it('finals must have the fields', () => {
    const play = session(query, AUDIO, transcript('hi', { is_final: true }));
    expect(outcomes('R8-TR-005', play)).toEqual(['broken']);
  });

  it('a field that some interims have and others lack is reported', () => {
    const requirement = RESON8_REQUIREMENTS.find(({ id }) => id === 'R8-TR-005');
    if (requirement === undefined) throw new Error('no such requirement');
    const seen = [interim(), interim({ start_ms: 0, duration_ms: 10 })].flatMap((play) =>
      judge('R8-TR-005', play).map((occasion) => ({ play: 'test', occasion })),
    );
    const { verdict, reading } = resultOf(requirement, seen, { strict: false, deviations: new Set() });

    expect(verdict).toBe('warn');
    expect(reading).toBe('A18 (times): interims have times; A18 (times): interims lack times');
  });
});

describe('A6: text and words', () => {
  const spoken = (text: string, ...words: readonly string[]) =>
    session(WORDS, AUDIO, transcript(text, { words: words.map((each) => ({ text: each })) }));

  it('numbers may be written in different ways', () => {
    expect(judge('R8-W-009', spoken('I have 2 cats', 'I', 'have', 'two', 'cats'))).toMatchObject([
      { outcome: 'held', reading: expect.stringMatching(/^A6 \(numbers\): /) as string },
    ]);
  });

  it('values that are not numbers may not differ', () => {
    expect(outcomes('R8-W-009', spoken('I have 2 cats', 'you', 'have', 'two', 'cats'))).toEqual(['broken']);
  });
});

it('an error in a message is a reading of its own, if its name is documented', () => {
  const named = session('', error({ code: 'INTERNAL_ERROR' }), end('server'));

  expect(judge('R8-MSG-002', named)).toMatchObject([
    { outcome: 'held', reading: expect.any(String) as string },
  ]);
  expect(outcomes('R8-MSG-002', session('', error({ message: 'oops' })))).toEqual(['doubtful']);
  expect(outcomes('R8-MSG-002', session('', heard({ ...SMALL, type: 'error!' })))).toEqual(['broken']);
});
