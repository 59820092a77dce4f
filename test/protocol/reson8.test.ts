import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import * as reson8 from '../../src/protocol/reson8/reson8.ts';
import { ALL_FLAGS, NO_FLAGS, TRANSCRIPT_RULES, WHOLE, ZERO_TO_ONE, accepts, sampleAt } from './kinds.ts';
import { mutationsOf, type Rules } from './mutations.ts';
import { EVERY_FLAGS, nameOf } from './samples.ts';

const FULL_TRANSCRIPT = sampleAt('S4:88');

describe('a Reson8 transcript', () => {
  it.each(EVERY_FLAGS.map((flags) => ({ name: nameOf(flags), flags })))(
    'has the fields of $name',
    ({ flags }) => {
      const schema = reson8.transcriptSchema(flags);
      const final = transcriptFor(flags);
      // Flags that lead to the same fields, because confidence is only in words.
      for (const others of EVERY_FLAGS) {
        const same = isDeepStrictEqual(transcriptFor(others), final);
        expect(accepts(schema, transcriptFor(others)), nameOf(others)).toBe(same);
      }

      expect(accepts(reson8.anyTranscript, final)).toBe(true);

      for (const { what, value } of mutationsOf(final, TRANSCRIPT_RULES)) {
        expect(accepts(schema, value), what).toBe(false);
        expect(accepts(reson8.serverMessageSchema(flags), value), what).toBe(false);
      }
    },
  );

  it('may lack the optional fields only if it is an interim', () => {
    const optional: Rules = {
      ...TRANSCRIPT_RULES,
      ...Object.fromEntries(
        ['start_ms', 'duration_ms', 'words', 'words.*.start_ms', 'words.*.duration_ms'].map((place) => [
          place,
          { optional: true },
        ]),
      ),
      'words.*.confidence': { ...ZERO_TO_ONE, optional: true },
    };
    const withInterims = EVERY_FLAGS.filter((flags) => flags.include_interim);

    for (const flags of withInterims) {
      const schema = reson8.transcriptSchema(flags);
      const interim = { ...transcriptFor(flags), is_final: false };
      const bare = { type: 'transcript', text: 'the', is_final: false };
      expect([interim, bare].map((message) => accepts(schema, message))).toEqual([true, true]);
      const asksForMore = flags.include_timestamps || flags.include_words;
      expect(accepts(schema, { ...bare, is_final: true })).toBe(!asksForMore);
      for (const { what, value } of mutationsOf(interim, optional)) {
        expect(accepts(schema, value), `${nameOf(flags)}: ${what}`).toBe(false);
      }
    }

    const without = EVERY_FLAGS.filter((flags) => !flags.include_interim);
    for (const flags of without) {
      const interim = { ...transcriptFor(flags), is_final: false };
      expect(accepts(reson8.transcriptSchema(flags), interim), nameOf(flags)).toBe(false);
    }
  });

  it('is refused with a field that was not requested, which the error says', () => {
    for (const flags of EVERY_FLAGS) {
      const asked = Object.keys(transcriptFor(flags));
      const unasked = Object.keys(FULL_TRANSCRIPT.message).filter((key) => !asked.includes(key));
      for (const isFinal of flags.include_interim ? [true, false] : [undefined]) {
        const base = isFinal === undefined ? {} : { is_final: isFinal };
        for (const key of unasked) {
          const message = { ...transcriptFor(flags), ...base, [key]: FULL_TRANSCRIPT.message[key] };
          const issues = reson8.serverMessageSchema(flags).safeParse(message).error?.issues;
          expect(issues, `${nameOf(flags)}: ${key}`).toMatchObject([{ expected: 'never', path: [key] }]);
        }
      }
    }
  });
});

describe('a Reson8 flush request', () => {
  it('may lack an id, which otherwise is a string', () => {
    const ids = [{}, { id: '' }, { id: 'abc' }, { id: null }, { id: 1 }];
    expect(ids.map((id) => accepts(reson8.flushRequest, { type: 'flush_request', ...id }))).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
  });
});

describe('a Reson8 server message', () => {
  it.each(WHOLE)('is accepted only from a server with these flags: $source ($dialect $what)', (sample) => {
    const accepted = EVERY_FLAGS.filter((flags) =>
      accepts(reson8.serverMessageSchema(flags), sample.message),
    );
    expect(accepted).toEqual(
      EVERY_FLAGS.filter((flags) => {
        if (sample.source === 'S4:122') return true;
        if (sample.source === 'S4:88') return isDeepStrictEqual(flags, ALL_FLAGS);
        // Without words, there is no place for a confidence.
        return (
          sample.source === 'S4:84' && isDeepStrictEqual({ ...flags, include_confidence: false }, NO_FLAGS)
        );
      }),
    );
  });

  it('may confirm a flush without an id', () => {
    expect(accepts(reson8.flushConfirmation, { type: 'flush_confirmation', id: null })).toBe(true);
  });

  it('cannot be the error that is only assumed', () => {
    const error = { type: 'error', code: 'INTERNAL_ERROR', message: 'out of order' };
    expect(accepts(reson8.assumedError, error)).toBe(true);

    for (const all of EVERY_FLAGS) expect(accepts(reson8.serverMessageSchema(all), error)).toBe(false);
    for (const { what, value } of mutationsOf(error, { type: { wrong: ['transcript'] } })) {
      expect(accepts(reson8.assumedError, value), what).toBe(false);
    }
  });
});

/** The sample S4:88 on a connection with these flags, by the tables of S4:103-116. */
function transcriptFor(flags: reson8.IncludeFlags): Record<string, unknown> {
  const { start_ms, duration_ms, is_final, words, ...always } = FULL_TRANSCRIPT.message;
  return {
    ...always,
    ...(flags.include_interim && { is_final }),
    ...(flags.include_timestamps && { start_ms, duration_ms }),
    ...(flags.include_words && Array.isArray(words) && { words: words.map((word) => wordFor(flags, word)) }),
  };
}

function wordFor(flags: reson8.IncludeFlags, word: unknown): Record<string, unknown> {
  const { start_ms, duration_ms, confidence, ...always } = reson8.anyWord.parse(word);
  return {
    ...always,
    ...(flags.include_timestamps && { start_ms, duration_ms }),
    ...(flags.include_confidence && { confidence }),
  };
}
