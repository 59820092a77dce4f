import { describe, expect, it } from 'vitest';
import type { TraceFact } from '../../../../src/wire/trace.ts';
import { at, audio, context, events, heard, judge, outcomes, play, SILENCE } from '../../play.ts';
import {
  ALL,
  FULL,
  INTERIM,
  session,
  SMALL,
  switched,
  TIMES,
  transcript,
  upgrade,
  withWords,
} from './cases/building.ts';

const AUDIO = audio(10_000);
const final = (
  text: string,
  start: number,
  duration: number,
  more: Record<string, unknown> = {},
): TraceFact => transcript(text, { start_ms: start, duration_ms: duration, ...more });

describe('R8-TR-004 without include_interim', () => {
  const texts = (...all: readonly string[]) => session('', AUDIO, ...all.map((text) => transcript(text)));

  it('is broken by is_final: false, whatever the text', () => {
    expect(judge('R8-TR-004', session('', AUDIO, transcript('hi', { is_final: false })))).toMatchObject([
      { outcome: 'broken', events: [4], actual: 'is_final: false' },
    ]);
  });

  it.each([
    [
      'words that follow the whole of a short text are held',
      ['I see', 'I see what you mean'],
      ['held', 'held'],
    ],
    [
      'words that follow the whole of a long text are doubtful',
      ['the patient presented', 'the patient presented with pain'],
      ['held', 'doubtful'],
    ],
    [
      'a text that grows three times is broken from the second on',
      ['a', 'a b', 'a b c', 'a b c d'],
      ['held', 'held', 'broken', 'broken'],
    ],
    ['a text that is repeated is held', ['no', 'no', 'no'], ['held', 'held', 'held']],
  ])('%s', (_what, all, expected) => {
    expect(outcomes('R8-TR-004', texts(...all))).toEqual(expected);
  });

  it('is broken by a text that grows over the same audio, and not over the next', () => {
    const timed = (start: number) =>
      session(TIMES, AUDIO, final('the patient', 0, 1000), final('the patient presented', start, 1500));

    expect(outcomes('R8-TR-004', timed(0))).toEqual(['held', 'broken']);
    expect(outcomes('R8-TR-004', timed(1000))).toEqual(['held', 'held']);
  });
});

describe('R8-TR-010', () => {
  it('compares each final with the latest in time before it, and skips repeated ones', () => {
    const facts = [
      final('a', 0, 900),
      final('c', 2000, 900),
      final('b', 1000, 900),
      final('c', 2000, 900),
      final('d', 3000, 900),
    ];
    expect(judge('R8-TR-010', session(TIMES, AUDIO, ...facts))).toMatchObject([
      { outcome: 'held', events: [4, 5] },
      { outcome: 'broken', events: [5, 6] },
      { outcome: 'held', events: [5, 8] },
    ]);
  });

  it('skips interims and empty transcripts', () => {
    const facts = [
      final('a', 0, 900, { is_final: true }),
      final('b', 0, 900, { is_final: false }),
      final('', 0, 0, { is_final: true }),
    ];
    expect(outcomes('R8-TR-010', session(`${INTERIM}&${TIMES}`, AUDIO, ...facts))).toEqual([]);
  });
});

describe('R8-TR-011', () => {
  it('is broken when a final changes', () => {
    const facts = [final('a', 0, 900), final('b', 1000, 900), final('c', 0, 900)];
    const seen = judge('R8-TR-011', session(TIMES, AUDIO, ...facts));

    expect(seen).toMatchObject([
      { outcome: 'held', events: [4, 5] },
      {
        outcome: 'broken',
        events: [4, 6],
        actual: expect.stringContaining('changed from "a" to "c"') as string,
      },
    ]);
  });

  it('without times is doubtful if many words come twice, but not if they are few or there was audio in between', () => {
    const twice = (text: string, ...between: readonly TraceFact[]) =>
      outcomes('R8-TR-011', session('', AUDIO, at(1000, transcript(text)), ...between, transcript(text)));

    expect(twice('please hold the line')).toEqual(['doubtful']);
    expect(twice('yes please')).toEqual(['held']);
    expect(twice('please hold the line', AUDIO)).toEqual(['held']);

    // The server may have read the rest of the audio after it had sent the first final.
    const text = transcript('please hold the line');
    expect(outcomes('R8-TR-011', session('', AUDIO, text, text))).toEqual(['unclear']);
  });
});

describe('R8-TR-013', () => {
  const silent = (...facts: readonly TraceFact[]) => play(events([upgrade(), switched(), SILENCE, ...facts]));
  const speech = context({ audio: { bytesPerMs: 32, content: 'speech' } });

  it('is judged only where a session begins with enough silence', () => {
    expect(outcomes('R8-TR-013', silent(audio(4980), heard(SMALL)))).toEqual([]);
    expect(outcomes('R8-TR-013', silent(audio(2500), heard(SMALL), audio(2500)))).toEqual(['broken']);
    expect(outcomes('R8-TR-013', silent(audio(5000), speech, audio(20), heard(SMALL)))).toEqual(['held']);
    expect(outcomes('R8-TR-013', session('', audio(20), SILENCE, audio(6000), heard(SMALL)))).toEqual([]);
  });

  it('is not broken by an empty transcript, and not exercised by silence of unknown length', () => {
    expect(outcomes('R8-TR-013', silent(audio(5000), transcript('')))).toEqual(['held']);

    const unknown = context({ audio: { bytesPerMs: 0, content: 'silence' } });
    const facts = [upgrade(), switched(), unknown, audio(9000), heard(SMALL)];
    expect(outcomes('R8-TR-013', play(events(facts)))).toEqual([]);
  });
});

describe('R8-TR-014', () => {
  it('is exercised only if the length of the audio is known, from the observer or from the query', () => {
    const of = (query: string) =>
      outcomes('R8-TR-014', play(events([upgrade(query), switched(), audio(1000), final('hi', 0, 9000)])));

    expect(of(TIMES)).toEqual([]);
    expect(of(`${TIMES}&encoding=pcm_s16le`)).toEqual(['broken']);
  });

  it('is broken by words when no audio was sent at all', () => {
    expect(outcomes('R8-TR-014', play(events([upgrade(), switched(), final('hi', 0, 501)])))).toEqual([
      'broken',
    ]);
  });
});

describe('R8-TR-015', () => {
  const FINAL = transcript('yes I do', { is_final: true });
  const after = (text: string, ...between: readonly TraceFact[]) =>
    outcomes(
      'R8-TR-015',
      session(INTERIM, AUDIO, at(1000, FINAL), ...between, transcript(text, { is_final: false })),
    );

  it('without times is judged by the words as far as possible', () => {
    expect(after('and now')).toEqual(['held']);
    expect(after('yes I')).toEqual(['doubtful']);
    expect(after('yes I', AUDIO)).toEqual([]);

    // The server may have read the rest of the audio after it had sent the final.
    const soon = session(INTERIM, AUDIO, FINAL, transcript('yes I', { is_final: false }));
    expect(outcomes('R8-TR-015', soon)).toEqual(['unclear']);
  });
});

describe('R8-W-008 and R8-W-010', () => {
  const shifted = (byMs: number, start = 1200) => {
    const { words } = withWords((word) => ({ ...word, start_ms: Number(word['start_ms']) + byMs }));
    return session(ALL, AUDIO, heard({ ...FULL, start_ms: start, words }));
  };

  it.each([
    ['on the clock of the stream', 0, 1200, ['held'], ['held']],
    ['from the start of the transcript', -1200, 1200, ['held'], ['broken']],
    ['on no clock', 5000, 1200, ['broken'], []],
    ['at the very beginning, where both clocks agree', -1200, 0, ['held'], []],
  ])('words %s', (_where, byMs, start, within, clock) => {
    expect(outcomes('R8-W-008', shifted(byMs, start))).toEqual(within);
    expect(outcomes('R8-W-010', shifted(byMs, start))).toEqual(clock);
  });
});
