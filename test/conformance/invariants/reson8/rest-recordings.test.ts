import { describe, expect, it } from 'vitest';
import type { Play } from '../../../../src/conformance/judge/invariant.ts';
import type { TraceContext, TraceFact } from '../../../../src/wire/trace.ts';
import { context, events, heard, judge, outcomes, play, request, response } from '../../play.ts';
import { KEY, PATH, SMALL, switched } from './cases/building.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
const ANY = { audio: { bytesPerMs: 32, content: 'speech' } } as const;

interface Sent {
  readonly query?: string;
  readonly headers?: Record<string, string>;
  readonly about?: TraceContext;
}

/** A call with three seconds of audio, and its answer. */
function call(body: unknown, status = 200, { query = '', headers = {}, about = {} }: Sent = {}): TraceFact[] {
  const target = `/v1/speech-to-text/prerecorded?encoding=pcm_s16le${query}`;
  return [
    context({ credential: 'valid', ...ANY, ...about }),
    request(target, { ...KEY, 'content-length': '96000', ...headers }, 'POST'),
    response(status, body, JSON_TYPE),
  ];
}

/** The socket accepts the key of the calls, or a key that should be invalid. */
const session = (credential: 'valid' | 'invalid'): TraceFact[] => [
  context({ credential }),
  request(PATH, KEY),
  switched(),
  heard(SMALL),
];

const one = (...facts: Parameters<typeof call>): Play => play(events(call(...facts)));

const WORD = { text: 'yes', start_ms: 100, duration_ms: 200, confidence: 0.9 };
const TIMES = { start_ms: 100, duration_ms: 200 };

describe('R8-PRE-001', () => {
  it.each([
    ['held', 200, 'a text', { text: 'yes' }],
    ['held', 200, 'an empty text and an id', { text: '', id: 'recording-1' }],
    ['broken', 200, 'a text under another name', { transcript: 'yes' }],
    ['broken', 200, 'a list of texts', { text: ['yes'] }],
    ['broken', 200, 'a page', '<p>yes</p>'],
    ['broken', 202, 'the id of a job', { id: 'job-1' }],
    ['broken', 400, 'an error', { code: 'INVALID_REQUEST' }],
    ['unclear', 401, 'an error', { code: 'UNAUTHORIZED' }],
    ['unclear', 402, 'an error', { code: 'PAYMENT_REQUIRED' }],
    ['unclear', 413, 'an error', { code: 'PAYLOAD_TOO_LARGE' }],
    ['unclear', 429, 'an error', { code: 'TOO_MANY_REQUESTS' }],
    ['unclear', 500, 'an error', { code: 'INTERNAL_ERROR' }],
  ])('is %s by %d with %s', (outcome, status, _what, body) => {
    expect(outcomes('R8-PRE-001', one(body, status))).toEqual([outcome]);
  });

  it('is broken by the refusal of a key that the socket accepts', () => {
    const seen = play(events(call({ code: 'UNAUTHORIZED' }, 401), session('valid')));
    expect(outcomes('R8-PRE-001', seen)).toEqual(['broken']);
  });

  it.each<[what: string, sent: Sent]>([
    ['without any bytes', { headers: { 'content-length': '0' } }],
    ['of unknown length', { headers: { 'content-length': '' } }],
    ['with a parameter given twice', { query: '&channels=1&channels=2' }],
    ['with a wrong parameter', { query: '&channels=none' }],
    ['with a bad credential', { about: { credential: 'invalid' } }],
  ])('is not about a recording %s', (_what, sent) => {
    expect(judge('R8-PRE-001', one({ code: 'INVALID_REQUEST' }, 400, sent))).toEqual([]);
  });

  it('is unclear for audio that the observer has not seen, as something may be wrong with it', () => {
    const body = { code: 'INVALID_REQUEST' };
    const facts = call(body, 400).map((fact) =>
      fact.kind === 'context' ? context({ credential: 'valid' }) : fact,
    );
    expect(outcomes('R8-PRE-001', play(events(facts)))).toEqual(['unclear']);
  });
});

describe('R8-PRE-002', () => {
  const all =
    '&include_timestamps=true&include_words=true&include_confidence=true&include_language=true&diarize=true';

  it.each<[what: string, query: string, body: Record<string, unknown>]>([
    ['a text alone, without flags', '', { text: 'yes' }],
    [
      'all fields, with all flags',
      all,
      { text: 'yes', language: 'en', ...TIMES, words: [WORD], segments: [] },
    ],
    ['empty fields without times, with all flags', all, { text: '', language: '', words: [] }],
    ['words with texts only', '&include_words=true', { text: 'yes', words: [{ text: 'yes' }] }],
    ['no confidence, where there are no words', '&include_confidence=true', { text: 'yes' }],
    [
      'segments with all fields',
      '&diarize=true',
      { text: 'yes', segments: [{ text: 'yes', speaker_id: 0, ...TIMES, words: [WORD] }] },
    ],
  ])('is met by %s', (_what, query, body) => {
    expect(new Set(outcomes('R8-PRE-002', one(body, 200, { query })))).toEqual(new Set(['held']));
  });

  it.each<[what: string, query: string, body: Record<string, unknown>, expected: string, actual: string]>([
    ['times', '', { text: 'yes', ...TIMES }, 'no times unless asked for', 'start_ms: 100, duration_ms: 200'],
    ['a language', '', { text: 'yes', language: 'en' }, 'no language unless asked for', 'language: "en"'],
    ['missing words', '&include_words=true', { text: 'yes' }, 'words, as asked for', 'words: nothing'],
    [
      'the confidence of a word',
      '&include_words=true',
      { text: 'yes', words: [{ text: 'yes', confidence: 1 }] },
      'no confidence unless asked for',
      'confidence: 1',
    ],
    [
      'a word without its duration',
      '&include_words=true&include_timestamps=true',
      { text: 'yes', ...TIMES, words: [{ text: 'yes', start_ms: 1 }] },
      'times, as asked for',
      'duration_ms: nothing',
    ],
    [
      'a language that is a number',
      '&include_language=true',
      { text: 'yes', language: 7 },
      'language, as asked for',
      'language: 7',
    ],
  ])('is broken by %s', (_what, query, body, expected, actual) => {
    const found = judge('R8-PRE-002', one(body, 200, { query })).filter(({ outcome }) => outcome !== 'held');
    expect(found).toMatchObject([{ outcome: 'broken', expected, actual }]);
  });

  it('is doubtful with null for a missing field', () => {
    expect(outcomes('R8-PRE-002', one({ text: 'yes', words: null }))).toContain('doubtful');
  });

  it('is not about a refusal, or an answer without a text', () => {
    expect(judge('R8-PRE-002', one({ code: 'X', words: [] }, 400))).toEqual([]);
    expect(judge('R8-PRE-002', one({ words: [] }))).toEqual([]);
  });
});

describe('R8-PRE-003', () => {
  const EMPTY = { headers: { 'content-length': '0' } };

  it.each<[outcome: string, status: number, what: string, sent: Sent]>([
    ['held', 400, 'an empty body', EMPTY],
    ['broken', 200, 'an empty body', EMPTY],
    ['broken', 422, 'an empty body', EMPTY],
    ['unclear', 401, 'an empty body', EMPTY],
    ['unclear', 500, 'an empty body', EMPTY],
    ['held', 400, 'an unknown encoding', { query: '&encoding=opus' }],
    ['held', 400, 'samples without a rate', { query: '&sample_rate=0' }],
    ['broken', 200, 'samples without a rate', { query: '&sample_rate=0' }],
    ['held', 401, 'a bad credential', { about: { credential: 'invalid' } }],
    ['broken', 403, 'a bad credential', { about: { credential: 'invalid' } }],
    ['broken', 200, 'a bad credential', { about: { credential: 'invalid' } }],
    ['unclear', 429, 'a bad credential', { about: { credential: 'invalid' } }],
  ])('is %s by HTTP %d in answer to %s', (outcome, status, _what, { query = '', ...sent }) => {
    const facts = call({ code: 'X' }, status, sent).map((fact) =>
      fact.kind === 'request' && query.includes('encoding')
        ? { ...fact, target: fact.target.replace('encoding=pcm_s16le', query.slice(1)) }
        : fact.kind === 'request'
          ? { ...fact, target: `${fact.target}${query}` }
          : fact,
    );
    expect(outcomes('R8-PRE-003', play(events(facts)))).toEqual([outcome]);
  });

  it.each<[what: string, sent: Sent]>([
    ['two things are wrong', { ...EMPTY, query: '&sample_rate=0' }],
    ['a bad credential comes with an empty body', { ...EMPTY, about: { credential: 'invalid' } }],
    ['nothing is wrong', {}],
    ['it is not known whether the credential is good', { ...EMPTY, about: { credential: 'missing' } }],
  ])('is not exercised where %s', (_what, sent) => {
    expect(judge('R8-PRE-003', one({ code: 'X' }, 400, sent))).toEqual([]);
  });

  it('is decided by whether the socket accepts the credential', () => {
    const empty = call({ code: 'UNAUTHORIZED' }, 401, EMPTY);
    expect(outcomes('R8-PRE-003', play(events(empty, session('valid'))))).toEqual(['broken']);

    const bad = call({ text: 'yes' }, 200, { about: { credential: 'invalid' } });
    expect(outcomes('R8-PRE-003', play(events(bad, session('invalid'))))).toEqual(['unclear']);
  });
});

describe('R8-PRE-004', () => {
  const DIARIZE = { query: '&diarize=true' };
  const segments = (...texts: readonly unknown[]) => texts.map((text) => ({ text, speaker_id: 0 }));

  it.each([
    [
      'held',
      'segments with the words of the text',
      { text: 'Yes, we do.', segments: segments('yes we', 'do') },
    ],
    ['held', 'no segments of an empty text', { text: '', segments: [] }],
    ['broken', 'segments that lack a word', { text: 'yes we do', segments: segments('yes we') }],
    ['broken', 'segments in another order', { text: 'yes we do', segments: segments('do', 'yes we') }],
    ['broken', 'a segment without a text', { text: 'yes we do', segments: segments('yes we do', 7) }],
    ['broken', 'an empty list of segments', { text: 'yes we do', segments: [] }],
    ['broken', 'segments that are a text', { text: 'yes we do', segments: 'yes we do' }],
    ['broken', 'missing segments', { text: 'yes we do' }],
  ])('is %s by %s', (outcome, _what, body) => {
    expect(outcomes('R8-PRE-004', one(body, 200, DIARIZE))).toEqual([outcome]);
  });

  it('is not about a recording for which speakers were not asked for', () => {
    expect(judge('R8-PRE-004', one({ text: 'yes', segments: segments('no') }))).toEqual([]);
  });

  it('is not about silence, which has no segments', () => {
    expect(judge('R8-PRE-004', one({ text: '' }, 200, DIARIZE))).toEqual([]);
  });
});
