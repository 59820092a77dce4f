import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { messageOf, UserError } from '../../../../src/runtime/errors.ts';
import { spreadOver } from '../../../../src/scenario/speech/recordings/spread.ts';
import { timed } from '../../../../src/scenario/speech/recordings/timing.ts';
import { readTranscript } from '../../../../src/scenario/speech/recordings/transcript-file.ts';
import { titled } from '../../../support/titled.ts';

const read = (name: string, text: string) => readTranscript(name, Buffer.from(text));

function refusal(name: string, text: string): string {
  try {
    read(name, text);
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    return messageOf(error);
  }
  throw new Error('it was read');
}

const VTT = `WEBVTT - a talk

NOTE made by hand

1
00:00.300 --> 00:01.400 align:start
<v Anna>Hello <i>there</i>

00:00:01.500 --> 00:00:03.000
you &amp; me
again
`;

const SRT =
  '\uFEFF1\r\n00:00:00,300 --> 00:00:01,400\r\n{\\an8}Hello there\r\n\r\n2\r\n00:00:01,500 --> 00:00:03,000\r\nyou\r\n';

describe('a transcript', () => {
  it('in WebVTT has the words of each cue without markup', () => {
    const { passages } = read('talk.vtt', VTT);

    expect(passages.map(({ words, span, place }) => [words.join(' '), span, place.line])).toEqual([
      ['Hello there', { startMs: 300, endMs: 1400 }, 6],
      ['you & me again', { startMs: 1500, endMs: 3000 }, 9],
    ]);
  });

  it('in SubRip is read as well', () => {
    const { passages } = read('talk.srt', SRT);

    expect(passages.map(({ words, span }) => [words.join(' '), span])).toEqual([
      ['Hello there', { startMs: 300, endMs: 1400 }],
      ['you', { startMs: 1500, endMs: 3000 }],
    ]);
  });

  it('as text has words without times', () => {
    expect(read('talk.txt', ' Hello,\n there. ').passages).toEqual([
      { words: ['Hello,', 'there.'], place: {} },
    ]);
  });

  it('as JSON has the times of words, or only a text', () => {
    const words = [{ text: 'hello', startMs: 300, endMs: 610 }];
    expect(read('a.json', JSON.stringify({ language: 'nl', words, onset: null }))).toMatchObject({
      language: 'nl',
      passages: [{ words: ['hello'], span: { startMs: 300, endMs: 610 } }],
    });
    expect(read('a.json', '{"text": "hello there"}').passages).toEqual([
      { words: ['hello', 'there'], place: {} },
    ]);
  });

  const WRONG: readonly (readonly [name: string, text: string, expected: string])[] = [
    ['a.vtt', '00:01.000 --> 00:02.000\nhi', 'a.vtt:1: expected WEBVTT'],
    ['a.vtt', 'WEBVTT\n\n1.0 --> 2.0\nhi', 'a.vtt:3: expected times such as 00:01.500 --> 00:03.000'],
    ['a.vtt', 'WEBVTT\n', 'a.vtt: expected cues'],
    ['a.srt', '00:00:02,000 --> 00:00:01,000\nhi', 'a.srt:1: it ends at 1000 ms, before it starts'],
    [
      'a.srt',
      '00:00:02,000 --> 00:00:03,000\nhi\n\n00:00:01,000 --> 00:00:02,000\nho',
      'a.srt:4: it starts at 1000 ms, before the one above it',
    ],
    ['a.json', '{', 'a.json: cannot be read'],
    ['a.json', '[]', 'a.json: expected an object with a transcript'],
    ['a.json', '{}', 'a.json: expected words, a list'],
    ['a.json', '{"words": {}}', 'a.json: words: expected a list'],
    ['a.json', '{"words": [{"text": "a b", "startMs": -1}]}', 'a.json: words[0].text: expected one word'],
    ['a.json', '{"words": [{"text": "a", "startMs": 1}]}', 'a.json: words[0].endMs: expected milliseconds'],
    ['a.json', '{"language": "no language", "text": "a"}', 'a.json: language: expected the code'],
    ['a.txt', 'x'.repeat(1001), 'a.txt: a word has more than 1000 characters'],
    ['a.txt', 'x '.repeat(100_001), 'a.txt: it has 100001 words; at most 100000 are read'],
  ];
  it.each(titled(WRONG, ([, , expected]) => expected))('is refused: %s', (_title, [name, text, expected]) => {
    expect(refusal(name, text)).toContain(expected);
  });

  it('with many mistakes has the first ten and their number reported', () => {
    const words = Array.from({ length: 30 }, () => ({ text: '', startMs: 0, endMs: 0 }));
    expect(refusal('a.json', JSON.stringify({ words })).split('\n')).toHaveLength(11);
  });

  it('of any bytes is either read or refused as a mistake of the user', () => {
    const bytes = fc.uint8Array({ maxLength: 200 }).map((all) => Buffer.from(all));
    const near = fc
      .array(
        fc.constantFrom(
          'WEBVTT',
          '\n',
          '\n\n',
          '00:01.000',
          ' --> ',
          ',',
          '<',
          '{\\',
          '&amp;',
          '[]',
          '{"words":',
          '}',
        ),
      )
      .map((parts) => Buffer.from(parts.join('')));
    fc.assert(
      fc.property(
        fc.constantFrom('a.vtt', 'a.srt', 'a.txt', 'a.json'),
        fc.oneof(bytes, near),
        (name, all) => {
          try {
            readTranscript(name, all);
          } catch (error) {
            expect(error).toBeInstanceOf(UserError);
          }
        },
      ),
    );
  });
});

describe('times', () => {
  const sound = {
    durationMs: 4000,
    speech: [
      { startMs: 300, endMs: 1300 },
      { startMs: 2000, endMs: 3000 },
    ],
  };

  it('of a text are spread over the speech, longer words taking longer', () => {
    const { words, mistakes } = timed(read('a.txt', 'one two three four'), sound);

    expect(mistakes).toEqual([]);
    expect(words).toEqual([
      { text: 'one', startMs: 300, endMs: 800 },
      { text: 'two', startMs: 800, endMs: 1300 },
      { text: 'three', startMs: 2000, endMs: 2538 },
      { text: 'four', startMs: 2538, endMs: 3000 },
    ]);
  });

  it('in a cue stay within the speech of the cue, or within the cue if there is none', () => {
    const { words } = timed(
      read('a.vtt', 'WEBVTT\n\n00:01.000 --> 00:02.500\na b\n\n00:03.200 --> 00:03.600\nc d'),
      sound,
    );

    expect(words.map(({ startMs, endMs }) => [startMs, endMs])).toEqual([
      [1000, 1300],
      [2000, 2500],
      [3200, 3400],
      [3400, 3600],
    ]);
  });

  it('beyond the end of the recording are a mistake, but a cue may last a little longer', () => {
    const { words } = timed(read('a.vtt', 'WEBVTT\n\n00:02.000 --> 00:04.400\na'), sound);
    expect(words).toEqual([{ text: 'a', startMs: 2000, endMs: 3000 }]);

    const wrong = timed(read('a.vtt', 'WEBVTT\n\n00:02.000 --> 00:05.000\na'), sound);
    expect(wrong.mistakes).toEqual([
      { line: 3, what: 'it is said from 2000 to 5000 ms, but the recording lasts 4000 ms' },
    ]);
  });

  it('of words without speech are a mistake', () => {
    expect(timed(read('a.txt', 'a'), { durationMs: 1000, speech: [] }).mistakes).toHaveLength(1);
    expect(timed(read('a.txt', ''), { durationMs: 1000, speech: [] }).mistakes).toEqual([]);
  });

  it('of any words over any speech are in order and within it, and no word is lost', () => {
    const spans = fc
      .uniqueArray(fc.integer({ min: 0, max: 3_600_000 }), { minLength: 2, maxLength: 20 })
      .map((ends) => {
        const sorted = [...ends].sort((a, b) => a - b);
        return sorted.flatMap((startMs, i) =>
          i % 2 === 0 && sorted[i + 1] !== undefined ? [{ startMs, endMs: sorted[i + 1] ?? 0 }] : [],
        );
      });
    const texts = fc.array(fc.string({ minLength: 1, maxLength: 30 }), { maxLength: 100 });
    fc.assert(
      fc.property(texts, spans, (words, speech) => {
        const result = spreadOver(words, speech);
        expect(result.map(({ text }) => text)).toEqual(words);
        let beforeMs = 0;
        for (const { startMs, endMs } of result) {
          expect(startMs).toBeGreaterThanOrEqual(beforeMs);
          expect(endMs).toBeGreaterThanOrEqual(startMs);
          expect(speech.some((span) => span.startMs <= startMs && endMs <= span.endMs)).toBe(true);
          beforeMs = endMs;
        }
      }),
    );
  });
});
