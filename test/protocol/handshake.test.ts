import { describe, expect, it } from 'vitest';
import * as reson8 from '../../src/protocol/reson8/reson8.ts';
import * as scriptix from '../../src/protocol/scriptix/scriptix.ts';
import { accepts } from './kinds.ts';

describe('the query of a Scriptix connection', () => {
  const SCHEMAS = { microphone: scriptix.microphoneQuery, stream: scriptix.streamQuery };

  it.each(['microphone', 'stream'] as const)(
    '(%s) has the same parameters in its schema and in the data',
    (mode) => {
      const named = scriptix.QUERY_PARAMETERS.filter(({ modes }) => modes.includes(mode)).map(
        ({ name }) => name,
      );
      expect(Object.keys(SCHEMAS[mode].shape).sort()).toEqual(named.sort());
    },
  );

  it.each([
    ['microphone', 'token=your-api-token&language=en&type=fast', true],
    ['microphone', 'token=t&type=quality', true],
    ['microphone', '', true],
    ['microphone', 'token=', false],
    ['microphone', 'token=t&type=best', false],
    ['microphone', 'token=t&type=FAST', false],
    ['microphone', 'token=t&language=NL', true],
    ['microphone', 'token=t&language=nl-nl', false],
    ['microphone', 'token=t&language=eng', false],
    ['microphone', 'token=t&language=', false],
    ['stream', 'url=https%3A%2F%2Fexample.org%2Fa.mp3%3Fsig%3D1%262&language=de&type=fast', true],
    ['stream', 'url=https%3A%2F%2Fexample.org%2Fa.mp3', true],
    ['stream', 'url=', false],
    ['stream', 'language=de', false],
    ['stream', 'url=x&type=best', false],
  ] as const)('%s ?%s is accepted: %s', (mode, search, expected) => {
    expect(accepts(SCHEMAS[mode], Object.fromEntries(new URLSearchParams(search)))).toBe(expected);
  });

  it('accepts the model types of the data', () => {
    const type = scriptix.QUERY_PARAMETERS.find(({ name }) => name === 'type');
    expect(type?.allowed).toEqual(['fast', 'quality']);
    expect(type?.default).toBe('fast');
  });
});

describe('the query of a Reson8 connection', () => {
  it('has the same parameters and defaults in its schema and in the data', () => {
    const defaults = reson8.QUERY_PARAMETERS.flatMap((parameter) =>
      'default' in parameter ? [[parameter.name, parameter.default]] : [],
    );

    expect(reson8.query.parse({})).toEqual(Object.fromEntries(defaults));
    expect(Object.keys(reson8.query.shape)).toEqual(reson8.QUERY_PARAMETERS.map(({ name }) => name));
  });

  it('is parsed into the types of the document, including the flags', () => {
    const search = 'encoding=pcm_s16le&sample_rate=44100&channels=2&custom_model_id=m&include_words=true';
    const read = reson8.query.parse(Object.fromEntries(new URLSearchParams(search)));
    expect(read).toEqual({
      encoding: 'pcm_s16le',
      sample_rate: 44_100,
      channels: 2,
      custom_model_id: 'm',
      include_timestamps: false,
      include_words: true,
      include_confidence: false,
      include_interim: false,
    });

    const message = { type: 'transcript', text: 'yes', words: [{ text: 'yes' }] };
    expect(accepts(reson8.transcriptSchema(read), message)).toBe(true);
  });

  it.each([
    ['encoding', ['auto', 'pcm_s16le'], ['', 'AUTO', 'mp3', 'pcm']],
    [
      'sample_rate',
      ['8000', '16000', '22050.5'],
      ['', '0', '-16000', 'fast', '16k', '1e4', ' 16000', '9'.repeat(400)],
    ],
    ['channels', ['1', '2', '10'], ['', '0', '-1', '1.5', 'mono', '0x1', '9'.repeat(400)]],
    ['custom_model_id', ['', 'any-thing'], []],
    ...reson8.INCLUDE_FLAGS.map((flag) => [flag, ['true', 'false'], ['', '1', 'TRUE', 'yes']] as const),
  ] as const)('%s takes the documented values and refuses others', (name, good, bad) => {
    for (const value of good) expect(accepts(reson8.query, { [name]: value }), value).toBe(true);
    for (const value of bad) expect(accepts(reson8.query, { [name]: value }), value).toBe(false);
  });
});

describe('the credentials of a Reson8 connection', () => {
  it.each([
    ['ApiKey abc', true],
    ['Bearer a.b-c_d~e+f/g==', true],
    ['bearer abc', true],
    ['Bearer', false],
    ['Bearer ', false],
    ['Basic abc', false],
    ['abc', false],
    ['ApiKey a b', false],
    ['', false],
  ])('Authorization: %s is a documented form: %s', (value, expected) => {
    expect(accepts(reson8.authorizationHeader, value)).toBe(expected);
  });

  it.each([
    ['bearer, abc', true],
    ['bearer,abc', true],
    ['bearer', false],
    ['bearer,', false],
    ['abc, bearer', false],
    ['bearer, abc, def', false],
    ['', false],
  ])('Sec-WebSocket-Protocol: %s is a documented form: %s', (value, expected) => {
    expect(accepts(reson8.subprotocolHeader, value)).toBe(expected);
  });
});

describe('every source in the data', () => {
  const PAGES = { scriptix: ['S0', 'S1', 'S2', 'S3'], reson8: ['S4'] };

  it.each([
    ['scriptix', scriptix],
    ['reson8', reson8],
  ] as const)('points into the documents of its dialect: %s', (dialect, data) => {
    const sources = sourcesIn(Object.values(data));
    expect(sources.length).toBeGreaterThan(dialect === 'scriptix' ? 20 : 10);

    for (const source of sources) {
      expect(source).toMatch(/^S\d:[1-9]\d*$/);
      expect(PAGES[dialect]).toContain(source.slice(0, 2));
    }
  });
});

/** Everything under a key `source`, at any depth of plain data. */
function sourcesIn(data: unknown): string[] {
  if (typeof data !== 'object' || data === null || '_zod' in data) return [];
  return Object.entries(data).flatMap(([key, value]: [string, unknown]) =>
    key === 'source' ? [value].flat().map(String) : sourcesIn(value),
  );
}
